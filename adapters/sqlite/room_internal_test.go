package sqlite

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// valueOf makes a value of so many bytes, calculated n seconds after noon.
func valueOf(n core.Index, bytes int) core.Value {
	noon := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	return core.Value{
		Index: n, Magnitude: decimal.FromWords(slices.Repeat([]uint64{1234567890123456789}, bytes/8)),
		CalculatedAt: noon.Add(time.Duration(n) * time.Second), Duration: time.Second,
	}
}

// TestPut_OthersWriteWhileALowerBudgetIsReached: what is beyond it is evicted in
// steps, and a write that waits has its turn after the first.
func TestPut_OthersWriteWhileALowerBudgetIsReached(t *testing.T) {
	t.Parallel()
	const before, after, step = 8 << 20, 1 << 20, 300_000
	file := filepath.Join(t.TempDir(), "pisano.db")
	synctest.Test(t, func(t *testing.T) {
		db, err := Open(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for n := range core.Index(20) {
			if err := db.ValueCache(before).Put(t.Context(), valueOf(n, 200_000)); err != nil {
				t.Fatal(err)
			}
		}
		full, err := usedByValues(t.Context(), db.read)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.writes.Begin(t.Context()); err != nil {
			t.Fatal(err)
		}
		cache := db.ValueCache(after)
		cache.step = step
		ctx, cancel := context.WithCancel(t.Context())
		put, wrote := make(chan error, 1), make(chan error, 1)
		go func() { put <- cache.Put(ctx, valueOf(20, 200_000)) }()
		synctest.Wait() // it waits for its turn
		var used int64
		go func() {
			wrote <- db.update(t.Context(), func(tx transaction) (err error) {
				used, err = tx.usedByValues()
				return err
			})
		}()
		synctest.Wait()
		db.writes.End()
		if err := <-wrote; err != nil {
			t.Fatal(err)
		}
		if used >= full || used < full-2*step {
			t.Errorf("%d bytes of %d were used when another wrote after the first step", used, full)
		}
		cancel()
		if err := <-put; err == nil {
			t.Error("a Put that was canceled returns no error")
		}
		if left, err := usedByValues(t.Context(), db.read); err != nil || left > used {
			t.Errorf("after that %d bytes are used, %v; %d were", left, err, used)
		}
		if err := cache.Put(t.Context(), valueOf(20, 200_000)); err != nil {
			t.Error(err)
		}
		if left, err := usedByValues(t.Context(), db.read); err != nil || left > after {
			t.Errorf("%d bytes are used of %d, %v", left, after, err)
		}
	})
}

// A budget of 0 would be none: see ValueCache.
func TestDefaultBudget_IsAMebibyteAtLeast(t *testing.T) {
	t.Parallel()
	db := openForProbe(t)
	for _, free := range []int64{0, 1 << 20, 100 << 20, 1 << 50} {
		db.diskFree = func() (int64, bool) { return free, true }
		budget := db.ValueCache(0).budget
		if budget < minDefaultBudget || budget > maxDefaultBudget || free < maxDefaultBudget && budget > minDefaultBudget+free {
			t.Errorf("with %d bytes free the budget is %d", free, budget)
		}
	}
}

func TestPut_NamesTheValueThatDidNotFit(t *testing.T) {
	t.Parallel()
	db := openForProbe(t)
	limitPages(t, db, 20)
	err := db.ValueCache(8<<20).Put(t.Context(), valueOf(1, 4000), valueOf(2, 800_000), valueOf(3, 4000))
	if core.KindOf(err) != core.KindOverloaded || !strings.Contains(err.Error(), "F(2)") {
		t.Errorf("error %v", err)
	}
}
