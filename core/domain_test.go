package core_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/memory"
)

// lease is that of the queue in tests, in their virtual time.
const lease = 10 * time.Second

// world is the domain on ports in memory, in virtual time.
type world struct {
	t           *testing.T
	store       *memory.IndexStore
	cache       *memory.ValueCache
	queue       *memory.WorkQueue
	workers     *memory.WorkerRegistry
	events      *memory.Events
	ports       core.Ports
	broadcaster *core.Broadcaster
	service     *core.Service
	calculator  *calculations
	stops       []func()
}

// inWorld runs a test in virtual time. change, if not nil, may replace ports before
// the service is made from them.
func inWorld(t *testing.T, change func(w *world), test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{
			t:          t,
			store:      new(memory.IndexStore),
			cache:      new(memory.ValueCache),
			queue:      memory.NewWorkQueue(lease),
			workers:    new(memory.WorkerRegistry),
			events:     new(memory.Events),
			calculator: &calculations{begun: make(map[core.Index]int)},
		}
		w.ports = core.Ports{Store: w.store, Cache: w.cache, Queue: w.queue, Workers: w.workers, Events: w.events, Calculator: fibonacci.New()}
		w.intercept("Calculator.Calculate", w.calculator.intercept)
		if change != nil {
			change(w)
		}
		w.broadcaster = core.NewBroadcaster(w.ports.Events, quiet)
		w.service = core.NewService(w.ports, w.broadcaster, core.Limits{}, quiet)
		w.start(w.broadcaster.Run)
		<-w.broadcaster.Connected()
		test(w)
	})
}

// start runs a part of the domain until the returned function is called or the
// test ends.
func (w *world) start(run func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	stop = func() {
		cancel()
		<-done
	}
	w.stops = append(w.stops, stop)
	w.t.Cleanup(stop)
	return stop
}

// stopAll stops what was started, except for the broadcaster.
func (w *world) stopAll() {
	for _, stop := range w.stops[1:] {
		stop()
	}
}

// startWorker starts a worker on the ports, behind interceptors of its own.
func (w *world) startWorker(interceptors ...intercept.Interceptor) (stop func()) {
	ports := intercept.Ports(w.ports, interceptors...)
	return w.start(core.NewWorker(ports, core.WorkerOptions{Concurrency: 1}, quiet).Run)
}

func (w *world) startReconciler() {
	w.start(core.NewReconciler(w.ports, quiet).Run)
}

func (w *world) submit(indices ...core.Index) []core.Status {
	w.t.Helper()
	statuses, err := w.service.Submit(w.t.Context(), "a submitter", indices...)
	if err != nil {
		w.t.Fatal(err)
	}
	return statuses
}

func (w *world) status(n core.Index) core.Status {
	w.t.Helper()
	status, err := w.service.Status(w.t.Context(), "a reader", n)
	if err != nil {
		w.t.Fatal(err)
	}
	return status
}

func (w *world) record(n core.Index) core.Record {
	w.t.Helper()
	records, err := w.store.Lookup(w.t.Context(), n)
	if err != nil || len(records) != 1 {
		w.t.Fatalf("the records of %d are %v, %v", n, records, err)
	}
	return records[n]
}

// wait waits until the state of an index is final.
func (w *world) wait(n core.Index) core.Status {
	w.t.Helper()
	status, err := w.service.Await(w.t.Context(), "a reader", n, 10*time.Minute)
	if err != nil {
		w.t.Fatal(err)
	}
	if !status.State.Final() {
		w.t.Fatalf("F(%d) is %v after ten minutes", n, status.State)
	}
	return status
}

func (w *world) wantKind(err error, kind core.Kind) {
	w.t.Helper()
	if core.KindOf(err) != kind {
		w.t.Errorf("error %v, want kind %v", err, kind)
	}
}

// intercept puts an interceptor before the calls of a port or a method. Who has
// the ports already is not affected.
func (w *world) intercept(name string, i intercept.Interceptor) {
	w.ports = intercept.Ports(w.ports, intercept.On(name, i))
}

// unavailable is what becomes of the calls of a port that is away.
var unavailable = intercept.Fail(core.NewError(core.KindUnavailable, "The port can't be reached."))

// calculations counts the calculations that begin, takes a set time for each,
// and fails those it is told to.
type calculations struct {
	mu    sync.Mutex
	begun map[core.Index]int // read it when no worker runs
	takes time.Duration
	fail  map[core.Index]error
}

func (c *calculations) intercept(ctx context.Context, call intercept.Call) error {
	n := *intercept.Arg[core.Index](call)
	c.mu.Lock()
	c.begun[n]++
	c.mu.Unlock()
	if err := c.fail[n]; err != nil {
		return err
	}
	const steps = 10
	for i := range steps {
		(*intercept.Arg[func(float64)](call))(float64(i) / steps)
		select {
		case <-time.After(c.takes / steps):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return call.Next(ctx)
}
