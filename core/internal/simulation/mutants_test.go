package simulation_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/internal/simulation"
)

// TestMutant_IsFound puts defects into the domain that are easily made, each by
// an interceptor of its port calls, and checks that a seed finds them.
func TestMutant_IsFound(t *testing.T) {
	t.Parallel()
	const within = 500 // seeds
	for name, mutant := range mutants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := uint64(1); seed <= within; seed++ {
				if report := simulation.Run(t, seed, mutant); report.Failed() {
					t.Logf("found by seed %d: %s", seed, report.Reason())
					return
				}
			}
			t.Errorf("not found by %d seeds", within)
		})
	}
}

// A mutation changes what the port calls of a part of the domain do.
type mutation = func(core.Ports) core.Ports

// on returns a mutation of the calls of one method.
func on(method string, i intercept.Interceptor) mutation {
	return func(ports core.Ports) core.Ports { return intercept.Ports(ports, intercept.On(method, i)) }
}

var mutants = map[string]simulation.Mutant{
	"a worker acknowledges before it stores":          {Worker: acknowledgeAtOnce},
	"a worker does not renew its leases":              {Worker: on("WorkQueue.Renew", intercept.Drop)},
	"no reconciler runs":                              {NoReconciler: true},
	"an index not enqueued stays pending":             {Reconciler: withoutPending},
	"a flushed cache is not restored":                 {Reconciler: on("ValueCache.Generation", sameGeneration)},
	"an evicted value is restored unrequested":        {Reconciler: withEvicted},
	"a submission does not look for the value":        {Service: on("ValueCache.Summaries", findNothing)},
	"a worker does not look for the value":            {Worker: on("ValueCache.Summaries", findNothing)},
	"a worker marks what was reopened":                {Worker: ignoreRevision},
	"a wrong digit is served":                         {Service: on("ValueCache.Digits", changeLastDigit)},
	"a service answers before the commit":             {Service: on("IndexStore.Record", hideFailure)},
	"an index fails at the first failure":             {Worker: deliveredTooOften},
	"a worker is not announced":                       {Worker: on("WorkerRegistry.Announce", intercept.Drop)},
	"a worker does not look at memory":                {Worker: on("Calculator.Estimate", needsNothing)},
	"an index never fails":                            {Worker: on("WorkQueue.Claim", deliveredOnce)},
	"a living worker keeps a delivery it lost":        {Worker: countLost},
	"a failure is marked whatever was reopened":       {Worker: failNewestRevision},
	"a failure is marked before it is acknowledged":   {Worker: markFailedFirst},
	"a worker fails an index while the cache is away": {Worker: failDuringOutage},
	"admission sees an empty queue":                   {Service: on("WorkQueue.Backlog", seeNothing)},
	"work is charged to no submitter":                 {Service: on("WorkQueue.Enqueue", withoutSubmitter)},
	"a full cache is taken for a stored value":        {Worker: on("ValueCache.Put", hideOverload)},
}

func acknowledgeAtOnce(ports core.Ports) core.Ports {
	claim := func(ctx context.Context, call intercept.Call) error {
		if err := call.Next(ctx); err != nil {
			return err
		}
		claims := *intercept.Result[[]core.Claim](call)
		if len(claims) == 0 {
			return nil
		}
		return ports.Queue.Acknowledge(ctx, claims...)
	}
	return intercept.Ports(ports, intercept.On("WorkQueue.Claim", claim), intercept.On("WorkQueue.Renew", intercept.Drop))
}

func deliveredTooOften(ports core.Ports) core.Ports {
	claim := func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		claims := *intercept.Result[[]core.Claim](call)
		for i := range claims {
			claims[i].Delivery = max(claims[i].Delivery, core.MaxDeliveries)
		}
		return err
	}
	jobs := func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		jobs := *intercept.Result[map[core.Index]core.Job](call)
		for n, job := range jobs {
			job.Deliveries = max(job.Deliveries, core.MaxDeliveries)
			jobs[n] = job
		}
		return err
	}
	return intercept.Ports(ports, intercept.On("WorkQueue.Claim", claim), intercept.On("WorkQueue.Jobs", jobs))
}

func deliveredOnce(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	claims := *intercept.Result[[]core.Claim](call)
	for i := range claims {
		claims[i].Delivery = 1
	}
	return err
}

func needsNothing(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	intercept.Result[core.Estimate](call).Bytes = 0
	return err
}

func withoutPending(ports core.Ports) core.Ports {
	return on("IndexStore.Unfinished", func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		indices := intercept.Result[[]core.Index](call)
		*indices = slices.DeleteFunc(*indices, func(n core.Index) bool {
			records, err := ports.Store.Lookup(ctx, n)
			return err != nil || records[n].State != core.StateCalculated
		})
		return err
	})(ports)
}

func withEvicted(ports core.Ports) core.Ports {
	return on("IndexStore.Unfinished", func(ctx context.Context, call intercept.Call) error {
		if err := call.Next(ctx); err != nil {
			return err
		}
		indices := intercept.Result[[]core.Index](call)
		records, err := ports.Store.List(ctx, 0, *intercept.Arg[int](call))
		for _, r := range records {
			if found, err := ports.Cache.Summaries(ctx, r.Index); err == nil && len(found) == 0 {
				*indices = append(*indices, r.Index)
			}
		}
		return err
	})(ports)
}

func sameGeneration(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	*intercept.Result[string](call) = "0"
	return err
}

func findNothing(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	*intercept.Result[map[core.Index]core.Summary](call) = nil
	return err
}

func changeLastDigit(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	if text := *intercept.Result[[]byte](call); len(text) > 0 {
		text[len(text)-1] = '0' + (text[len(text)-1]-'0'+1)%10
	}
	return err
}

func ignoreRevision(ports core.Ports) core.Ports {
	return on("IndexStore.MarkCalculated", func(ctx context.Context, call intercept.Call) error {
		records, err := ports.Store.Lookup(ctx, call.Indices()...)
		if err != nil {
			return err
		}
		marks := slices.Clone(*intercept.Arg[[]core.Mark](call))
		for i, m := range marks {
			marks[i].Revision = records[m.Index].Revision
		}
		*intercept.Arg[[]core.Mark](call) = marks
		return call.Next(ctx)
	})(ports)
}

func hideFailure(ctx context.Context, call intercept.Call) error {
	if err := call.Next(ctx); err == nil {
		return nil
	}
	var records []core.Record
	for _, n := range call.Indices() {
		records = append(records, core.Record{Index: n})
	}
	*intercept.Result[[]core.Record](call) = records
	return nil
}

func seeNothing(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	*intercept.Result[core.Backlog](call) = core.Backlog{}
	return err
}

func withoutSubmitter(ctx context.Context, call intercept.Call) error {
	*intercept.Arg[string](call) = ""
	return call.Next(ctx)
}

func hideOverload(ctx context.Context, call intercept.Call) error {
	if err := call.Next(ctx); core.KindOf(err) != core.KindOverloaded {
		return err
	}
	return nil
}

// countLost counts the deliveries that a worker lost and gave back, although it
// lives.
func countLost(ports core.Ports) core.Ports {
	var mu sync.Mutex
	count := make(map[core.Index]int)
	add := func(n core.Index, by int) int {
		mu.Lock()
		defer mu.Unlock()
		count[n] += by
		return count[n]
	}
	claim := func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		claims := *intercept.Result[[]core.Claim](call)
		for i, c := range claims {
			claims[i].Delivery = max(c.Delivery, add(c.Index, 1))
		}
		return err
	}
	jobs := func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		jobs := *intercept.Result[map[core.Index]core.Job](call)
		for n, job := range jobs {
			job.Deliveries = max(job.Deliveries, add(n, 0))
			jobs[n] = job
		}
		return err
	}
	release := func(ctx context.Context, call intercept.Call) error {
		for _, c := range *intercept.Arg[[]core.Claim](call) {
			if lost, err := ports.Queue.Renew(ctx, core.Renewal{Claim: c}); err == nil && len(lost) == 0 {
				add(c.Index, -1)
			}
		}
		return call.Next(ctx)
	}
	acknowledge := func(ctx context.Context, call intercept.Call) error {
		for _, n := range call.Indices() {
			add(n, -add(n, 0))
		}
		return call.Next(ctx)
	}
	return intercept.Ports(ports, intercept.On("WorkQueue.Claim", claim), intercept.On("WorkQueue.Jobs", jobs),
		intercept.On("WorkQueue.Release", release), intercept.On("WorkQueue.Acknowledge", acknowledge))
}

func failNewestRevision(ports core.Ports) core.Ports {
	return on("IndexStore.MarkFailed", func(ctx context.Context, call intercept.Call) error {
		records, err := ports.Store.Lookup(ctx, call.Indices()...)
		if err != nil {
			return err
		}
		*intercept.Arg[int64](call) = records[call.Indices()[0]].Revision
		return call.Next(ctx)
	})(ports)
}

// markFailedFirst puts off the acknowledgement of an index that has no value
// until its failure is marked.
func markFailedFirst(ports core.Ports) core.Ports {
	var mu sync.Mutex
	putOff := make(map[core.Index]core.Claim)
	acknowledge := func(ctx context.Context, call intercept.Call) error {
		claim := (*intercept.Arg[[]core.Claim](call))[0]
		records, err := ports.Store.Lookup(ctx, claim.Index)
		if err != nil {
			return err
		}
		if records[claim.Index].State != core.StatePending {
			return call.Next(ctx)
		}
		mu.Lock()
		defer mu.Unlock()
		putOff[claim.Index] = claim
		return nil
	}
	markFailed := func(ctx context.Context, call intercept.Call) error {
		if err := call.Next(ctx); err != nil {
			return err
		}
		mu.Lock()
		claim, found := putOff[*intercept.Arg[core.Index](call)]
		mu.Unlock()
		if !found {
			return nil
		}
		return ports.Queue.Acknowledge(ctx, claim)
	}
	return intercept.Ports(ports, intercept.On("WorkQueue.Acknowledge", acknowledge), intercept.On("IndexStore.MarkFailed", markFailed))
}

// failDuringOutage takes a cache that is away at the last delivery for a failure.
func failDuringOutage(ports core.Ports) core.Ports {
	var deliveries sync.Map
	claim := func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		for _, c := range *intercept.Result[[]core.Claim](call) {
			deliveries.Store(c.Index, c.Delivery)
		}
		return err
	}
	put := func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		last, _ := deliveries.Load(call.Indices()[0])
		if core.KindOf(err) == core.KindUnavailable && last == core.MaxDeliveries {
			return core.WrapError(core.KindInternal, "The value was not stored.", err)
		}
		return err
	}
	return intercept.Ports(ports, intercept.On("WorkQueue.Claim", claim), intercept.On("ValueCache.Put", put))
}
