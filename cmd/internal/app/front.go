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
	// bodyTimeout is how long a client may take to send a body, also one that no
	// handler reads: net/http reads it before it answers.
	bodyTimeout = 10 * time.Second
	// writeTimeout is how long an answer may take from its request on, and is
	// longer than any is held back. Streams and downloads extend it.
	writeTimeout = 2 * time.Minute
	// maxHeaderBytes is as much as the nginx in front takes.
	maxHeaderBytes = 32 << 10
	// drainTimeout is how long a shutdown waits for requests in progress.
	drainTimeout = 8 * time.Second
	// startTimeout is how long a request waits for the start to complete. Most
	// starts take less, also on a machine that has other work. It is less than the
	// time in which nginx goes on to another API.
	startTimeout = 15 * time.Second
)

// front is the program's HTTP server. It listens before anything else starts: a
// program that waits for its Postgres is alive, and a supervisor must not
// restart it.
type front struct {
	server   *http.Server
	log      *slog.Logger
	starting http.Handler
	url      string // of this machine, without a path

	started chan struct{} // closed when the start is complete
	handler http.Handler  // set when started is closed

	draining  chan struct{} // closed when the shutdown begins
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
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          log.New(serverLog{rateLimited(logger)}, "", 0),
	}
	listener, err := new(net.ListenConfig).Listen(start, "tcp", fmt.Sprintf(":%d", settings.Port))
	if err != nil {
		return nil, fmt.Errorf("can't listen on port %d; if another program uses it, set PORT to a free one: %w", settings.Port, err)
	}
	f.url = fmt.Sprintf("http://localhost:%d", listener.Addr().(*net.TCPAddr).Port)
	logger.Info("listening", "url", f.url)
	go func() {
		if err := f.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("the HTTP server failed; stopping", "error", err)
			_ = shutdowner.Shutdown(fx.ExitCode(1)) // fails only if the program is stopping already
		}
	}()
	lifecycle.Append(fx.StopHook(f.drain)) // after an incomplete start; otherwise serve's hook has drained
	return f, nil
}

// serve installs the handler at the end of the start, and logs where it serves
// what: addresses are names and URLs, alternating. On stop the server first
// stops accepting connections, then waits for requests in progress.
func (f *front) serve(lifecycle fx.Lifecycle, handler http.Handler, addresses ...any) {
	lifecycle.Append(fx.Hook{
		OnStart: func(context.Context) error {
			f.handler = handler
			close(f.started)
			f.log.Info("ready to serve", append(addresses, "health", f.url+"/healthz", "metrics", f.url+"/metrics")...)
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
		f.log.Warn("requests in progress were cut off", "error", err)
		return f.server.Close()
	}
	return nil
}

// ServeHTTP implements http.Handler. During the start it holds requests other
// than probes for startTimeout at most.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 {
		// ReadTimeout would end the streams, whose clients are watched by reading.
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout)) // net/http supports it
	}
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
