package simulation_test

import (
	"context"
	"sync"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/internal/simulation"
)

var failureMutants = map[string]simulation.Mutant{
	"an index fails at the first failure":             {Worker: deliveredTooOften},
	"an index never fails":                            {Worker: on("WorkQueue.Claim", deliveredOnce)},
	"a living worker keeps a delivery it lost":        {Worker: countLost},
	"a failure is marked whatever was reopened":       {Worker: failNewestRevision},
	"a failure is marked before it is acknowledged":   {Worker: markFailedFirst},
	"a worker fails an index while the cache is away": {Worker: failDuringOutage},
	"a port that refuses all calls blames the tasks":  {Worker: pingNothing},
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
	return pingNothing(intercept.Ports(ports, intercept.On("WorkQueue.Claim", claim), intercept.On("ValueCache.Put", put)))
}

// pingNothing takes the store and the cache for able to do their work.
func pingNothing(ports core.Ports) core.Ports {
	return intercept.Ports(ports, intercept.On("IndexStore.Ping", intercept.Drop), intercept.On("ValueCache.Ping", intercept.Drop))
}

func deliveredOnce(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	claims := *intercept.Result[[]core.Claim](call)
	for i := range claims {
		claims[i].Delivery = 1
	}
	return err
}
