package simulation_test

import (
	"context"
	"slices"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/internal/simulation"
)

var laneMutants = map[string]simulation.Mutant{
	"all tasks are in one lane":                       {Service: on("WorkQueue.Enqueue", intoOneLane)},
	"short tasks have no slot of their own":           {Worker: on("WorkQueue.Claim", fromAllLanes)},
	"recovery comes last, and never while users wait": {Worker: on("WorkQueue.Claim", inDeclaredOrder)},
	"recovery comes before what users wait for":       {Worker: on("WorkQueue.Claim", recoveryFirst)},
	"what is requested stays in recovery":             {Service: withoutMoves},
	"one submitter fills the lane of short tasks":     {Service: on("WorkQueue.Enqueue", byCost)},
	"what a submitter has there is not counted":       {Service: on("WorkQueue.Backlog", withoutShort)},
}

func withoutMoves(ports core.Ports) core.Ports {
	return on("WorkQueue.Enqueue", func(ctx context.Context, call intercept.Call) error {
		jobs, err := ports.Queue.Jobs(ctx, call.Indices()...)
		if err != nil {
			return err
		}
		tasks := slices.Clone(*intercept.Arg[[]core.Task](call))
		*intercept.Arg[[]core.Task](call) = slices.DeleteFunc(tasks, func(t core.Task) bool {
			_, queued := jobs[t.Index]
			return queued
		})
		return call.Next(ctx)
	})(ports)
}

func intoOneLane(ctx context.Context, call intercept.Call) error {
	tasks := slices.Clone(*intercept.Arg[[]core.Task](call))
	for i := range tasks {
		tasks[i].Lane = core.LaneLong
	}
	*intercept.Arg[[]core.Task](call) = tasks
	return call.Next(ctx)
}

func byCost(ctx context.Context, call intercept.Call) error {
	tasks := slices.Clone(*intercept.Arg[[]core.Task](call))
	for i := range tasks {
		if tasks[i].Cost <= core.MaxShortCost {
			tasks[i].Lane = core.LaneShort
		}
	}
	*intercept.Arg[[]core.Task](call) = tasks
	return call.Next(ctx)
}

func withoutShort(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	intercept.Result[core.Backlog](call).OwnShort = 0
	return err
}

func fromAllLanes(ctx context.Context, call intercept.Call) error {
	limit := intercept.Arg[core.ClaimLimit](call)
	if len(limit.Lanes) == 1 {
		limit.Lanes = []core.Lane{core.LaneLong, core.LaneShort, core.LaneRecovery}
	}
	return call.Next(ctx)
}

func inDeclaredOrder(ctx context.Context, call intercept.Call) error {
	limit := intercept.Arg[core.ClaimLimit](call)
	limit.Lanes = slices.Sorted(slices.Values(limit.Lanes))
	return call.Next(ctx)
}

func recoveryFirst(ctx context.Context, call intercept.Call) error {
	if limit := intercept.Arg[core.ClaimLimit](call); len(limit.Lanes) > 1 {
		limit.Lanes = []core.Lane{core.LaneRecovery, core.LaneShort, core.LaneLong}
	}
	return call.Next(ctx)
}
