package porttest

import (
	"slices"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// The part of the IndexStore's contract that is about its lists.

func list(t *testing.T, s core.IndexStore, before int64, limit int) []core.Record {
	t.Helper()
	page, err := s.List(t.Context(), before, limit)
	must(t, err)
	if len(page) > limit {
		t.Fatalf("List returned %d records; it must return no more than the limit, %d", len(page), limit)
	}
	for _, r := range page {
		if before > 0 && r.Sequence >= before || r.Sequence <= 0 {
			t.Fatalf("List returned sequence %d; it must return positive ones below %d, newest first", r.Sequence, before)
		}
		before = r.Sequence
	}
	return page
}

// listAll lists all records, of which there are count.
func listAll(t *testing.T, s core.IndexStore, count, limit int) (indices []core.Index) {
	t.Helper()
	for before := int64(0); ; {
		page := list(t, s, before, limit)
		if len(page) == 0 {
			return indices
		}
		for _, r := range page {
			indices, before = append(indices, r.Index), r.Sequence
		}
		if len(indices) > count {
			t.Fatalf("List returned %d records of %d; the pages must end", len(indices), count)
		}
	}
}

func listUnfinished(t *testing.T, s core.IndexStore, generation string, limit int) []core.Index {
	t.Helper()
	indices, err := s.Unfinished(t.Context(), generation, limit)
	must(t, err)
	if len(indices) > limit {
		t.Fatalf("Unfinished returned %d indices; it must return no more than the limit, %d", len(indices), limit)
	}
	return indices
}

func listPages(t *testing.T, s core.IndexStore) {
	var want []core.Index
	for n := range core.Index(25) {
		submit(t, s, noon, n*3)
		want = append([]core.Index{n * 3}, want...)
	}
	if got := listAll(t, s, len(want), 10); !slices.Equal(got, want) {
		t.Errorf("the pages held %v, want %v", got, want)
	}
}

func listWhileRecording(t *testing.T, s core.IndexStore) {
	submit(t, s, noon, 1, 2, 3, 4)
	page := list(t, s, 0, 2)
	if len(page) != 2 {
		t.Fatalf("a page of two held %d records of four", len(page))
	}
	submit(t, s, noon.Add(time.Second), 5, 1, 4)
	var got []core.Index
	for _, r := range append(page, list(t, s, page[1].Sequence, 10)...) {
		got = append(got, r.Index)
	}
	slices.Sort(got)
	if !slices.Equal(got, []core.Index{1, 2, 3, 4}) {
		t.Errorf("two pages, with records made in between, held %v", got)
	}
}

func listAfterMark(t *testing.T, s core.IndexStore) {
	submit(t, s, noon, 1, 2)
	markCalculated(t, s, 1, "g")
	all := list(t, s, 0, 10)
	if len(all) != 2 {
		t.Errorf("%d records of two indices", len(all))
	}
	for _, r := range all {
		if r != lookup(t, s, r.Index) {
			t.Errorf("List has %+v, Lookup %+v", r, lookup(t, s, r.Index))
		}
	}
}

func listEmpty(t *testing.T, s core.IndexStore) {
	if all, open := list(t, s, 0, 10), listUnfinished(t, s, "g", 10); len(all) != 0 || len(open) != 0 {
		t.Errorf("an empty store lists %v and %v", all, open)
	}
}

func unfinished(t *testing.T, s core.IndexStore) {
	submit(t, s, noon, 1, 2, 3, 4)
	markCalculated(t, s, 2, "old")
	markCalculated(t, s, 3, "new")
	_, err := s.MarkFailed(t.Context(), 4, lookup(t, s, 4).Revision, "no")
	must(t, err)
	for generation, want := range map[string][]core.Index{
		"old": {1, 3}, "new": {1, 2}, "newest": {1, 2, 3},
	} {
		got := listUnfinished(t, s, generation, 10)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("unfinished in generation %q: %v, want %v", generation, got, want)
		}
	}
}

func unfinishedOrder(t *testing.T, s core.IndexStore) {
	for i, n := range []core.Index{30, 10, 20, 40} {
		submit(t, s, noon.Add(time.Duration(i)*time.Second), n)
	}
	markCalculated(t, s, 20, "old")
	submit(t, s, noon.Add(time.Minute), 30)
	got := listUnfinished(t, s, "new", 3)
	if want := []core.Index{30, 40, 20}; !slices.Equal(got, want) {
		t.Errorf("unfinished %v, want %v", got, want)
	}
}
