package simulation_test

import (
	"context"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/internal/simulation"
)

var reconcilerMutants = map[string]simulation.Mutant{
	"no reconciler runs":                       {NoReconciler: true},
	"an index not enqueued stays pending":      {Reconciler: on("IndexStore.Pending", findNoIndices)},
	"a flushed cache is not restored":          {Reconciler: on("ValueCache.Generation", sameGeneration)},
	"an evicted value is restored unrequested": {Reconciler: withEvicted},
}

func withEvicted(ports core.Ports) core.Ports {
	return on("IndexStore.Lost", func(ctx context.Context, call intercept.Call) error {
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

func findNoIndices(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	*intercept.Result[[]core.Index](call) = nil
	return err
}

func sameGeneration(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	*intercept.Result[string](call) = "0"
	return err
}
