package simulation_test

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/internal/simulation"
)

var admissionMutants = map[string]simulation.Mutant{
	"what was once enqueued is admitted free of charge": {Service: admitKnownTasks},
	"what was enqueued is charged for ever":             {Service: chargeForEver},
	"a service forgets what it has calculated again":    {Forgetful: true},
	"admission sees an empty queue":                     {Service: on("WorkQueue.Backlog", seeNothing)},
	"work is charged to no submitter":                   {Service: on("WorkQueue.Enqueue", withoutSubmitter)},
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

// admitKnownTasks has all tasks seem to be in the queue that the service has ever
// enqueued, as if they were in flight for ever.
func admitKnownTasks(ports core.Ports) core.Ports {
	var enqueued sync.Map
	enqueue := func(ctx context.Context, call intercept.Call) error {
		for _, n := range call.Indices() {
			enqueued.Store(n, true)
		}
		return call.Next(ctx)
	}
	jobs := func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		jobs := *intercept.Result[map[core.Index]core.Job](call)
		for _, n := range call.Indices() {
			if _, known := enqueued.Load(n); known && err == nil {
				jobs[n] = core.Job{}
			}
		}
		return err
	}
	return intercept.Ports(ports, intercept.On("WorkQueue.Enqueue", enqueue), intercept.On("WorkQueue.Jobs", jobs))
}

// chargeForEver adds to the backlog all that the service has ever enqueued.
func chargeForEver(ports core.Ports) core.Ports {
	var cost atomic.Int64
	enqueue := func(ctx context.Context, call intercept.Call) error {
		for _, task := range *intercept.Arg[[]core.Task](call) {
			cost.Add(int64(task.Cost))
		}
		return call.Next(ctx)
	}
	backlog := func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		intercept.Result[core.Backlog](call).All += time.Duration(cost.Load())
		return err
	}
	return intercept.Ports(ports, intercept.On("WorkQueue.Enqueue", enqueue), intercept.On("WorkQueue.Backlog", backlog))
}
