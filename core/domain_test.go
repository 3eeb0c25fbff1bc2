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

// domain is the domain on ports in memory, in virtual time.
type domain struct {
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

// inDomain runs a test in virtual time. change, if not nil, may replace ports before
// the service is made from them.
func inDomain(t *testing.T, change func(dom *domain), test func(dom *domain)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		dom := &domain{
			t:          t,
			store:      new(memory.IndexStore),
			cache:      new(memory.ValueCache),
			queue:      memory.NewWorkQueue(lease),
			workers:    new(memory.WorkerRegistry),
			events:     new(memory.Events),
			calculator: &calculations{begun: make(map[core.Index]int)},
		}
		dom.ports = core.Ports{Store: dom.store, Cache: dom.cache, Queue: dom.queue, Workers: dom.workers, Events: dom.events, Calculator: fibonacci.New()}
		dom.intercept("Calculator.Calculate", dom.calculator.intercept)
		if change != nil {
			change(dom)
		}
		dom.broadcaster = core.NewBroadcaster(dom.ports.Events, quiet)
		dom.service = core.NewService(dom.ports, dom.broadcaster, core.Limits{}, quiet)
		dom.start(dom.broadcaster.Run)
		<-dom.broadcaster.Connected()
		test(dom)
	})
}

// start runs a part of the domain until the returned function is called or the
// test ends.
func (dom *domain) start(run func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(dom.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	stop = func() {
		cancel()
		<-done
	}
	dom.stops = append(dom.stops, stop)
	dom.t.Cleanup(stop)
	return stop
}

// stopAll stops what was started, except for the broadcaster.
func (dom *domain) stopAll() {
	for _, stop := range dom.stops[1:] {
		stop()
	}
}

// startWorker starts a worker on the ports, behind interceptors of its own.
func (dom *domain) startWorker(interceptors ...intercept.Interceptor) (stop func()) {
	ports := intercept.Ports(dom.ports, interceptors...)
	return dom.start(core.NewWorker(ports, core.WorkerOptions{Concurrency: 1}, quiet).Run)
}

func (dom *domain) startReconciler() {
	dom.start(core.NewReconciler(dom.ports, core.ReconcilerOptions{}, quiet).Run)
}

func (dom *domain) submit(indices ...core.Index) []core.Status {
	dom.t.Helper()
	statuses, err := dom.service.Submit(dom.t.Context(), "a submitter", indices...)
	if err != nil {
		dom.t.Fatal(err)
	}
	return statuses
}

func (dom *domain) status(n core.Index) core.Status {
	dom.t.Helper()
	status, err := dom.service.Status(dom.t.Context(), "a reader", n)
	if err != nil {
		dom.t.Fatal(err)
	}
	return status
}

func (dom *domain) record(n core.Index) core.Record {
	dom.t.Helper()
	records, err := dom.store.Lookup(dom.t.Context(), n)
	if err != nil || len(records) != 1 {
		dom.t.Fatalf("the records of %d are %v, %v", n, records, err)
	}
	return records[n]
}

// wait waits until the state of an index is final.
func (dom *domain) wait(n core.Index) core.Status {
	dom.t.Helper()
	status, err := dom.service.Await(dom.t.Context(), "a reader", n, 10*time.Minute)
	if err != nil {
		dom.t.Fatal(err)
	}
	if !status.State.Final() {
		dom.t.Fatalf("F(%d) is %v after ten minutes", n, status.State)
	}
	return status
}

func (dom *domain) wantKind(err error, kind core.Kind) {
	dom.t.Helper()
	if core.KindOf(err) != kind {
		dom.t.Errorf("error %v, want kind %v", err, kind)
	}
}

// intercept puts an interceptor before the calls of a port or a method. Who has
// the ports already is not affected.
func (dom *domain) intercept(name string, i intercept.Interceptor) {
	dom.ports = intercept.Ports(dom.ports, intercept.On(name, i))
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
