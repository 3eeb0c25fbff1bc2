package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/pisano-dev/pisano/core"
)

// errStartup is why the index store is unavailable to a process that starts.
var errStartup = errors.New("the process is starting")

// NewStartup returns what a process answers at / and at /api/ until it can do
// its work: it is alive and not ready, and every other request is refused as
// unavailable.
func NewStartup(log *slog.Logger) http.Handler {
	a := &api{log: log, health: func(context.Context) []dependency {
		return []dependency{{indexStoreName, errStartup}}
	}}
	mux := http.NewServeMux()
	a.registerHealth(a.undocumented(mux))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		p := newProblem(http.StatusServiceUnavailable, "")
		p.Kind, p.Detail = kinds[core.KindUnavailable].name, "The service is starting. Try again soon."
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
		writeProblem(w, r, log, p)
	})
	answers := middleware(mux, nil, log)
	both := http.NewServeMux()
	both.Handle("/", answers)
	both.Handle("/api/", http.StripPrefix("/api", answers))
	return both
}
