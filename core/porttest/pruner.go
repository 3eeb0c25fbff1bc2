package porttest

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// PrunableStore is an IndexStore that can delete old records.
type PrunableStore interface {
	core.IndexStore
	core.Pruner
}

// TestPruner checks the contract of core.Pruner. open returns a store that holds
// nothing; subtests call it in parallel.
func TestPruner(t *testing.T, open func(t *testing.T) PrunableStore) {
	for name, test := range map[string]func(*testing.T, PrunableStore){
		"Prune/only final records that are old enough": pruneOld,
		"Prune/up to the limit, until none is left":    pruneBatches,
		"Prune/of every generation":                    pruneGenerations,
		"Prune/a deleted index is new again":           pruneAndSubmit,
		"Prune/concurrent submissions are kept":        pruneConcurrently,
		"Prune/an empty store":                         func(t *testing.T, s PrunableStore) { wantPruned(t, s, noon, 10, 0) },
		"Prune/a cancelled context":                    pruneCanceled,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, open(t)) })
	}
}

// wantPruned prunes and fails the test unless so many records are deleted.
func wantPruned(t *testing.T, s PrunableStore, before time.Time, limit, want int) {
	t.Helper()
	deleted, err := s.Prune(t.Context(), before, limit)
	must(t, err)
	if deleted != want {
		t.Errorf("Prune deleted %d records, want %d", deleted, want)
	}
}

// kept returns those of the indices that have a record.
func kept(t *testing.T, s core.IndexStore, indices ...core.Index) (kept []core.Index) {
	t.Helper()
	records, err := s.Lookup(t.Context(), indices...)
	must(t, err)
	for _, n := range indices {
		if _, there := records[n]; there {
			kept = append(kept, n)
		}
	}
	return kept
}

func markFailed(t *testing.T, s core.IndexStore, n core.Index) {
	t.Helper()
	_, err := s.MarkFailed(t.Context(), n, lookup(t, s, n).Revision, "It was too hot.")
	must(t, err)
}

func pruneOld(t *testing.T, s PrunableStore) {
	const calculated, failed, pending, reopened, again, exact, late = 1, 2, 3, 4, 5, 6, 7
	submit(t, s, noon, calculated, failed, pending, reopened, again)
	submit(t, s, noon.Add(time.Hour), exact)
	submit(t, s, noon.Add(2*time.Hour), late)
	for _, n := range []core.Index{calculated, reopened, again, exact, late} {
		markCalculated(t, s, n, "g")
	}
	markFailed(t, s, failed)
	must(t, s.Reopen(t.Context(), reopened))
	_, err := s.Record(t.Context(), noon.Add(time.Hour), []core.Submission{{Index: again, Count: 1}})
	must(t, err)

	wantPruned(t, s, noon.Add(time.Hour), 100, 2)
	all := []core.Index{calculated, failed, pending, reopened, again, exact, late}
	if got := kept(t, s, all...); !slices.Equal(got, all[2:]) {
		t.Errorf("%v are kept; only %d and %d are final and were last seen before", got, calculated, failed)
	}
	if got := list(t, s, 0, 10); len(got) != 5 {
		t.Errorf("%d records are listed of 5 that are kept", len(got))
	}
	wantPruned(t, s, noon.Add(time.Hour), 100, 0)
}

func pruneBatches(t *testing.T, s PrunableStore) {
	indices := sequence(0, 25)
	submit(t, s, noon, indices...)
	for i, n := range indices {
		if i%2 == 0 {
			markCalculated(t, s, n, "g")
		} else {
			markFailed(t, s, n)
		}
	}
	for _, want := range []int{10, 10, 5, 0} {
		wantPruned(t, s, noon.Add(time.Hour), 10, want)
	}
	if left := kept(t, s, indices...); len(left) != 0 {
		t.Errorf("%v are left", left)
	}
}

func pruneGenerations(t *testing.T, s PrunableStore) {
	submit(t, s, noon, 1, 2, 3)
	for n, generation := range map[core.Index]string{1: "a", 2: "b", 3: ""} {
		markCalculated(t, s, n, generation)
	}
	wantPruned(t, s, noon.Add(time.Hour), 10, 3)
}

func pruneAndSubmit(t *testing.T, s PrunableStore) {
	before := submit(t, s, noon, 1, 2)
	markCalculated(t, s, 2, "g")
	wantPruned(t, s, noon.Add(time.Hour), 10, 1)
	r := submit(t, s, noon.Add(2*time.Hour), 2)[0]
	if r.State != core.StatePending || r.Submissions != 1 || r.FirstSeenAt != noon.Add(2*time.Hour) || r.Sequence <= before[1].Sequence {
		t.Errorf("an index whose record was deleted is submitted: %+v, it was %+v", r, before[1])
	}
	if got := listAll(t, s, 2, 1); !slices.Equal(got, []core.Index{2, 1}) {
		t.Errorf("the list is %v", got)
	}
}

// Each index is submitted again while others prune: its record may be deleted before
// that, not after.
func pruneConcurrently(t *testing.T, s PrunableStore) {
	indices := sequence(0, 200)
	submit(t, s, noon, indices...)
	for _, n := range indices {
		markCalculated(t, s, n, "g")
	}
	later := noon.Add(time.Hour)
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for range 20 {
				if _, err := s.Prune(t.Context(), later, 10); err != nil {
					t.Errorf("Prune: %v", err)
				}
			}
		})
	}
	for n := range slices.Chunk(indices, 10) {
		all.Go(func() {
			for range 3 {
				if _, err := s.Record(t.Context(), later, submissions(n...)); err != nil {
					t.Errorf("Record: %v", err)
				}
			}
		})
	}
	all.Wait()
	records, err := s.Lookup(t.Context(), indices...)
	must(t, err)
	for _, n := range indices {
		if r := records[n]; r.LastSeenAt != later || r.Submissions < 3 || r.State != core.StatePending {
			t.Fatalf("after it was submitted three times, while others pruned: %+v", r)
		}
	}
}

func pruneCanceled(t *testing.T, s PrunableStore) {
	submit(t, s, noon, 1)
	markCalculated(t, s, 1, "g")
	canceled(t, map[string]func(context.Context) error{
		"Prune": func(ctx context.Context) error { return second(s.Prune(ctx, noon.Add(time.Hour), 1)) },
	})
	if len(kept(t, s, 1)) != 1 {
		t.Error("a call that was cancelled before it began deleted a record")
	}
}
