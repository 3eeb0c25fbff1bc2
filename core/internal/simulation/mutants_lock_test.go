package simulation_test

import (
	"context"
	"sync"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/internal/simulation"
)

var lockMutants = map[string]simulation.Mutant{
	"a service holds a lock while it reads the cache": {Service: locked("ValueCache.Summaries")},
	"a worker holds a lock while it marks a record":   {Worker: locked("IndexStore.MarkCalculated")},
}

// locked returns a mutation that makes the calls of a method one after the other.
func locked(method string) mutation {
	return func(ports core.Ports) core.Ports {
		var mu sync.Mutex
		return on(method, func(ctx context.Context, call intercept.Call) error {
			mu.Lock()
			defer mu.Unlock()
			return call.Next(ctx)
		})(ports)
	}
}
