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

// Ports returns ports whose calls are measured and traced.
func (t *Telemetry) Ports(ports core.Ports) core.Ports {
	return intercept.Ports(ports, t.measure)
}

// Requeues returns ports for a reconciler: what it enqueues is counted as
// requeued.
func (t *Telemetry) Requeues(ports core.Ports) core.Ports {
	return intercept.Ports(ports, func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		if call.Name == "WorkQueue.Enqueue" {
			t.metrics.requeued.Add(float64(*intercept.Result[int](call)))
		}
		return err
	})
}

// traced are the calls that start a trace where their context has none, with the
// attribute of their spans: they serve many submissions at once, or happen in a
// worker. All others get a span only below one of their caller; they are too many,
// on an idle system too, to be a trace each.
var traced = map[string]func(intercept.Call) attribute.KeyValue{
	"IndexStore.Record":         ofIndices,
	"IndexStore.MarkCalculated": ofIndexOrIndices,
	"IndexStore.MarkFailed":     ofIndex,
	"ValueCache.Put":            ofIndexOrIndices,
}

// counted are the calls that increment counters of their own.
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
	"WorkQueue.Claim": func(m *metrics, call intercept.Call, _ error) {
		m.claims.Add(float64(len(*intercept.Result[[]core.Claim](call))))
	},
	"WorkQueue.Renew": func(m *metrics, call intercept.Call, _ error) {
		m.claimsLost.Add(float64(len(*intercept.Result[[]core.Claim](call)))) // the lost ones
	},
}

// noSpan stands for the span of a call that has none.
var noSpan = trace.SpanFromContext(context.Background())

// measure is the interceptor of all ports.
func (t *Telemetry) measure(ctx context.Context, call intercept.Call) (err error) {
	switch call.Name {
	case "Calculator.Estimate", "WorkQueue.Ready": // they take less time than measuring them
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

// endSpan ends a span with the kind of an error. The error's text is in the log,
// whose lines carry the span's id.
func endSpan(span trace.Span, err error) {
	if err != nil {
		span.SetAttributes(attribute.String("error.type", outcome(err)))
		switch core.KindOf(err) {
		case core.KindInternal, core.KindOverloaded, core.KindUnavailable:
			span.SetStatus(codes.Error, outcome(err))
		default: // an expected outcome
		}
	}
	span.End()
}

// outcome returns "ok", or the kind of the error that a call ended with.
func outcome(err error) string {
	if err == nil {
		return "ok"
	}
	return strings.ReplaceAll(core.KindOf(err).String(), " ", "_")
}

// ofIndex returns the attribute of a span about one index.
func ofIndex(call intercept.Call) attribute.KeyValue {
	return attribute.Int64("pisano.index", int64(call.Indices()[0]))
}

// ofIndices returns the attribute of a span about several indices, their number.
func ofIndices(call intercept.Call) attribute.KeyValue {
	return attribute.Int("pisano.indices", len(call.Indices()))
}

func ofIndexOrIndices(call intercept.Call) attribute.KeyValue {
	if len(call.Indices()) == 1 {
		return ofIndex(call)
	}
	return ofIndices(call)
}
