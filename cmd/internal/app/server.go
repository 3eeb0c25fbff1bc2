package app

import (
	"log/slog"
	"net/http"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/adapters/preview"
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
	front.serve(lifecycle, telemetry.Serve(frontdoor.New(api, preview.New(log), web.Files())), "page", front.url+"/", "api", front.url+httpapi.Prefix)
	front.server.RegisterOnShutdown(broadcaster.end)
}

// API serves the API at /, for a front door that strips /api, and at /api/. For that
// front door it serves previews as well.
func API() fx.Option {
	return fx.Module("api", fx.Invoke(func(lifecycle fx.Lifecycle, front *front, service *core.Service, broadcaster runningBroadcaster, software httpapi.Software, telemetry *telemetry.Telemetry, settings config.Config, log *slog.Logger) {
		front.serve(lifecycle, telemetry.Serve(withPreviews(telemetry.Handler(httpapi.New(service, software, optionsOf(settings), log)), preview.New(log))), "api", front.url+httpapi.Prefix)
		front.server.RegisterOnShutdown(broadcaster.end)
	}))
}

func withPreviews(api, previews http.Handler) http.Handler {
	// A ServeMux would redirect paths that the API refuses.
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if preview.Serves(r.URL.Path) {
			previews.ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r)
	})
}

func optionsOf(settings config.Config) httpapi.Options {
	return httpapi.Options{TrustedProxies: settings.TrustedProxies, MaxStreams: settings.MaxStreams, Recovery: settings.Recovery}
}

// Health serves /healthz, /readyz and /metrics, for a program without other
// routes.
func Health() fx.Option {
	return fx.Module("health", fx.Invoke(func(lifecycle fx.Lifecycle, front *front, ports core.Ports, telemetry *telemetry.Telemetry, log *slog.Logger) {
		front.serve(lifecycle, telemetry.Serve(telemetry.Handler(httpapi.NewHealth(ports.Health, log))))
	}))
}
