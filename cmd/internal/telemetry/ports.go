package telemetry

import (
	"context"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/pisano-dev/pisano/core"
)

// Ports returns the ports, each call of which is measured and traced.
func (t *Telemetry) Ports(ports core.Ports) core.Ports {
	return core.Ports{
		Store:      indexStore{ports.Store, t.port("IndexStore")},
		Cache:      valueCache{ports.Cache, t.port("ValueCache")},
		Queue:      workQueue{ports.Queue, t.port("WorkQueue")},
		Events:     events{ports.Events, t.port("Events")},
		Calculator: calculator{ports.Calculator, t},
	}
}

// Requeues returns ports for a reconciler: what it enqueues is counted as put
// back to work.
func (t *Telemetry) Requeues(ports core.Ports) core.Ports {
	ports.Queue = requeues{ports.Queue, t.metrics}
	return ports
}

// port is what the calls of one port are measured with.
type port struct {
	*Telemetry
	name string
}

func (t *Telemetry) port(name string) port { return port{t, name} }

// call begins a call of the port; the function that it returns ends it. The
// call gets a span below that of ctx; without one it is of nobody's trace, and
// there are too many of the kind, at rest too, for each to be a trace.
func (p port) call(ctx context.Context, name string) (context.Context, func(*error)) {
	if trace.SpanContextFromContext(ctx).IsValid() {
		return p.work(ctx, name)
	}
	begin := time.Now()
	return ctx, func(err *error) { p.measure(begin, name, *err) }
}

// work is call, for what is worth a trace of its own where it belongs to none:
// it serves many submissions at once, or happens in a worker.
func (p port) work(ctx context.Context, name string, attributes ...attribute.KeyValue) (context.Context, func(*error)) {
	begin := time.Now()
	ctx, span := p.tracer.Start(ctx, p.name+"."+name, trace.WithAttributes(attributes...))
	return ctx, func(err *error) {
		p.measure(begin, name, *err)
		endSpan(span, *err)
	}
}

func (p port) measure(begin time.Time, name string, err error) {
	p.metrics.portCalls.WithLabelValues(p.name, name, outcome(err)).Observe(time.Since(begin).Seconds())
}

// endSpan ends a span. What is wrong stands in the log, which has its id.
func endSpan(span trace.Span, err error) {
	if err != nil {
		span.SetAttributes(attribute.String("error.type", outcome(err)))
		switch core.KindOf(err) {
		case core.KindInternal, core.KindOverloaded, core.KindUnavailable:
			span.SetStatus(codes.Error, outcome(err))
		default: // an answer like any other
		}
	}
	span.End()
}

// outcome is how a call ended: ok, or the kind of its error.
func outcome(err error) string {
	if err == nil {
		return "ok"
	}
	return strings.ReplaceAll(core.KindOf(err).String(), " ", "_")
}

// ofIndex is the attribute of a span that concerns an index.
func ofIndex(n core.Index) attribute.KeyValue { return attribute.Int64("pisano.index", int64(n)) }
