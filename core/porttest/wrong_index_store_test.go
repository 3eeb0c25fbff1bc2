package porttest_test

import (
	"context"
	"math"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/core/porttest"
)

var wrongStores = map[string]wrong{
	"a store that lists one page forever": {"newest first", storeTest(func(s core.IndexStore) core.IndexStore { return repeatingStore{s} })},
	"a store whose lists never end":       {"the pages must end", storeTest(func(s core.IndexStore) core.IndexStore { return endlessStore{s} })},
	"a store whose answers grow": {"no more than the limit", storeTest(func(s core.IndexStore) core.IndexStore {
		return &growingStore{IndexStore: s}
	})},
	"a store that ignores the order": {"with the limit 3 and the order", storeTest(func(s core.IndexStore) core.IndexStore {
		return newestStore{s}
	})},
	"a store that drops all after 101": {"5000 were recorded", storeTest(func(s core.IndexStore) core.IndexStore { return droppingStore{s} })},
	"a store that ignores keys":        {"want one submission each", storeTest(func(s core.IndexStore) core.IndexStore { return keylessStore{s} })},
}

func storeTest(spoil func(core.IndexStore) core.IndexStore) func(*testing.T) {
	return func(t *testing.T) {
		porttest.TestIndexStore(t, func(*testing.T) core.IndexStore { return spoil(new(memory.IndexStore)) })
	}
}

type repeatingStore struct{ core.IndexStore }

func (s repeatingStore) List(ctx context.Context, _ int64, limit int) ([]core.Record, error) {
	return s.IndexStore.List(ctx, 0, limit)
}

type endlessStore struct{ core.IndexStore }

func (s endlessStore) List(_ context.Context, before int64, limit int) ([]core.Record, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	page := make([]core.Record, limit)
	for i := range page {
		page[i].Sequence = before - 1 - int64(i)
	}
	return page, nil
}

// growingStore answers with twice as much each time.
type growingStore struct {
	core.IndexStore
	calls atomic.Int64
}

func (s *growingStore) List(context.Context, int64, int) ([]core.Record, error) {
	return make([]core.Record, 16<<min(s.calls.Add(1), 12)), nil
}

func (s *growingStore) Pending(context.Context, core.Order, int) ([]core.Index, error) {
	return make([]core.Index, 16<<min(s.calls.Add(1), 12)), nil
}

// newestStore lists the newest first whatever the order.
type newestStore struct{ core.IndexStore }

func (s newestStore) Lost(ctx context.Context, generation string, _ core.Order, limit int) ([]core.Index, error) {
	return s.IndexStore.Lost(ctx, generation, core.NewestFirst, limit)
}

type keylessStore struct{ core.IndexStore }

func (s keylessStore) Record(ctx context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
	submissions = slices.Clone(submissions)
	for i := range submissions {
		submissions[i].Key = core.Key{}
	}
	return s.IndexStore.Record(ctx, at, submissions)
}

type droppingStore struct{ core.IndexStore }

func (s droppingStore) Record(ctx context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
	kept := submissions[:min(len(submissions), 101)]
	records, err := s.IndexStore.Record(ctx, at, kept)
	for _, sub := range submissions[len(kept):] {
		records = append(records, core.Record{Index: sub.Index, Submissions: 1, Revision: 1})
	}
	return records, err
}
