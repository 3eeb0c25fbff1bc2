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
	all := list(t, s, 0, 10)
	open := append(listPending(t, s, core.NewestFirst, 10), listLost(t, s, "g", core.NewestFirst, 10)...)
	if len(all) != 0 || len(open) != 0 {
		t.Errorf("an empty store lists %v and %v", all, open)
	}
}
