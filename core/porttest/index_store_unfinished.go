package porttest

import (
	"slices"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// The part of the IndexStore's contract that is about the records that need a
// value.

func listPending(t *testing.T, s core.IndexStore, order core.Order, limit int) []core.Index {
	t.Helper()
	indices, err := s.Pending(t.Context(), order, limit)
	must(t, err)
	if len(indices) > limit {
		t.Fatalf("Pending returned %d indices; it must return no more than the limit, %d", len(indices), limit)
	}
	return indices
}

func listLost(t *testing.T, s core.IndexStore, generation string, order core.Order, limit int) []core.Index {
	t.Helper()
	indices, err := s.Lost(t.Context(), generation, order, limit)
	must(t, err)
	if len(indices) > limit {
		t.Fatalf("Lost returned %d indices; it must return no more than the limit, %d", len(indices), limit)
	}
	count, err := s.CountLost(t.Context(), generation, limit)
	must(t, err)
	if count != len(indices) {
		t.Errorf("CountLost returned %d; it must return the number of indices that Lost returns, %d", count, len(indices))
	}
	return indices
}

// unfinishedRecords submits 1 to 9, a second apart, and submits 3 again. 1 to 3
// are pending, 4 and 5 calculated into "a", 6 and 7 into "b" and 8 into "c"; 9 has
// failed.
func unfinishedRecords(t *testing.T, s core.IndexStore) {
	t.Helper()
	for n := range core.Index(9) {
		submit(t, s, noon.Add(time.Duration(n)*time.Second), n+1)
	}
	for n, generation := range map[core.Index]string{4: "a", 5: "a", 6: "b", 7: "b", 8: "c"} {
		markCalculated(t, s, n, generation)
	}
	_, err := s.MarkFailed(t.Context(), 9, lookup(t, s, 9).Revision, "no")
	must(t, err)
	submit(t, s, noon.Add(time.Minute), 3)
}

func pendingOrder(t *testing.T, s core.IndexStore) {
	unfinishedRecords(t, s)
	must(t, s.Reopen(t.Context(), 5))
	for order, want := range map[core.Order][]core.Index{core.NewestFirst: {3, 5, 2, 1}, core.OldestFirst: {1, 2, 5, 3}} {
		for _, limit := range []int{1, 3, 4, 10} {
			got := listPending(t, s, order, limit)
			if want := want[:min(limit, len(want))]; !slices.Equal(got, want) {
				t.Errorf("Pending returned %v with the limit %d and the order %v, want %v", got, limit, order, want)
			}
		}
	}
}

func lostOrder(t *testing.T, s core.IndexStore) {
	unfinishedRecords(t, s)
	// Seen again, without a reason to calculate it again.
	_, err := s.Record(t.Context(), noon.Add(time.Minute), []core.Submission{{Index: 4, Count: 1}})
	must(t, err)
	for generation, want := range map[string][]core.Index{
		"a": {8, 7, 6}, "b": {4, 8, 5}, "c": {4, 7, 6, 5}, "": {4, 8, 7, 6, 5}, "z": {4, 8, 7, 6, 5},
	} {
		for _, order := range []core.Order{core.NewestFirst, core.OldestFirst} {
			for _, limit := range []int{1, 3, 10} {
				got := listLost(t, s, generation, order, limit)
				if want := want[:min(limit, len(want))]; !slices.Equal(got, want) {
					t.Errorf("Lost returned %v in generation %q with the limit %d and the order %v, want %v", got, generation, limit, order, want)
				}
			}
			slices.Reverse(want)
		}
	}
}

func lostAgain(t *testing.T, s core.IndexStore) {
	submit(t, s, noon, 1)
	for _, generation := range []string{"a", "b"} {
		markCalculated(t, s, 1, generation)
		if got := listLost(t, s, generation, core.NewestFirst, 10); len(got) != 0 {
			t.Errorf("Lost returned %v in generation %q, into which they are calculated", got, generation)
		}
		if got := listLost(t, s, "c", core.NewestFirst, 10); !slices.Equal(got, []core.Index{1}) {
			t.Errorf("Lost returned %v in generation \"c\", want 1, calculated into %q", got, generation)
		}
	}
	must(t, s.Reopen(t.Context(), 1))
	if got := listLost(t, s, "c", core.NewestFirst, 10); len(got) != 0 {
		t.Errorf("Lost returned %v, which is pending", got)
	}
}
