package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
)

// errStartup is the health of the index store during startup.
var errStartup = errors.New("the process is starting")

// NewStartup returns the handler until the process is ready:
// /healthz reports it alive, /readyz not ready, and every other request gets
// status 503.
func NewStartup(log *slog.Logger) http.Handler {
	a := &api{log: log, health: func(context.Context) []dependency {
		return []dependency{{indexStoreName, errStartup}}
	}}
	mux := http.NewServeMux()
	a.registerHealth(a.undocumented(mux))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeUnavailable(w, r, log, "The service is starting. Try again soon.", retryAfter)
	})
	return middleware(mux, nil, log)
}
