// Package preview shows a number to those who are not on its page: to search
// engines and messengers by the head of the page and a picture, and to readers of
// other sites by a small page for a frame. All of it follows from the index; nothing
// is looked up or recorded.
package preview

import (
	"log/slog"
	"net/http"
	"strings"
)

// What the addresses of previews begin with. Heads are for the front door alone.
const (
	HeadPrefix  = "/page-head/"
	CardPrefix  = "/cards/"
	EmbedPrefix = "/embed/"
)

// EmbedSecurityPolicy is the content security policy of a page for frames: every
// site may show it, and it loads nothing. nginx/conf/page.conf repeats it.
const EmbedSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *"

const (
	immutable = "public, max-age=31536000, immutable"
	daily     = "public, max-age=86400" // for what the next version may show in another way
)

// maxDrawing is how many pictures are drawn at a time. Others wait.
const maxDrawing = 2

type handler struct {
	log   *slog.Logger
	slots chan struct{}
}

// New returns a handler of the pictures, the pages for frames and, for a front door
// in another process, the heads of pages.
func New(log *slog.Logger) http.Handler {
	h := &handler{log: log, slots: make(chan struct{}, maxDrawing)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+HeadPrefix+"{page...}", h.serveHead)
	mux.HandleFunc("GET "+CardPrefix+"pisano.png", h.serveSiteCard)
	mux.HandleFunc("GET "+CardPrefix+"values/{file}", h.serveNumberCard)
	mux.HandleFunc("GET "+EmbedPrefix+"values/{index}", h.serveEmbed)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "same-origin")
		mux.ServeHTTP(w, r)
	})
}

// Serves reports whether a path is one of the handler's.
func Serves(path string) bool {
	return strings.HasPrefix(path, HeadPrefix) || strings.HasPrefix(path, CardPrefix) || strings.HasPrefix(path, EmbedPrefix)
}

// fail answers with what went wrong.
func (h *handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the client is gone
	}
	h.log.ErrorContext(r.Context(), "a preview failed", "path", r.URL.Path, "error", err)
	http.Error(w, "This can't be shown just now.", http.StatusInternalServerError)
}

func nothing(w http.ResponseWriter) { http.Error(w, "There is no such number.", http.StatusNotFound) }
