// Package frontdoor does for one program what nginx does for many: the page at
// /, the API at /api/.
package frontdoor

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

// New returns the front door of an API and of the files of a page.
func New(api http.Handler, page fs.FS) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", http.StripPrefix("/api", api))
	// Where whoever runs the program looks for them, page or no page.
	mux.Handle("GET /healthz", api)
	mux.Handle("GET /readyz", api)
	// Scripts and styles shrink to a third. The API's answers are left alone:
	// events must not wait in a buffer, and ranges are of digits.
	mux.Handle("/", gzhttp.GzipHandler(servePage(page)))
	return mux
}

// servePage serves the files of a page whose own router knows its addresses:
// one that is no file is answered with the page itself.
func servePage(page fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", httpapi.ContentSecurityPolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "same-origin")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			header.Set("Allow", "GET, HEAD")
			http.Error(w, "This address can only be read.", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		info, err := fs.Stat(page, name)
		switch {
		case err == nil && !info.IsDir() && name != "index.html":
			// The names of assets change with their content.
			if strings.HasPrefix(name, "assets/") {
				header.Set("Cache-Control", "public, max-age=31536000, immutable")
			}
			http.ServeFileFS(w, r, page, name)
		case path.Ext(name) != "" && name != "index.html" || strings.HasPrefix(name+"/", "assets/"):
			http.Error(w, "There is no such file.", http.StatusNotFound)
		default:
			serveIndex(w, page)
		}
	})
}

func serveIndex(w http.ResponseWriter, page fs.FS) {
	index, err := fs.ReadFile(page, "index.html")
	if err != nil {
		http.Error(w, "The page was not built into this program. Build it with: make build", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	// The reader may be gone; there is nobody left to tell.
	_, _ = w.Write(index)
}
