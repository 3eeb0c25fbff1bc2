package telemetry

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

type calculator struct {
	core.Calculator
	*Telemetry
}

func (c calculator) Calculate(ctx context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	ctx, span := c.tracer.Start(ctx, "Calculator.Calculate", trace.WithAttributes(ofIndex(n)))
	c.metrics.running.Inc()
	defer c.metrics.running.Dec()
	begin := time.Now()
	value, err := c.Calculator.Calculate(ctx, n, progress)
	c.metrics.calculations.WithLabelValues(outcome(err)).Observe(time.Since(begin).Seconds())
	if err == nil {
		c.metrics.digits.Observe(float64(value.DigitCount()))
		span.SetAttributes(attribute.Int64("pisano.digits", value.DigitCount()))
	}
	endSpan(span, err)
	return value, err
}
