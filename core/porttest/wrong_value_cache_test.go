package porttest_test

import (
	"context"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/core/porttest"
)

var wrongCaches = map[string]wrong{
	"a cache that lists one page forever":         {"newest first", cacheTest(func(c core.ValueCache) core.ValueCache { return repeatingCache{c} })},
	"a cache whose lists never end":               {"the pages must end", cacheTest(func(c core.ValueCache) core.ValueCache { return endlessCache{c} })},
	"a cache that drops all after 101":            {"5000 that were put at once", cacheTest(func(c core.ValueCache) core.ValueCache { return droppingCache{c} })},
	"a cache that has more room than it can have": {"between 0 and the total", cacheTest(func(c core.ValueCache) core.ValueCache { return roomyCache{c} })},
	"a cache that always has the same room":       {"with a value of", cacheTest(func(c core.ValueCache) core.ValueCache { return constantCache{c} })},
	"a cache that shows a value in parts":         {"part of a value was read", cacheTest(func(c core.ValueCache) core.ValueCache { return partialCache{c} })},
}

func cacheTest(spoil func(core.ValueCache) core.ValueCache) func(*testing.T) {
	return func(t *testing.T) {
		porttest.TestValueCache(t, func(*testing.T) porttest.DamageableCache {
			c := new(memory.ValueCache)
			return porttest.DamageableCache{ValueCache: spoil(c), Flush: c.Flush, Evict: c.Evict, Damage: c.Damage}
		})
	}
}

type repeatingCache struct{ core.ValueCache }

func (c repeatingCache) List(ctx context.Context, _ core.Position, limit int) ([]core.Summary, error) {
	return c.ValueCache.List(ctx, core.Position{}, limit)
}

type endlessCache struct{ core.ValueCache }

func (c endlessCache) List(_ context.Context, after core.Position, limit int) ([]core.Summary, error) {
	page := make([]core.Summary, limit)
	for i := range page {
		if after.IsZero() {
			after.CalculatedAt = time.Now()
		}
		after.CalculatedAt = after.CalculatedAt.Add(-time.Microsecond)
		page[i].CalculatedAt = after.CalculatedAt
	}
	return page, nil
}

type droppingCache struct{ core.ValueCache }

func (c droppingCache) Put(ctx context.Context, values ...core.Value) error {
	return c.ValueCache.Put(ctx, values[:min(len(values), 101)]...)
}

type roomyCache struct{ core.ValueCache }

func (c roomyCache) Room(context.Context) (core.Room, error) {
	return core.Room{Total: 1 << 20, Free: 1 << 21}, nil
}

type constantCache struct{ core.ValueCache }

func (c constantCache) Room(context.Context) (core.Room, error) {
	return core.Room{Total: 1 << 30, Free: 1 << 29}, nil
}

// partialCache stores the leading digits of a long value before all of them.
type partialCache struct{ core.ValueCache }

func (c partialCache) Put(ctx context.Context, values ...core.Value) error {
	for _, v := range values {
		if v.Magnitude.DigitCount() < 100_000 {
			continue
		}
		part := v
		part.Magnitude, _ = decimal.Parse(string(v.Magnitude.AppendDigits(nil, 0, v.Magnitude.DigitCount()/2)))
		if err := c.ValueCache.Put(ctx, part); err != nil {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return c.ValueCache.Put(ctx, values...)
}
