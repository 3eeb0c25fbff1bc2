package app

import (
	"log/slog"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/cmd/internal/config"
	"github.com/pisano-dev/pisano/cmd/internal/frontdoor"
	"github.com/pisano-dev/pisano/cmd/internal/telemetry"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/web"
)

// FrontDoor serves the page at / and the API at /api/.
func FrontDoor() fx.Option { return fx.Module("frontdoor", fx.Invoke(serveFrontDoor)) }

func serveFrontDoor(lifecycle fx.Lifecycle, front *front, service *core.Service, broadcaster runningBroadcaster, software httpapi.Software, telemetry *telemetry.Telemetry, settings config.Config, log *slog.Logger) {
	api := telemetry.Handler(httpapi.New(service, software, optionsOf(settings), log))
	front.serve(lifecycle, telemetry.Serve(frontdoor.New(api, web.Files())))
	front.server.RegisterOnShutdown(broadcaster.end)
}

// API serves the API at /, behind a front door that strips /api.
func API() fx.Option {
	return fx.Module("api", fx.Invoke(func(lifecycle fx.Lifecycle, front *front, service *core.Service, broadcaster runningBroadcaster, software httpapi.Software, telemetry *telemetry.Telemetry, settings config.Config, log *slog.Logger) {
		front.serve(lifecycle, telemetry.Serve(telemetry.Handler(httpapi.New(service, software, optionsOf(settings), log))))
		front.server.RegisterOnShutdown(broadcaster.end)
	}))
}

func optionsOf(settings config.Config) httpapi.Options {
	return httpapi.Options{TrustedProxies: settings.TrustedProxies, MaxStreams: settings.MaxStreams}
}

// Health serves /healthz, /readyz and /metrics, for a program without other
// routes.
func Health() fx.Option {
	return fx.Module("health", fx.Invoke(func(lifecycle fx.Lifecycle, front *front, ports core.Ports, telemetry *telemetry.Telemetry, log *slog.Logger) {
		front.serve(lifecycle, telemetry.Serve(telemetry.Handler(httpapi.NewHealth(ports.Health, log))))
	}))
}
