package porttest_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/core/porttest"
)

var wrongRegistries = map[string]wrong{
	"a registry without an end": {"after the announcements", registryTest(func(r core.WorkerRegistry) core.WorkerRegistry { return endlessRegistry{r} })},
	"a registry that grows":     {"those that are alive", registryTest(func(r core.WorkerRegistry) core.WorkerRegistry { return &growingRegistry{WorkerRegistry: r} })},
}

func registryTest(spoil func(core.WorkerRegistry) core.WorkerRegistry) func(*testing.T) {
	return func(t *testing.T) {
		porttest.TestWorkerRegistry(t, func(*testing.T) (a, b core.WorkerRegistry) {
			r := spoil(new(memory.WorkerRegistry))
			return r, r
		})
	}
}

// endlessRegistry does not tell when an announcement expires.
type endlessRegistry struct{ core.WorkerRegistry }

func (r endlessRegistry) List(ctx context.Context) ([]core.WorkerInfo, error) {
	workers, err := r.WorkerRegistry.List(ctx)
	for i := range workers {
		workers[i].Remaining = 0
	}
	return workers, err
}

type growingRegistry struct {
	core.WorkerRegistry
	calls atomic.Int64
}

func (r *growingRegistry) List(context.Context) ([]core.WorkerInfo, error) {
	return make([]core.WorkerInfo, 16<<min(r.calls.Add(1), 12)), nil
}
