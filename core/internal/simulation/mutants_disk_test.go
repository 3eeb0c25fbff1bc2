package simulation_test

import (
	"context"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/internal/simulation"
)

var diskMutants = map[string]simulation.Mutant{
	"a full cache is taken for a stored value": {Worker: on("ValueCache.Put", hideOverload)},
	"a value without room holds its worker":    {Worker: on("ValueCache.Put", putForever)},
	"a value without room is calculated again": {Worker: on("ValueCache.Put", forgetOverload)},
}

func hideOverload(ctx context.Context, call intercept.Call) error {
	if err := call.Next(ctx); core.KindOf(err) != core.KindOverloaded {
		return err
	}
	return nil
}

func putForever(ctx context.Context, call intercept.Call) error {
	for {
		err := call.Next(ctx)
		if core.KindOf(err) != core.KindOverloaded {
			return err
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return err
		}
	}
}

func forgetOverload(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	if core.KindOf(err) == core.KindOverloaded {
		return core.WrapError(core.KindInternal, "The value was not stored.", err)
	}
	return err
}
