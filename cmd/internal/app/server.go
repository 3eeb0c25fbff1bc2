package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/cmd/internal/config"
	"github.com/pisano-dev/pisano/cmd/internal/frontdoor"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/web"
)

const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	// drainTimeout is how long answers that are under way may take at the end.
	drainTimeout = 8 * time.Second
)

// FrontDoor serves the page at / and the API at /api/.
var FrontDoor = fx.Module("frontdoor", fx.Invoke(serveFrontDoor))

func serveFrontDoor(lifecycle fx.Lifecycle, service *core.Service, events listening, ports core.Ports, settings config.Config, log *slog.Logger) {
	handler := frontdoor.New(httpapi.New(service, ports.Health, log), web.Files())
	server := serve(lifecycle, handler, settings, log)
	server.RegisterOnShutdown(events.end)
}

// API serves the API at /, for a front door that strips /api/.
var API = fx.Module("api", fx.Invoke(func(lifecycle fx.Lifecycle, service *core.Service, events listening, ports core.Ports, settings config.Config, log *slog.Logger) {
	server := serve(lifecycle, httpapi.New(service, ports.Health, log), settings, log)
	server.RegisterOnShutdown(events.end)
}))

// Health serves /healthz and /readyz, for a program that has no other routes.
var Health = fx.Module("health", fx.Invoke(func(lifecycle fx.Lifecycle, ports core.Ports, settings config.Config, log *slog.Logger) {
	serve(lifecycle, httpapi.NewHealth(ports.Health, log), settings, log)
}))

// serve listens while the program runs. At the end it stops accepting first
// and then waits for the answers that are under way.
func serve(lifecycle fx.Lifecycle, handler http.Handler, settings config.Config, log *slog.Logger) *http.Server {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	lifecycle.Append(fx.Hook{
		OnStart: func(ctx context.Context) error {
			listener, err := new(net.ListenConfig).Listen(ctx, "tcp", fmt.Sprintf(":%d", settings.Port))
			if err != nil {
				return fmt.Errorf("port %d can't be listened on, perhaps another program has it (set PORT to choose another): %w", settings.Port, err)
			}
			log.Info("listening", "url", fmt.Sprintf("http://localhost:%d", listener.Addr().(*net.TCPAddr).Port))
			go func() {
				if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
					log.Error("server ended", "error", err)
				}
			}()
			return nil
		},
		OnStop: func(ctx context.Context) error {
			drain, cancel := context.WithTimeout(ctx, drainTimeout)
			defer cancel()
			if err := server.Shutdown(drain); err != nil {
				log.Warn("answers under way were cut off", "error", err)
				return server.Close()
			}
			return nil
		},
	})
	return server
}
