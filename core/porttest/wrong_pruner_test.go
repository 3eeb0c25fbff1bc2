package porttest_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/core/porttest"
)

var wrongPruners = map[string]wrong{
	"a pruner that ignores the limit": {"want 10", prunerTest(func(s porttest.PrunableStore) porttest.PrunableStore { return boundlessPruner{s} })},
	"a pruner that ignores the time":  {"want 2", prunerTest(func(s porttest.PrunableStore) porttest.PrunableStore { return hastyPruner{s} })},
	"a pruner that deletes nothing":   {"deleted 0 records", prunerTest(func(s porttest.PrunableStore) porttest.PrunableStore { return idlePruner{s} })},
}

func prunerTest(spoil func(porttest.PrunableStore) porttest.PrunableStore) func(*testing.T) {
	return func(t *testing.T) {
		porttest.TestPruner(t, func(*testing.T) porttest.PrunableStore { return spoil(new(memory.IndexStore)) })
	}
}

type boundlessPruner struct{ porttest.PrunableStore }

func (p boundlessPruner) Prune(ctx context.Context, before time.Time, _ int) (int, error) {
	return p.PrunableStore.Prune(ctx, before, math.MaxInt)
}

type hastyPruner struct{ porttest.PrunableStore }

func (p hastyPruner) Prune(ctx context.Context, before time.Time, limit int) (int, error) {
	return p.PrunableStore.Prune(ctx, before.Add(24*time.Hour), limit)
}

type idlePruner struct{ porttest.PrunableStore }

func (idlePruner) Prune(context.Context, time.Time, int) (int, error) { return 0, nil }
