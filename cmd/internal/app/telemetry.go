package app

import (
	"context"
	"log/slog"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/cmd/internal/config"
	"github.com/pisano-dev/pisano/cmd/internal/telemetry"
	"github.com/pisano-dev/pisano/core"
)

// Telemetry measures and traces the port calls and the HTTP requests of a
// program, which metrics and traces name as given, such as pisano-api.
func Telemetry(program string) fx.Option {
	return fx.Options(
		fx.Provide(func(lifecycle fx.Lifecycle, settings config.Config, log *slog.Logger) (*telemetry.Telemetry, error) {
			t := telemetry.New(program)
			if settings.AccessLog {
				t.LogRequests(log)
			}
			lifecycle.Append(fx.StopHook(func(ctx context.Context) error {
				return within(ctx, func() error { return t.Close(ctx) })
			}))
			if !settings.Tracing {
				return t, nil
			}
			return t, t.Trace(context.Background(), program, rateLimited(log))
		}),
		fx.Decorate(func(t *telemetry.Telemetry, ports core.Ports) core.Ports { return t.Ports(ports) }),
	)
}
