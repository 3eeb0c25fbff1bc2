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

// lease is how long a claim holds without a renewal. When it expires, the task is
// delivered again.
const lease = 5 * time.Second

// eventsTimeout is how long a start waits for the subscription to events.
const eventsTimeout = time.Second

// summaryMemory is the memory of an API for summaries: of about 5,000 values of a
// thousand digits, or 20,000 short ones.
const summaryMemory = 16 << 20

// Worker runs a worker and a reconciler, and deletes old records if they are not
// kept forever.
func Worker() fx.Option { return fx.Module("worker", fx.Invoke(runWorker, runRetention)) }

func runWorker(lifecycle fx.Lifecycle, ports core.Ports, telemetry *telemetry.Telemetry, settings config.Config, log *slog.Logger) {
	log.Info("worker ready", "engine", fibonacci.Engine(), "concurrency", settings.Concurrency, "memory", settings.Memory)
	worker := core.NewWorker(ports, core.WorkerOptions{Concurrency: settings.Concurrency, Memory: settings.Memory}, indexLimited(log))
	background(lifecycle, worker.Run)
	background(lifecycle, core.NewReconciler(telemetry.Requeues(ports), core.ReconcilerOptions{Recovery: settings.Recovery}, log).Run)
}

func runRetention(lifecycle fx.Lifecycle, pruner core.Pruner, settings config.Config, log *slog.Logger) {
	if settings.Retain > 0 {
		background(lifecycle, core.NewRetention(pruner, settings.Retain, log).Run)
	}
}

// Service provides the service and the broadcaster that front ends call.
func Service() fx.Option { return fx.Module("service", fx.Provide(newBroadcaster, newService)) }

// runningBroadcaster is a broadcaster with the function that ends it. It must end
// when a server shuts down: event streams stay open until then and would keep
// the server from draining.
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

// awaitEvents waits for the subscription to events, eventsTimeout at most. A
// client that connects earlier misses events and has to refetch once the
// subscription stands.
func awaitEvents(start context.Context, broadcaster *core.Broadcaster) {
	start, cancel := context.WithTimeout(start, eventsTimeout)
	defer cancel()
	select {
	case <-broadcaster.Connected():
	case <-start.Done():
	}
}

func newService(ports core.Ports, broadcaster runningBroadcaster, telemetry *telemetry.Telemetry, settings config.Config, log *slog.Logger) *core.Service {
	limits := core.Limits{MaxIndex: core.Index(settings.MaxIndex), MaxBacklog: settings.MaxBacklog, Memory: summaryMemory}
	service := core.NewService(ports, broadcaster.Broadcaster, limits, log)
	telemetry.Watch(service.Overview)
	return service
}
