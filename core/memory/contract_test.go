package memory_test

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/core/porttest"
)

func TestIndexStore_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestIndexStore(t, func(*testing.T) core.IndexStore { return new(memory.IndexStore) })
}

func TestPruner_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestPruner(t, func(*testing.T) porttest.PrunableStore { return new(memory.IndexStore) })
}

func TestValueCache_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestValueCache(t, func(*testing.T) porttest.DamageableCache {
		c := new(memory.ValueCache)
		return porttest.DamageableCache{ValueCache: c, Flush: c.Flush, Evict: c.Evict, Damage: c.Damage}
	})
}

func TestWorkQueue_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestWorkQueue(t, func(_ *testing.T, lease time.Duration) (a, b core.WorkQueue) {
		q := memory.NewWorkQueue(lease)
		return q, q
	})
}

func TestWorkQueue_KeepsItsContractWhenTheClockIsSet(t *testing.T) {
	t.Parallel()
	porttest.TestWorkQueueClock(t, func(_ *testing.T, lease time.Duration, now func() time.Time) core.WorkQueue {
		q := memory.NewWorkQueue(lease)
		q.SetClock(now)
		return q
	})
}

func TestWorkerRegistry_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestWorkerRegistry(t, func(*testing.T) (a, b core.WorkerRegistry) {
		r := new(memory.WorkerRegistry)
		return r, r
	})
}

func TestWorkerRegistry_KeepsItsContractWhenTheClockIsSet(t *testing.T) {
	t.Parallel()
	porttest.TestWorkerRegistryClock(t, func(_ *testing.T, now func() time.Time) core.WorkerRegistry {
		r := new(memory.WorkerRegistry)
		r.SetClock(now)
		return r
	})
}

func TestEvents_KeepTheirContract(t *testing.T) {
	t.Parallel()
	porttest.TestEvents(t, func(*testing.T) (a, b core.Events) {
		e := new(memory.Events)
		return e, e
	})
}
