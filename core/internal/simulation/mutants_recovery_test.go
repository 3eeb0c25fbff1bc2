package simulation_test

import (
	"context"
	"slices"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/internal/simulation"
)

var recoveryMutants = map[string]simulation.Mutant{
	"recovery is in the lane of users":      {Reconciler: on("WorkQueue.Enqueue", amongUsers)},
	"recovery ignores the room":             {Reconciler: on("ValueCache.Room", intercept.Drop)},
	"recovery ignores what is in its lane":  {Reconciler: on("WorkQueue.Backlog", seeNothing)},
	"the oldest values are recovered first": {Reconciler: on("IndexStore.Lost", inOrder(core.OldestFirst))},
	"only the newest pending are enqueued":  {Reconciler: on("IndexStore.Pending", inOrder(core.NewestFirst))},
}

func amongUsers(ctx context.Context, call intercept.Call) error {
	tasks := slices.Clone(*intercept.Arg[[]core.Task](call))
	for i := range tasks {
		tasks[i].Lane = core.LaneLong
	}
	*intercept.Arg[[]core.Task](call) = tasks
	return call.Next(ctx)
}

func inOrder(order core.Order) intercept.Interceptor {
	return func(ctx context.Context, call intercept.Call) error {
		*intercept.Arg[core.Order](call) = order
		return call.Next(ctx)
	}
}
