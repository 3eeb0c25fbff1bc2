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
	Memory      int64 // bytes that calculations may take, at least MinMemory; 0: not known
}

// Worker takes tasks from the queue and calculates them: claim, calculate,
// store the value, mark the record, acknowledge, in this order, so that a death
// in between leads to another delivery and never to a loss. Run is to be called
// once.
type Worker struct {
	info        WorkerInfo
	concurrency int
	ports       Ports
	memory      memoryBudget
	log         *slog.Logger

	all sync.WaitGroup // what Run waits for

	mu   sync.Mutex
	held map[Index]*delivery // those in process, with what their leases are kept by
}

// NewWorker returns a Worker, which works while Run runs. log must not be nil.
func NewWorker(ports Ports, options WorkerOptions, log *slog.Logger) *Worker {
	memory := options.Memory
	if memory > 0 {
		memory = max(memory, MinMemory)
	}
	return &Worker{
		info:        WorkerInfo{Name: rand.Text(), Memory: memory},
		concurrency: max(1, options.Concurrency),
		ports:       ports,
		memory:      memoryBudget{total: memory},
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
	skip := 0          // tasks at the head of the queue that this worker must leave
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
		claims, err := w.claim(ctx, 1+skip)
		if err == nil {
			away = time.Time{}
		}
		switch {
		case len(claims) > 0:
			var proceed bool
			if proceed, skip = w.deliverOne(ctx, claims, begin); proceed {
				retry.reset()
			} else {
				retry.wait(ctx)
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

// claim claims tasks, after it has renewed the leases whose renewal is late.
func (w *Worker) claim(ctx context.Context, count int) ([]Claim, error) {
	if err := w.renewOverdue(ctx); err != nil {
		return nil, err
	}
	return w.ports.Queue.Claim(ctx, ClaimLimit{Count: count})
}

// maxSkip bounds how many tasks are claimed in vain to find one that fits.
const maxSkip = 15

// deliverOne processes the first of the claims that the worker has the memory
// for, and releases the others. It returns false if the next claim should be
// delayed, and how many of them did not fit.
func (w *Worker) deliverOne(ctx context.Context, claims []Claim, begin time.Time) (proceed bool, unfit int) {
	var one Claim
	var room *allotment
	var rest []Claim
	proceed = true
	for _, claim := range claims {
		if w.reclaimed(ctx, claim, begin) {
			continue
		}
		if room == nil {
			if room = w.allot(ctx, claim); room != nil {
				one = claim
				continue
			}
			unfit++
		}
		rest = append(rest, claim)
	}
	if len(rest) > 0 {
		w.release(ctx, rest...)
		proceed = false
	}
	if room != nil {
		proceed = w.deliver(ctx, one, begin, room)
	}
	return proceed, min(unfit, maxSkip)
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
