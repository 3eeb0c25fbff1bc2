// Package frontdoor is the front door of the embedded mode, where nginx is that of
// the containers: it serves the page at / and the API at /api/.
package frontdoor

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

// New returns a handler of the API and the files of the page.
func New(api http.Handler, page fs.FS) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", http.StripPrefix("/api", api))
	// Supervisors look for the probes at the root.
	mux.Handle("GET /healthz", api)
	mux.Handle("GET /readyz", api)
	// Compression makes scripts and styles three times smaller. The API is not
	// compressed: events must not be buffered, and ranges count digits.
	mux.Handle("/", gzhttp.GzipHandler(servePage(page)))
	return mux
}

// servePage serves the files of the page. The page routes its addresses itself, so
// a path that is not a file is answered with index.html.
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
		http.Error(w, "This program was built without the page. To build both, run: make build", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	// An error means that the client is gone.
	_, _ = w.Write(index)
}
