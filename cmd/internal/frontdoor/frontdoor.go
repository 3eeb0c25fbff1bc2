// Package frontdoor is the front door of the embedded mode, where nginx is that of
// the containers: it serves the page at / and the API at /api/.
package frontdoor

import (
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/adapters/preview"
)

// New returns a handler of the API, which answers below its prefix, of previews,
// and of the files of the page.
func New(api, previews http.Handler, page fs.FS) http.Handler {
	mux := http.NewServeMux()
	// Supervisors look for the probes at the root.
	mux.Handle("GET /healthz", api)
	mux.Handle("GET /readyz", api)
	mux.Handle(preview.CardPrefix, previews)
	mux.Handle(preview.EmbedPrefix, previews)
	mux.Handle("/", servePage(page))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The mux would redirect addresses that the API refuses, such as /api//values.
		if r.URL.Path == httpapi.Prefix || strings.HasPrefix(r.URL.Path, httpapi.Prefix+"/") {
			api.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// addresses matches the addresses of the page; web/src/routes.tsx has the same.
var addresses = regexp.MustCompile(`^(index\.html|explore|otherpage|table|pisano(/[^/]+)?|values/[^/]+)?$`)

// servePage serves the files of the page. The page routes its addresses itself, so
// a path that is not a file is answered with index.html: with status 404 if it is
// no address of the page either, which the page then says.
func servePage(page fs.FS) http.Handler {
	files := readFiles(page)
	// The page is compressed here because it depends on the address. The API is not
	// compressed at all: events must not be buffered, and ranges count digits.
	index := readIndex(page)
	found := gzhttp.GzipHandler(index.handler(http.StatusOK))
	missing := gzhttp.GzipHandler(index.handler(http.StatusNotFound))
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
		f, isFile := files[name]
		switch {
		case isFile:
			f.serve(w, r, page)
		case path.Ext(name) != "" && name != "index.html" || strings.HasPrefix(name+"/", "assets/"):
			http.Error(w, "There is no such file.", http.StatusNotFound)
		case addresses.MatchString(name):
			found(w, r)
		default:
			missing(w, r)
		}
	})
}
