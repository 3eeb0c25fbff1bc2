package memory_test

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/core/porttest"
)

func TestIndexStore(t *testing.T) {
	t.Parallel()
	porttest.TestIndexStore(t, func(*testing.T) core.IndexStore { return new(memory.IndexStore) })
}

func TestValueCache(t *testing.T) {
	t.Parallel()
	porttest.TestValueCache(t, func(*testing.T) porttest.DamageableCache {
		c := new(memory.ValueCache)
		return porttest.DamageableCache{ValueCache: c, Flush: c.Flush, Evict: c.Evict, Damage: c.Damage}
	})
}

func TestWorkQueue(t *testing.T) {
	t.Parallel()
	porttest.TestWorkQueue(t, func(_ *testing.T, lease time.Duration) (a, b core.WorkQueue) {
		q := memory.NewWorkQueue(lease)
		return q, q
	})
}

func TestWorkerRegistry(t *testing.T) {
	t.Parallel()
	porttest.TestWorkerRegistry(t, func(*testing.T) (a, b core.WorkerRegistry) {
		r := new(memory.WorkerRegistry)
		return r, r
	})
}

func TestEvents(t *testing.T) {
	t.Parallel()
	porttest.TestEvents(t, func(*testing.T) (a, b core.Events) {
		e := new(memory.Events)
		return e, e
	})
}
