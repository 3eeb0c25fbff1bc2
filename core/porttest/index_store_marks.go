package porttest

import (
	"slices"
	"sync"
	"testing"

	"github.com/pisano-dev/pisano/core"
)

// The part of the IndexStore's contract that is about marking records.

func unknownRecord(t *testing.T, s core.IndexStore) {
	wantKind(t, s.Reopen(t.Context(), 404), core.KindNotFound)
	marked, err := s.MarkCalculated(t.Context(), "g", core.Mark{Index: 404, Revision: 1})
	if len(marked) != 0 || err != nil {
		t.Errorf("MarkCalculated of an unknown index: %v, %v", marked, err)
	}
	if marked, err := s.MarkFailed(t.Context(), 404, 1, "no"); marked || err != nil {
		t.Errorf("MarkFailed of an unknown index: %v, %v", marked, err)
	}
	if records, err := s.Lookup(t.Context(), 404); len(records) != 0 || err != nil {
		t.Errorf("an index that was never submitted has the records %v, %v", records, err)
	}
}

func outdatedMark(t *testing.T, s core.IndexStore) {
	old := submit(t, s, noon, 9)[0].Revision
	submit(t, s, noon, 9)
	if marked, err := s.MarkCalculated(t.Context(), "g", core.Mark{Index: 9, Revision: old}); len(marked) != 0 || err != nil {
		t.Errorf("MarkCalculated with an outdated revision: %v, %v", marked, err)
	}
	if marked, err := s.MarkFailed(t.Context(), 9, old, "no"); marked || err != nil {
		t.Errorf("MarkFailed with an outdated revision: %v, %v", marked, err)
	}
	if r := lookup(t, s, 9); r.State != core.StatePending {
		t.Errorf("state %v after marks with an outdated revision", r.State)
	}
}

func failedLate(t *testing.T, s core.IndexStore) {
	r := submit(t, s, noon, 9)[0]
	_, err := s.MarkCalculated(t.Context(), "g", core.Mark{Index: 9, Revision: r.Revision})
	must(t, err)
	if marked, err := s.MarkFailed(t.Context(), 9, r.Revision, "no"); marked || err != nil {
		t.Errorf("MarkFailed of a record that is calculated: %v, %v", marked, err)
	}
	if r := lookup(t, s, 9); r.State != core.StateCalculated || r.Generation != "g" || r.Reason != "" {
		t.Errorf("after a late MarkFailed: %+v, want it calculated", r)
	}
}

func someMarked(t *testing.T, s core.IndexStore) {
	records := submit(t, s, noon, 5, -3, 1, 8)
	marks := []core.Mark{{Index: 404, Revision: 1}}
	for _, r := range records {
		marks = append(marks, core.Mark{Index: r.Index, Revision: r.Revision})
	}
	must(t, s.Reopen(t.Context(), 1)) // its mark is outdated
	marked, err := s.MarkCalculated(t.Context(), "g", append(marks, marks[1], core.Mark{Index: 8, Revision: 77})...)
	must(t, err)
	if len(marked) != 3 || !marked[5] || !marked[-3] || !marked[8] {
		t.Errorf("MarkCalculated returned %v; it must return the indices that it marked: 5, -3 and 8", marked)
	}
	for n, want := range map[core.Index]core.State{5: core.StateCalculated, -3: core.StateCalculated, 8: core.StateCalculated, 1: core.StatePending} {
		r := lookup(t, s, n)
		if r.State != want || want == core.StateCalculated && r.Generation != "g" {
			t.Errorf("after MarkCalculated: %+v, want it %v", r, want)
		}
	}
}

func concurrentMarks(t *testing.T, s core.IndexStore) {
	const count, rounds = 50, 5
	indices := sequence(0, count)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			order := slices.Clone(indices)
			if i%2 == 0 {
				slices.Reverse(order)
			}
			for range rounds {
				records, err := s.Record(t.Context(), noon, submissions(order...))
				if err != nil {
					t.Errorf("Record: %v", err)
					return
				}
				var marks []core.Mark
				for _, r := range records {
					marks = append(marks, core.Mark{Index: r.Index, Revision: r.Revision})
				}
				if _, err := s.MarkCalculated(t.Context(), "g", marks...); err != nil {
					t.Errorf("MarkCalculated: %v", err)
				}
			}
		})
	}
	all.Wait()
	for _, n := range indices {
		markCalculated(t, s, n, "h")
	}
}

func markCalculated(t *testing.T, s core.IndexStore, n core.Index, generation string) {
	t.Helper()
	marked, err := s.MarkCalculated(t.Context(), generation, core.Mark{Index: n, Revision: lookup(t, s, n).Revision})
	must(t, err)
	if len(marked) != 1 || !marked[n] {
		t.Fatalf("MarkCalculated(%d) with the current revision returned %v; it must mark the record", n, marked)
	}
}
