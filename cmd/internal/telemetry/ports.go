package telemetry

import (
	"context"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// Ports returns the ports, each call of which is measured and traced.
func (t *Telemetry) Ports(ports core.Ports) core.Ports {
	return intercept.Ports(ports, t.measure)
}

// Requeues returns ports for a reconciler: what it enqueues is counted as put
// back to work.
func (t *Telemetry) Requeues(ports core.Ports) core.Ports {
	return intercept.Ports(ports, intercept.On("WorkQueue.Enqueue", func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		t.metrics.requeued.Add(float64(*intercept.Result[int](call)))
		return err
	}))
}

// traced are the calls that get a trace of their own where they belong to none,
// with the attributes of their spans: they serve many submissions at once, or
// happen in a worker. All others get a span only below one of the caller; there
// are too many of them, at rest too, for each to be a trace.
var traced = map[string]func(intercept.Call) attribute.KeyValue{
	"IndexStore.Record": func(call intercept.Call) attribute.KeyValue {
		return attribute.Int("pisano.indices", len(call.Indices()))
	},
	"IndexStore.MarkCalculated": ofIndex,
	"IndexStore.MarkFailed":     ofIndex,
	"ValueCache.Put":            ofIndex,
}

// counted are the calls of which more is counted than how they ended.
var counted = map[string]func(*metrics, intercept.Call, error){
	"IndexStore.Record": func(m *metrics, call intercept.Call, err error) {
		if err == nil {
			for _, submission := range *intercept.Arg[[]core.Submission](call) {
				m.submissions.Add(float64(submission.Count))
			}
		}
	},
	"IndexStore.MarkFailed": func(m *metrics, call intercept.Call, _ error) {
		if *intercept.Result[bool](call) {
			m.failed.Inc()
		}
	},
	"WorkQueue.Claim": func(m *metrics, _ intercept.Call, err error) {
		if err == nil {
			m.claims.Inc()
		}
	},
	"WorkQueue.Renew": func(m *metrics, _ intercept.Call, err error) {
		if core.IsNotFound(err) {
			m.claimsLost.Inc()
		}
	},
}

// noSpan is in place of a span where a call has none.
var noSpan = trace.SpanFromContext(context.Background())

// measure is the interceptor of all ports.
func (t *Telemetry) measure(ctx context.Context, call intercept.Call) (err error) {
	switch call.Name {
	case "Calculator.Estimate": // it takes less time than measuring it
		return call.Next(ctx)
	case "Calculator.Calculate": // it has metrics of its own
		return t.calculate(ctx, call)
	}
	span := noSpan
	if attributes, own := traced[call.Name]; own {
		ctx, span = t.tracer.Start(ctx, call.Name, trace.WithAttributes(attributes(call)))
	} else if trace.SpanContextFromContext(ctx).IsValid() {
		ctx, span = t.tracer.Start(ctx, call.Name)
	}
	begin := time.Now()
	defer func() {
		t.metrics.portCalls.WithLabelValues(call.Port(), call.Method(), outcome(err)).Observe(time.Since(begin).Seconds())
		endSpan(span, err)
	}()
	err = call.Next(ctx)
	if count := counted[call.Name]; count != nil {
		count(t.metrics, call, err)
	}
	return err
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

// ofIndex is the attribute of a span that concerns one index.
func ofIndex(call intercept.Call) attribute.KeyValue {
	return attribute.Int64("pisano.index", int64(call.Indices()[0]))
}
