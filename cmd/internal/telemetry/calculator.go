package telemetry

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/intercept"
)

// calculate measures and traces a calculation.
func (t *Telemetry) calculate(ctx context.Context, call intercept.Call) error {
	ctx, span := t.tracer.Start(ctx, call.Name, trace.WithAttributes(ofIndex(call)))
	t.metrics.running.Inc()
	defer t.metrics.running.Dec()
	begin := time.Now()
	err := call.Next(ctx)
	t.metrics.calculations.WithLabelValues(outcome(err)).Observe(time.Since(begin).Seconds())
	if err == nil {
		digits := intercept.Result[decimal.Natural](call).DigitCount()
		t.metrics.digits.Observe(float64(digits))
		span.SetAttributes(attribute.Int64("pisano.digits", digits))
	}
	endSpan(span, err)
	return err
}
