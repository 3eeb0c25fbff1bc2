// Package telemetry measures and traces a program: metrics for Prometheus, and
// traces for an OpenTelemetry collector if one is configured. It intercepts the
// calls of ports and wraps the HTTP handler, so that the domain and its adapters
// know nothing of it.
package telemetry

import (
	"context"
	"runtime/debug"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Telemetry is the telemetry of one program. Its methods are safe for concurrent
// use.
type Telemetry struct {
	registry   *prometheus.Registry
	metrics    *metrics
	traces     trace.TracerProvider
	tracer     trace.Tracer
	propagator propagation.TextMapPropagator // reads the trace that a request belongs to
	stop       func(context.Context) error
}

// New returns the telemetry of a program, such as pisano-api. It traces nothing
// before Trace is called.
func New(program string) *Telemetry {
	t := &Telemetry{registry: prometheus.NewRegistry(), propagator: propagation.TraceContext{}}
	t.metrics = newMetrics(t.registry, program)
	t.use(noop.NewTracerProvider(), func(context.Context) error { return nil })
	return t
}

func (t *Telemetry) use(traces trace.TracerProvider, stop func(context.Context) error) {
	t.traces, t.tracer, t.stop = traces, traces.Tracer("github.com/pisano-dev/pisano"), stop
}

// Close sends the spans not sent yet, for as long as ctx allows.
func (t *Telemetry) Close(ctx context.Context) error { return t.stop(ctx) }

// revision is set by the linker where programs are built without the
// repository, for images.
var revision string

// build returns the version of the program and the revision it was built from,
// "unknown" where they are not recorded.
func build() (version, from string) {
	version, from = "unknown", "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				from = setting.Value
			}
		}
	}
	if revision != "" {
		from = revision
	}
	return version, from
}
