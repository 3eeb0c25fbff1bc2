package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/cmd/internal/config"
	"github.com/pisano-dev/pisano/cmd/internal/frontdoor"
	"github.com/pisano-dev/pisano/cmd/internal/telemetry"
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
func FrontDoor() fx.Option { return fx.Module("frontdoor", fx.Invoke(serveFrontDoor)) }

func serveFrontDoor(lifecycle fx.Lifecycle, service *core.Service, events listening, software httpapi.Software, telemetry *telemetry.Telemetry, settings config.Config, shutdowner fx.Shutdowner, log *slog.Logger) {
	api := telemetry.Handler(httpapi.New(service, software, settings.TrustedProxies, log))
	server := serve(lifecycle, telemetry.Serve(frontdoor.New(api, web.Files())), settings, shutdowner, log)
	server.RegisterOnShutdown(events.end)
}

// garbagePercent bounds the garbage in a process that holds connections for
// others: by Go's default it may come to as much as thousands of idle clients
// cost, before it is collected.
const garbagePercent = 25

// API serves the API at /, for a front door that strips /api/.
func API() fx.Option {
	return fx.Module("api", fx.Invoke(func(lifecycle fx.Lifecycle, service *core.Service, events listening, software httpapi.Software, telemetry *telemetry.Telemetry, settings config.Config, shutdowner fx.Shutdowner, log *slog.Logger) {
		if os.Getenv("GOGC") == "" {
			debug.SetGCPercent(garbagePercent)
		}
		api := telemetry.Handler(httpapi.New(service, software, settings.TrustedProxies, log))
		server := serve(lifecycle, telemetry.Serve(api), settings, shutdowner, log)
		server.RegisterOnShutdown(events.end)
	}))
}

// Health serves /healthz, /readyz and /metrics, for a program that has no other routes.
func Health() fx.Option {
	return fx.Module("health", fx.Invoke(func(lifecycle fx.Lifecycle, ports core.Ports, telemetry *telemetry.Telemetry, settings config.Config, shutdowner fx.Shutdowner, log *slog.Logger) {
		health := telemetry.Handler(httpapi.NewHealth(ports.Health, log))
		serve(lifecycle, telemetry.Serve(health), settings, shutdowner, log)
	}))
}

// serve listens while the program runs. At the end it stops accepting first
// and then waits for the answers that are under way.
func serve(lifecycle fx.Lifecycle, handler http.Handler, settings config.Config, shutdowner fx.Shutdowner, log *slog.Logger) *http.Server {
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
					log.Error("the server ended, and so does the program", "error", err)
					_ = shutdowner.Shutdown(fx.ExitCode(1)) // it can only be ending already
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
