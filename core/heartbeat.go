package core

import (
	"context"
	"time"
)

const (
	heartbeatPeriod = 2500 * time.Millisecond
	// heartbeatTTL is how long a worker that dies still counts: long enough that
	// a registry that hesitates makes no worker seem dead.
	heartbeatTTL = 4 * heartbeatPeriod
)

// heartbeat announces the worker until ctx ends, and then deregisters it.
func (w *Worker) heartbeat(ctx context.Context) {
	defer w.deregister(ctx)
	tick := time.NewTicker(heartbeatPeriod)
	defer tick.Stop()
	for ctx.Err() == nil {
		info := w.info
		info.Speed = w.speed.speed()
		if err := w.ports.Workers.Announce(ctx, info, heartbeatTTL); err != nil {
			w.log.DebugContext(ctx, "worker not announced; trying again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

func (w *Worker) deregister(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	if err := w.ports.Workers.Announce(ctx, w.info, 0); err != nil {
		w.log.DebugContext(ctx, "worker not deregistered; its announcement expires", "error", err)
	}
}
