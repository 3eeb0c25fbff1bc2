package core

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"runtime/pprof"
	"strconv"
	"sync"
	"time"
)

// WorkerOptions are the settings of a Worker.
type WorkerOptions struct {
	// Concurrency is the number of calculations of any lane at a time; less than 1
	// is taken for 1. One more may run if it is of LaneShort.
	Concurrency int
	Memory      int64 // bytes that calculations may take, at least MinMemory; 0: not known

	// Clock is the wall clock, which tells the Worker of times that its monotonic
	// clock does not know of, such as while the machine was suspended. It may be
	// set at any time. nil: time.Now.
	Clock func() time.Time
}

// Worker takes tasks from the queue and calculates them: claim, calculate,
// store the value, mark the record, acknowledge, in this order, so that a death
// in between leads to another delivery and never to a loss. A short task does not
// wait for long ones to end: see WorkerOptions. Run is to be called once.
type Worker struct {
	info        WorkerInfo
	concurrency int
	ports       Ports
	memory      memoryBudget
	clock       *clock
	lanes       laneShares
	speed       speedMeter
	log         *slog.Logger

	all    sync.WaitGroup  // what Run waits for
	ending <-chan struct{} // closed when Run is to end

	mu       sync.Mutex
	held     map[Index]*delivery // those in process
	awaiting *othersWait         // nil if no slot waits for other workers
}

// NewWorker returns a Worker, which works while Run runs. The zero options are one
// calculation at a time and memory that is not known. If log is nil, it is
// slog.Default. NewWorker panics if a port is nil.
func NewWorker(ports Ports, options WorkerOptions, log *slog.Logger) *Worker {
	ports.mustBeWhole("NewWorker")
	memory := options.Memory
	if memory > 0 {
		memory = max(memory, MinMemory)
	}
	slots := max(1, options.Concurrency)
	return &Worker{
		info:        WorkerInfo{Name: rand.Text(), Memory: memory, Slots: slots},
		concurrency: slots,
		ports:       ports,
		memory:      memoryBudget{total: memory},
		clock:       newClock(options.Clock),
		log:         cmp.Or(log, slog.Default()),
		held:        make(map[Index]*delivery),
	}
}

// Run works until ctx ends. Then it cancels the calculations, releases their
// tasks for other workers and returns.
func (w *Worker) Run(ctx context.Context) {
	w.ending = ctx.Done()
	w.all.Go(func() { w.heartbeat(ctx) })
	for i := range w.concurrency {
		w.start(ctx, strconv.Itoa(i+1), &slot{Worker: w})
	}
	w.start(ctx, "reserved", &slot{Worker: w, reserved: true})
	w.all.Wait()
}

// start runs a slot in a goroutine of its own. The label tells the slots apart in
// profiles and in the contexts of their calls.
func (w *Worker) start(ctx context.Context, label string, s *slot) {
	w.all.Go(func() { pprof.Do(ctx, pprof.Labels("slot", label), s.run) })
}

// othersWait is a wait of all slots of a worker.
type othersWait struct {
	done    chan struct{}
	reached bool // set before done is closed
}

// awaitOthers gives other workers the time to renew the leases that expired
// while the queue was away or the machine suspended, before this one claims their
// tasks. Slots that call it at the same time wait together. It returns false if the
// queue is still away as a whole.
func (w *Worker) awaitOthers(ctx context.Context) bool {
	w.mu.Lock()
	wait := w.awaiting
	if wait != nil {
		w.mu.Unlock()
		<-wait.done
		return wait.reached
	}
	wait = &othersWait{done: make(chan struct{})}
	w.awaiting = wait
	w.mu.Unlock()
	wait.reached = w.giveOthersTime(ctx)
	w.mu.Lock()
	w.awaiting = nil
	w.mu.Unlock()
	close(wait.done)
	return wait.reached
}

func (w *Worker) giveOthersTime(ctx context.Context) bool {
	if err := w.ports.Queue.Ping(ctx); err != nil && !errors.Is(err, ErrPartlyAway) {
		return false
	}
	select {
	case <-time.After(2 * maxRenewPeriod):
	case <-ctx.Done():
	}
	return true
}
