package telemetry

import (
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/trace/noop"
)

// metricsPath is the path that Prometheus scrapes.
const metricsPath = "/metrics"

// Serve serves the metrics at /metrics, and rest at every other path.
func (t *Telemetry) Serve(rest http.Handler) http.Handler {
	scrape := promhttp.HandlerFor(t.registry, promhttp.HandlerOpts{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != metricsPath:
			rest.ServeHTTP(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "The metrics can only be read.", http.StatusMethodNotAllowed)
		default:
			scrape.ServeHTTP(w, r)
		}
	})
}

// LogRequests has Handler write a line to log for each request when it ends,
// except for successful health checks. The line has the path without the query,
// the status, "aborted" if the answer was cut off, and the address that the
// request came from: the client's, or that of the front door.
func (t *Telemetry) LogRequests(log *slog.Logger) { t.access = log }

// Handler returns a handler that measures and traces the requests that inner
// answers. inner must leave the route that it found in the request's Pattern.
func (t *Telemetry) Handler(inner http.Handler) http.Handler {
	measured := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		a := &answer{ResponseWriter: w}
		status := "aborted"
		defer func() {
			if a.stream {
				t.metrics.eventStreams.Dec()
			}
			took := time.Since(begin)
			t.metrics.requests.WithLabelValues(route(r), method(r), status).Observe(took.Seconds())
			if t.access != nil && (route(r) != "/healthz" || a.status != http.StatusOK) {
				t.access.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", r.Method), slog.String("path", r.URL.Path),
					slog.String("route", route(r)), slog.String("status", status), slog.Int64("bytes", a.bytes), slog.Duration("duration", took),
					slog.String("client", r.RemoteAddr))
			}
		}()
		a.begun = func() {
			if a.stream = strings.HasPrefix(w.Header().Get("Content-Type"), "text/event-stream"); a.stream {
				t.metrics.eventStreams.Inc()
			}
		}
		inner.ServeHTTP(a, r)
		if a.status == 0 {
			a.status = http.StatusOK // net/http answers so if the handler writes nothing
		}
		status = strconv.Itoa(a.status)
	})
	if _, off := t.traces.(noop.TracerProvider); off {
		return measured
	}
	return otelhttp.NewHandler(measured, "HTTP",
		otelhttp.WithTracerProvider(t.traces),
		otelhttp.WithPropagators(t.propagator),
	)
}

// route returns the pattern that the request matched, without its method.
func route(r *http.Request) string {
	if _, path, found := strings.Cut(r.Pattern, " "); found && r.Method != http.MethodConnect {
		return path
	}
	return "none"
}

// method returns the method of the request if HTTP defines it, else "other".
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return r.Method
	}
	return "other"
}

// answer records the status and the size of a response, and calls begun when it
// begins.
type answer struct {
	http.ResponseWriter
	begun  func()
	status int // 0 before it begins
	bytes  int64
	stream bool
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK { // the 1xx before it are informational
		a.status = status
		a.begun()
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
		a.begun()
	}
	n, err := a.ResponseWriter.Write(p)
	a.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController find the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
