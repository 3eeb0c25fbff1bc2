package telemetry

import (
	"context"
	"log/slog"
	"os"
	"strings"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.40.0"
)

// Trace sends traces to the collector that the standard OTEL_ variables
// configure, which OpenTelemetry's own library reads. It is called before
// anything is instrumented. While the collector is unreachable traces are lost and
// the log says so; nothing else suffers.
func (t *Telemetry) Trace(ctx context.Context, program string, log *slog.Logger) error {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return err
	}
	release, _ := build()
	source, err := resource.New(ctx,
		resource.WithTelemetrySDK(),
		resource.WithAttributes(semconv.ServiceName(program), semconv.ServiceVersion(release)),
		resource.WithFromEnv(), // OTEL_SERVICE_NAME takes precedence
	)
	if err != nil {
		return err
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		log.Warn("traces not sent", "error", err)
	}))
	if names := os.Getenv("OTEL_PROPAGATORS"); names != "" && !strings.Contains(names, "tracecontext") {
		t.propagator = propagation.NewCompositeTextMapPropagator() // traces of callers are not continued
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(source))
	t.use(provider, provider.Shutdown)
	return nil
}
