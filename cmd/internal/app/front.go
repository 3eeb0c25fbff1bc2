package app

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/cmd/internal/config"
	"github.com/pisano-dev/pisano/cmd/internal/telemetry"
)

const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	// drainTimeout is how long answers that are under way may take at the end.
	drainTimeout = 8 * time.Second
	// startTimeout is how long a request waits for the start to be over: most
	// starts are, within less.
	startTimeout = 5 * time.Second
)

// front is the program's HTTP server. It listens before anything else: a
// program that waits for its Postgres is alive, and a supervisor that checks it
// must not restart it in a loop.
type front struct {
	server   *http.Server
	log      *slog.Logger
	starting http.Handler

	started chan struct{} // closed when the start is over
	handler http.Handler  // from then on

	draining  chan struct{} // closed when requests are waited for
	drainOnce sync.Once
}

func newFront(lifecycle fx.Lifecycle, start startContext, telemetry *telemetry.Telemetry, settings config.Config, shutdowner fx.Shutdowner, logger *slog.Logger) (*front, error) {
	f := &front{
		log:      logger,
		starting: telemetry.Serve(httpapi.NewStartup(logger)),
		started:  make(chan struct{}), draining: make(chan struct{}),
	}
	f.server = &http.Server{
		Handler:           f,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		ErrorLog:          log.New(serverLog{rateLimited(logger)}, "", 0),
	}
	listener, err := new(net.ListenConfig).Listen(start, "tcp", fmt.Sprintf(":%d", settings.Port))
	if err != nil {
		return nil, fmt.Errorf("port %d can't be listened on, perhaps another program has it (set PORT to choose another): %w", settings.Port, err)
	}
	logger.Info("listening", "url", fmt.Sprintf("http://localhost:%d", listener.Addr().(*net.TCPAddr).Port))
	go func() {
		if err := f.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("the server ended, and so does the program", "error", err)
			_ = shutdowner.Shutdown(fx.ExitCode(1)) // it can only be ending already
		}
	}()
	lifecycle.Append(fx.StopHook(f.drain)) // of a start that did not come to its end
	return f, nil
}

// serve has the handler answer while the program runs. At the end the server
// stops accepting first and then waits for the answers that are under way.
func (f *front) serve(lifecycle fx.Lifecycle, handler http.Handler) {
	lifecycle.Append(fx.Hook{
		OnStart: func(context.Context) error {
			f.handler = handler
			close(f.started)
			f.log.Info("ready to serve")
			return nil
		},
		OnStop: f.drain,
	})
}

func (f *front) drain(ctx context.Context) error {
	f.drainOnce.Do(func() { close(f.draining) })
	drain, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	if err := f.server.Shutdown(drain); err != nil {
		f.log.Warn("answers under way were cut off", "error", err)
		return f.server.Close()
	}
	return nil
}

// ServeHTTP answers for the program. What it could answer a moment later waits,
// except who asks how it is.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !f.isStarted() && !isProbe(r.URL.Path) {
		timer := time.NewTimer(startTimeout)
		defer timer.Stop()
		select {
		case <-f.started:
		case <-f.draining:
		case <-timer.C:
		}
	}
	if f.isStarted() {
		f.handler.ServeHTTP(w, r)
		return
	}
	f.starting.ServeHTTP(w, r)
}

func (f *front) isStarted() bool {
	select {
	case <-f.started:
		return true
	default:
		return false
	}
}

func isProbe(path string) bool {
	switch path {
	case "/healthz", "/readyz", "/api/healthz", "/api/readyz", "/metrics":
		return true
	}
	return false
}
