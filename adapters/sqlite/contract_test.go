package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/porttest"
)

// open opens a data file as a process would; it is closed with the test.
func open(t *testing.T, file string) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func newFile(t *testing.T) string { return filepath.Join(t.TempDir(), "pisano.db") }

// vandal returns a way to change the file behind the adapter's back.
func vandal(t *testing.T, file string) func(statement string, args ...any) {
	t.Helper()
	raw, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = raw.Close() })
	return func(statement string, args ...any) {
		t.Helper()
		if _, err := raw.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPruner_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestPruner(t, func(t *testing.T) porttest.PrunableStore {
		return open(t, newFile(t)).IndexStore()
	})
}

func TestIndexStore_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestIndexStore(t, func(t *testing.T) core.IndexStore {
		return open(t, newFile(t)).IndexStore()
	})
}

func TestValueCache_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestValueCache(t, func(t *testing.T) porttest.DamageableCache {
		file := newFile(t)
		db := open(t, file)
		exec := vandal(t, file)
		evict := func(n core.Index) {
			exec("DELETE FROM summaries WHERE n = ?", int64(n))
			exec("DELETE FROM chunks WHERE n = ?", int64(n))
		}
		return porttest.DamageableCache{
			ValueCache: db.ValueCache(0),
			Evict:      evict,
			Flush: func() {
				exec("DELETE FROM summaries")
				exec("DELETE FROM chunks")
				exec("UPDATE generation SET name = lower(hex(randomblob(8)))")
			},
			Damage: func(n core.Index, k int) {
				const flip = " SET data = CAST(substr(data, 1, length(data)/2) || char(0) || substr(data, length(data)/2 + 2) AS BLOB) WHERE n = ?"
				if k < 0 {
					exec("UPDATE summaries"+flip, int64(n))
					return
				}
				exec("UPDATE chunks"+flip+" AND k = ?", int64(n), k)
			},
		}
	})
}

func TestWorkQueue_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestWorkQueue(t, func(t *testing.T, lease time.Duration) (a, b core.WorkQueue) {
		file := newFile(t)
		return open(t, file).WorkQueue(lease), open(t, file).WorkQueue(lease)
	})
}

func TestWorkQueue_KeepsItsContractWhenTheClockIsSet(t *testing.T) {
	t.Parallel()
	porttest.TestWorkQueueClock(t, func(t *testing.T, lease time.Duration, now func() time.Time) core.WorkQueue {
		db := open(t, newFile(t))
		db.SetClock(now)
		return db.WorkQueue(lease)
	})
}

func TestWorkerRegistry_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestWorkerRegistry(t, func(t *testing.T) (a, b core.WorkerRegistry) {
		file := newFile(t)
		return open(t, file).WorkerRegistry(), open(t, file).WorkerRegistry()
	})
}

func TestWorkerRegistry_KeepsItsContractWhenTheClockIsSet(t *testing.T) {
	t.Parallel()
	porttest.TestWorkerRegistryClock(t, func(t *testing.T, now func() time.Time) core.WorkerRegistry {
		db := open(t, newFile(t))
		db.SetClock(now)
		return db.WorkerRegistry()
	})
}

func TestEvents_KeepTheirContract(t *testing.T) {
	t.Parallel()
	porttest.TestEvents(t, func(t *testing.T) (a, b core.Events) {
		file := newFile(t)
		return open(t, file).Events(), open(t, file).Events()
	})
}
