package simulation_test

import (
	"context"
	"slices"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/internal/simulation"
)

var serviceMutants = map[string]simulation.Mutant{
	"a submission does not look for the value": {Service: on("ValueCache.Summaries", findNothing)},
	"a wrong digit is served":                  {Service: on("ValueCache.Digits", changeLastDigit)},
	"a service answers before the commit":      {Service: on("IndexStore.Record", hideFailure)},
	"a summary in memory survives a flush":     {Service: on("ValueCache.Generation", sameGeneration)},
	"keys are not recorded":                    {Service: on("IndexStore.Record", dropKeys)},
	"a key is recorded with one index":         {Service: on("IndexStore.Record", keepOneKey)},
}

func changeLastDigit(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	if text := *intercept.Result[[]byte](call); len(text) > 0 {
		text[len(text)-1] = '0' + (text[len(text)-1]-'0'+1)%10
	}
	return err
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

func dropKeys(ctx context.Context, call intercept.Call) error {
	submissions := slices.Clone(*intercept.Arg[[]core.Submission](call))
	for i := range submissions {
		submissions[i].Key = core.Key{}
	}
	*intercept.Arg[[]core.Submission](call) = submissions
	return call.Next(ctx)
}

func keepOneKey(ctx context.Context, call intercept.Call) error {
	submissions := slices.Clone(*intercept.Arg[[]core.Submission](call))
	for i := range submissions[1:] {
		submissions[i+1].Key = core.Key{}
	}
	*intercept.Arg[[]core.Submission](call) = submissions
	return call.Next(ctx)
}
