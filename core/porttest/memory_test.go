package porttest_test

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/porttest"
)

func TestMemoryIndexStore(t *testing.T) {
	t.Parallel()
	porttest.TestIndexStore(t, func(*testing.T) core.IndexStore { return new(porttest.MemoryIndexStore) })
}

func TestMemoryValueCache(t *testing.T) {
	t.Parallel()
	porttest.TestValueCache(t, func(*testing.T) porttest.DamageableCache {
		c := new(porttest.MemoryValueCache)
		return porttest.DamageableCache{ValueCache: c, Flush: c.Flush, Evict: c.Evict, Damage: c.Damage}
	})
}

func TestMemoryWorkQueue(t *testing.T) {
	t.Parallel()
	porttest.TestWorkQueue(t, func(_ *testing.T, claimPeriod time.Duration) (a, b core.WorkQueue) {
		q := porttest.NewMemoryWorkQueue(claimPeriod)
		return q, q
	})
}

func TestMemoryEvents(t *testing.T) {
	t.Parallel()
	porttest.TestEvents(t, func(*testing.T) (a, b core.Events) {
		e := new(porttest.MemoryEvents)
		return e, e
	})
}
