package simulation_test

import (
	"context"
	"slices"
	"sync"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/internal/simulation"
)

var workerMutants = map[string]simulation.Mutant{
	"a worker acknowledges before it stores": {Worker: acknowledgeAtOnce},
	"a worker does not renew its leases":     {Worker: on("WorkQueue.Renew", intercept.Drop)},
	"a worker does not look for the value":   {Worker: on("ValueCache.Summaries", findNothing)},
	"a worker marks what was reopened":       {Worker: ignoreRevision},
	"a worker is not announced":              {Worker: on("WorkerRegistry.Announce", intercept.Drop)},
	"a worker does not look at memory":       {Worker: on("Calculator.Estimate", needsNothing)},
	"of a batch one value is stored":         {Worker: on("ValueCache.Put", storeOne)},
	"a batch is acknowledged as a whole":     {Worker: acknowledgeAll()},
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

// storeOne stores the first value of several and reports success.
func storeOne(ctx context.Context, call intercept.Call) error {
	values := intercept.Arg[[]core.Value](call)
	*values = (*values)[:1]
	return call.Next(ctx)
}

// acknowledgeAll acknowledges with a task all that were claimed together with it.
func acknowledgeAll() mutation {
	var batches sync.Map // []core.Claim by token
	return func(ports core.Ports) core.Ports {
		return intercept.Ports(ports,
			intercept.On("WorkQueue.Claim", func(ctx context.Context, call intercept.Call) error {
				err := call.Next(ctx)
				claims := *intercept.Result[[]core.Claim](call)
				for _, c := range claims {
					batches.Store(c.Token, claims)
				}
				return err
			}),
			intercept.On("WorkQueue.Acknowledge", func(ctx context.Context, call intercept.Call) error {
				claims := intercept.Arg[[]core.Claim](call)
				if all, claimed := batches.Load((*claims)[0].Token); claimed {
					*claims = all.([]core.Claim)
				}
				return call.Next(ctx)
			}))
	}
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

func findNothing(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	*intercept.Result[map[core.Index]core.Summary](call) = nil
	return err
}

func needsNothing(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	intercept.Result[core.Estimate](call).Bytes = 0
	return err
}
