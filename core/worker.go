package core

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
)

// WorkerOptions are the settings of a Worker.
type WorkerOptions struct {
	Concurrency int   // calculations at a time; less than 1 is taken for 1
	Memory      int64 // bytes that calculations may take, as announced; 0: not known
}

// Worker takes tasks from the queue and calculates them: claim, calculate,
// store the value, mark the record, acknowledge, in this order, so that a death
// in between leads to another delivery and never to a loss. Run is to be called
// once.
type Worker struct {
	info        WorkerInfo
	concurrency int
	ports       Ports
	log         *slog.Logger
}

// NewWorker returns a Worker, which works while Run runs. log must not be nil.
func NewWorker(ports Ports, options WorkerOptions, log *slog.Logger) *Worker {
	return &Worker{
		info:        WorkerInfo{Name: rand.Text(), Memory: options.Memory},
		concurrency: max(1, options.Concurrency),
		ports:       ports,
		log:         log,
	}
}

// Run works until ctx ends. Then it cancels the calculations, releases their
// tasks for other workers and returns.
func (w *Worker) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { w.heartbeat(ctx) })
	for range w.concurrency {
		all.Go(func() { w.loop(ctx) })
	}
	all.Wait()
}

// loop claims and processes one task after the other until ctx ends.
func (w *Worker) loop(ctx context.Context) {
	var retry backoff
	for ctx.Err() == nil {
		ready := w.ports.Queue.Ready()
		claims, err := w.ports.Queue.Claim(ctx, ClaimLimit{Count: 1})
		switch {
		case len(claims) > 0:
			for _, claim := range claims {
				if w.deliver(ctx, claim) {
					retry.reset()
				} else {
					retry.wait(ctx)
				}
			}
		case err == nil:
			retry.reset()
			select {
			case <-ready:
			case <-ctx.Done():
			}
		case ctx.Err() == nil:
			w.log.WarnContext(ctx, "no task claimed; trying again", "error", err)
			retry.wait(ctx)
		}
	}
}
