package sqlite_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// value makes a value of so many bytes, calculated n seconds after noon.
func value(n core.Index, bytes int) core.Value {
	words := slices.Repeat([]uint64{1234567890123456789}, bytes/8)
	noon := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	return core.Value{Index: n, Magnitude: decimal.FromWords(words), CalculatedAt: noon.Add(time.Duration(n) * time.Second), Duration: time.Second}
}

// indicesOf returns the indices of all values, newest first.
func indicesOf(t *testing.T, cache core.ValueCache) []core.Index {
	t.Helper()
	list, err := cache.List(t.Context(), core.Position{}, 1000)
	must(t, err)
	indices := make([]core.Index, len(list))
	for i, s := range list {
		indices[i] = s.Index
	}
	return indices
}

func sizeOfFile(t *testing.T, file string) int64 {
	t.Helper()
	info, err := os.Stat(file)
	must(t, err)
	return info.Size()
}

func TestPut_KeepsTheBudgetAndTheNewest(t *testing.T) {
	t.Parallel()
	const budget, count = 4 << 20, 100
	file := newFile(t)
	db := open(t, file)
	cache := db.ValueCache(budget)
	for n := range core.Index(count) {
		must(t, cache.Put(t.Context(), value(n, 200_000)))
		if total, used := sqlite.Usage(t, cache); total != budget || used > budget || used < 200_000 {
			t.Fatalf("after %d values %d bytes of %d are used", n+1, used, total)
		}
	}
	kept := indicesOf(t, cache)
	if len(kept) < 15 || kept[0] != count-1 || kept[len(kept)-1] != count-core.Index(len(kept)) {
		t.Errorf("kept are %v", kept)
	}
	if _, err := cache.Digits(t.Context(), kept[len(kept)-1], 0, 100); err != nil {
		t.Error(err)
	}
	must(t, db.Close())
	if size := sizeOfFile(t, file); size > budget*5/4 {
		t.Errorf("the file has %d bytes; the budget is %d", size, budget)
	}
}

// TestPut_CountsWhatValuesTake compares the count, which triggers keep, to the
// size of the file.
func TestPut_CountsWhatValuesTake(t *testing.T) {
	t.Parallel()
	for name, bytes := range map[string]int{"short": 40, "of some chunks": 300_000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := newFile(t)
			db := open(t, file)
			cache := db.ValueCache(1 << 30)
			var all []core.Value
			for n := range core.Index(max(20, 200_000/bytes)) {
				all = append(all, value(n, bytes))
			}
			empty, err := os.Stat(file)
			must(t, err)
			must(t, cache.Put(t.Context(), all...))
			must(t, cache.Put(t.Context(), all...)) // each replaces itself
			_, used := sqlite.Usage(t, cache)
			must(t, db.Close())
			if grown := sizeOfFile(t, file) - empty.Size(); used < grown*7/10 || used > grown*13/10 {
				t.Errorf("%d bytes are counted; the file grew by %d", used, grown)
			}
		})
	}
}

func TestPut_AValueLargerThanTheBudgetEvictsNothing(t *testing.T) {
	t.Parallel()
	cache := open(t, newFile(t)).ValueCache(1 << 20)
	must(t, cache.Put(t.Context(), value(1, 100_000)))
	err := cache.Put(t.Context(), value(2, 2<<20))
	if core.KindOf(err) != core.KindOverloaded {
		t.Errorf("error %v", err)
	}
	t.Log(err)
	if kept := indicesOf(t, cache); !slices.Equal(kept, []core.Index{1}) {
		t.Errorf("kept are %v", kept)
	}
}

// A budget that was reduced is kept from the next value on.
func TestPut_KeepsASmallerBudget(t *testing.T) {
	t.Parallel()
	db := open(t, newFile(t))
	for n := range core.Index(20) {
		must(t, db.ValueCache(8<<20).Put(t.Context(), value(n, 200_000)))
	}
	smaller := db.ValueCache(1 << 20)
	must(t, smaller.Put(t.Context(), value(20, 200_000)))
	if _, used := sqlite.Usage(t, smaller); used > 1<<20 {
		t.Errorf("%d bytes are used of %d", used, 1<<20)
	}
	if kept := indicesOf(t, smaller); len(kept) == 0 || kept[0] != 20 {
		t.Errorf("kept are %v", kept)
	}
}

// A file of a program without budgets is counted when it is opened.
func TestOpen_CountsTheValuesOfAnOlderProgram(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	older, err := sqlite.Open(t.Context(), file)
	must(t, err)
	must(t, older.ValueCache(0).Put(t.Context(), value(1, 300_000), value(2, 40)))
	_, want := sqlite.Usage(t, older.ValueCache(0))
	must(t, older.Close())
	exec := vandal(t, file)
	exec("DROP TABLE values_size")
	for _, trigger := range []string{"summary_added", "summary_removed", "chunk_added", "chunk_removed"} {
		exec("DROP TRIGGER " + trigger)
	}
	db := open(t, file)
	if _, used := sqlite.Usage(t, db.ValueCache(0)); used != want || want < 300_000 {
		t.Errorf("%d bytes are counted, want %d", used, want)
	}
}

func TestRoom_IsWhatTheBudgetHasLeft(t *testing.T) {
	t.Parallel()
	const budget = 2 << 20
	cache := open(t, newFile(t)).ValueCache(budget)
	must(t, cache.Put(t.Context(), value(1, 500_000)))
	_, used := sqlite.Usage(t, cache)
	if room, err := cache.Room(t.Context()); err != nil || room.Total != budget || room.Free != budget-used {
		t.Errorf("the room is %+v, %v; %d bytes of %d are used", room, err, used, budget)
	}
}
