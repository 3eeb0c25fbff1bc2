package core

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"
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

	all sync.WaitGroup // what Run waits for

	mu   sync.Mutex
	held map[Index]*delivery // those in process, with what their leases are kept by
}

// NewWorker returns a Worker, which works while Run runs. log must not be nil.
func NewWorker(ports Ports, options WorkerOptions, log *slog.Logger) *Worker {
	return &Worker{
		info:        WorkerInfo{Name: rand.Text(), Memory: options.Memory},
		concurrency: max(1, options.Concurrency),
		ports:       ports,
		log:         log,
		held:        make(map[Index]*delivery),
	}
}

// Run works until ctx ends. Then it cancels the calculations, releases their
// tasks for other workers and returns.
func (w *Worker) Run(ctx context.Context) {
	w.all.Go(func() { w.heartbeat(ctx) })
	for range w.concurrency {
		w.all.Go(func() { w.loop(ctx) })
	}
	w.all.Wait()
}

// loop claims and processes one task after the other until ctx ends.
func (w *Worker) loop(ctx context.Context) {
	var retry backoff
	var away time.Time // when the queue was first found to be away, if it is
	for ctx.Err() == nil {
		ready := w.ports.Queue.Ready()
		if !away.IsZero() && since(away) > maxRenewPeriod {
			if !w.awaitOthers(ctx) {
				retry.wait(ctx)
				continue
			}
			away = time.Time{}
		}
		begin := time.Now()
		claims, err := w.claim(ctx)
		if err == nil {
			away = time.Time{}
		}
		switch {
		case len(claims) > 0:
			for _, claim := range claims {
				if w.deliver(ctx, claim, begin) {
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
			if away.IsZero() {
				away = begin
			}
			w.log.WarnContext(ctx, "no task claimed; trying again", "error", err)
			retry.wait(ctx)
		}
	}
}

// claim claims a task, after it has renewed the leases whose renewal is late.
func (w *Worker) claim(ctx context.Context) ([]Claim, error) {
	if err := w.renewOverdue(ctx); err != nil {
		return nil, err
	}
	return w.ports.Queue.Claim(ctx, ClaimLimit{Count: 1})
}

// awaitOthers gives other workers the time to renew the leases that expired
// while the queue was away, before this one claims their tasks. It returns false
// if the queue is still away.
func (w *Worker) awaitOthers(ctx context.Context) bool {
	if err := w.ports.Queue.Ping(ctx); err != nil {
		return false
	}
	select {
	case <-time.After(2 * maxRenewPeriod):
	case <-ctx.Done():
	}
	return true
}
