package telemetry

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/memory"
)

// tracedPorts returns ports in memory behind interceptors and telemetry that traces
// to the recorder.
func tracedPorts(interceptors ...intercept.Interceptor) (*Telemetry, core.Ports, *tracetest.SpanRecorder) {
	spans := tracetest.NewSpanRecorder()
	t := New("test")
	t.use(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)), func(context.Context) error { return nil })
	return t, t.Ports(intercept.Ports(memory.NewPorts(fibonacci.New(), time.Minute), interceptors...)), spans
}

// attributes returns those of a span, written out.
func attributes(span sdktrace.ReadOnlySpan) map[string]string {
	all := make(map[string]string)
	for _, a := range span.Attributes() {
		all[string(a.Key)] = a.Value.String()
	}
	return all
}

func TestSpans_OfWorkAreTracesOfTheirOwn(t *testing.T) {
	t.Parallel()
	_, ports, spans := tracedPorts()
	ctx := t.Context()
	_, _ = ports.Store.Record(ctx, time.Now(), []core.Submission{{Index: 7, Count: 1}, {Index: 8, Count: 1}})
	_, _ = ports.Store.MarkCalculated(ctx, "", core.Mark{Index: 7})
	_, _ = ports.Store.MarkCalculated(ctx, "", core.Mark{Index: 7}, core.Mark{Index: 8})
	_, _ = ports.Store.MarkFailed(ctx, 8, 0, "no")
	value, _ := ports.Calculator.Calculate(ctx, 1000, nil)
	_ = ports.Cache.Put(ctx, core.Value{Index: 1000, Magnitude: value})
	// All these are measured only.
	_, _ = ports.Store.Lookup(ctx, 7)
	_ = ports.Store.Ping(ctx)
	_, _ = ports.Cache.Generation(ctx)
	_, _ = ports.Queue.Claim(ctx, core.ClaimLimit{})
	_ = ports.Events.Publish(ctx, core.Event{Index: 7})
	ports.Calculator.Estimate(7)

	want := []struct {
		name       string
		attributes map[string]string
	}{
		{"IndexStore.Record", map[string]string{"pisano.indices": "2"}},
		{"IndexStore.MarkCalculated", map[string]string{"pisano.index": "7"}},
		{"IndexStore.MarkCalculated", map[string]string{"pisano.indices": "2"}},
		{"IndexStore.MarkFailed", map[string]string{"pisano.index": "8"}},
		{"Calculator.Calculate", map[string]string{"pisano.index": "1000", "pisano.digits": "209"}},
		{"ValueCache.Put", map[string]string{"pisano.index": "1000"}},
	}
	got := spans.Ended()
	for i, span := range got {
		if i >= len(want) || span.Name() != want[i].name || !maps.Equal(attributes(span), want[i].attributes) || span.Parent().IsValid() {
			t.Errorf("span %d is %s with %v below %v", i, span.Name(), attributes(span), span.Parent())
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d spans ended, want %d", len(got), len(want))
	}
}

func TestSpans_OfOtherCallsAreThoseBelowACaller(t *testing.T) {
	t.Parallel()
	telemetry, ports, spans := tracedPorts(intercept.On("ValueCache.Generation", intercept.Fail(errUnavailable)))
	ctx, caller := telemetry.tracer.Start(t.Context(), "caller")
	_ = ports.Store.Ping(ctx)
	_ = ports.Store.Reopen(ctx, 7)
	_, _ = ports.Cache.Generation(ctx)
	caller.End()

	var names []string
	for _, span := range spans.Ended()[:3] {
		names = append(names, span.Name()+" "+attributes(span)["error.type"]+" "+span.Status().Code.String())
		if span.Parent().SpanID() != caller.SpanContext().SpanID() {
			t.Errorf("%s is below %v", span.Name(), span.Parent())
		}
	}
	want := []string{
		"IndexStore.Ping  " + codes.Unset.String(),
		"IndexStore.Reopen not_found " + codes.Unset.String(),
		"ValueCache.Generation unavailable " + codes.Error.String(),
	}
	if !slices.Equal(names, want) {
		t.Errorf("the spans are %q, want %q", names, want)
	}
}

var errUnavailable = core.NewError(core.KindUnavailable, "The cache can't be reached.")
