// Package telemetry measures and traces a program: metrics for Prometheus, and
// traces for an OpenTelemetry collector if one is configured. It intercepts the
// calls of ports and wraps the HTTP handler, so that the domain and its adapters
// know nothing of it.
package telemetry

import (
	"context"
	"log/slog"

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
	access     *slog.Logger                  // where requests are logged; nil if they are not
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
