package app

import (
	"context"
	"log/slog"
	"time"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/cmd/internal/config"
	"github.com/pisano-dev/pisano/cmd/internal/telemetry"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// eventsTimeout is how long a start waits for events.
const eventsTimeout = time.Second

// Worker calculates what waits, and reconciles, while the program runs.
func Worker() fx.Option { return fx.Module("worker", fx.Invoke(runWorker)) }

func runWorker(lifecycle fx.Lifecycle, ports core.Ports, telemetry *telemetry.Telemetry, settings config.Config, log *slog.Logger) {
	log.Info("worker ready", "engine", fibonacci.Engine(), "concurrency", settings.Concurrency)
	worker := core.NewWorker(ports, core.WorkerOptions{Concurrency: settings.Concurrency}, log)
	background(lifecycle, worker.Run)
	background(lifecycle, core.NewReconciler(telemetry.Requeues(ports), log).Run)
}

// Service provides what answers front ends.
func Service() fx.Option { return fx.Module("service", fx.Provide(newBroadcaster, newService)) }

// runningBroadcaster is a broadcaster that runs, and the way to end it: when a server
// stops, those who wait for events must be let go before it can drain.
type runningBroadcaster struct {
	*core.Broadcaster
	end context.CancelFunc
}

func newBroadcaster(lifecycle fx.Lifecycle, ports core.Ports, log *slog.Logger) runningBroadcaster {
	broadcaster := core.NewBroadcaster(ports.Events, log)
	end := background(lifecycle, broadcaster.Run)
	lifecycle.Append(fx.StartHook(func(start context.Context) { awaitEvents(start, broadcaster) }))
	return runningBroadcaster{broadcaster, end}
}

// awaitEvents has those who come first find the events there: who watches
// before is told to check again a moment later, and misses what is in between.
// Events that are away keep nobody waiting for long.
func awaitEvents(start context.Context, broadcaster *core.Broadcaster) {
	start, cancel := context.WithTimeout(start, eventsTimeout)
	defer cancel()
	select {
	case <-broadcaster.Connected():
	case <-start.Done():
	}
}

func newService(ports core.Ports, broadcaster runningBroadcaster, telemetry *telemetry.Telemetry, settings config.Config, log *slog.Logger) *core.Service {
	limits := core.Limits{MaxIndex: core.Index(settings.MaxIndex), MaxBacklog: settings.MaxBacklog}
	service := core.NewService(ports, broadcaster.Broadcaster, limits, log)
	telemetry.Watch(service.Overview)
	return service
}
