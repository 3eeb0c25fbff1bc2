package httpapi

import (
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// Document returns the OpenAPI document in YAML.
func Document() ([]byte, error) {
	return new(api).describe(http.NewServeMux()).YAML()
}

// serveDocument serves the OpenAPI document, which does not describe itself.
func serveDocument(mux *http.ServeMux, document *huma.OpenAPI) {
	serve := func(pattern, mediaType string, encode func() ([]byte, error)) {
		text := sync.OnceValue(func() []byte {
			text, err := encode()
			if err != nil {
				panic(err) // the document is always the same: a test would have seen it
			}
			return text
		})
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", mediaType)
			// The client may be gone; there is nobody left to tell.
			_, _ = w.Write(text())
		})
	}
	serve("GET /openapi.json", "application/openapi+json", document.MarshalJSON)
	serve("GET /openapi.yaml", "application/openapi+yaml", document.YAML)
}
