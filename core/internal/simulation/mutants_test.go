package simulation_test

import (
	"context"
	"slices"
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
	"a worker acknowledges before it stores":   {Worker: acknowledgeAtOnce},
	"a worker does not renew its leases":       {Worker: on("WorkQueue.Renew", intercept.Drop)},
	"no reconciler runs":                       {NoReconciler: true},
	"an index not enqueued stays pending":      {Reconciler: withoutPending},
	"a flushed cache is not restored":          {Reconciler: on("ValueCache.Generation", sameGeneration)},
	"an evicted value is restored unrequested": {Reconciler: withEvicted},
	"a submission does not look for the value": {Service: on("ValueCache.Summaries", findNothing)},
	"a worker does not look for the value":     {Worker: on("ValueCache.Summaries", findNothing)},
	"a worker marks what was reopened":         {Worker: ignoreRevision},
	"a wrong digit is served":                  {Service: on("ValueCache.Digits", changeLastDigit)},
	"a service answers before the commit":      {Service: on("IndexStore.Record", hideFailure)},
	"an index fails at the first failure":      {Worker: on("WorkQueue.Claim", deliveredTooOften)},
	"a worker is not announced":                {Worker: on("WorkerRegistry.Announce", intercept.Drop)},
	"an index never fails":                     {Worker: on("WorkQueue.Claim", deliveredOnce)},
	"admission sees an empty queue":            {Service: on("WorkQueue.Backlog", seeNothing)},
	"work is charged to nobody":                {Service: on("WorkQueue.Enqueue", forNobody)},
	"a full cache is taken for a stored value": {Worker: on("ValueCache.Put", hideOverload)},
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

func deliveredTooOften(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	claims := *intercept.Result[[]core.Claim](call)
	for i := range claims {
		claims[i].Delivery = max(claims[i].Delivery, core.MaxDeliveries)
	}
	return err
}

func deliveredOnce(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	claims := *intercept.Result[[]core.Claim](call)
	for i := range claims {
		claims[i].Delivery = 1
	}
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

func forNobody(ctx context.Context, call intercept.Call) error {
	*intercept.Arg[string](call) = ""
	return call.Next(ctx)
}

func hideOverload(ctx context.Context, call intercept.Call) error {
	if err := call.Next(ctx); core.KindOf(err) != core.KindOverloaded {
		return err
	}
	return nil
}
