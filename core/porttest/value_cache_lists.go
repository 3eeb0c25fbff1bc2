package porttest

import (
	"slices"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// The part of the ValueCache's contract that is about its list.

// listValues lists the indices of all values, of which there are count.
func listValues(t *testing.T, c core.ValueCache, count, limit int) (indices []core.Index) {
	t.Helper()
	for after := (core.Position{}); ; {
		page, err := c.List(t.Context(), after, limit)
		must(t, err)
		if len(page) == 0 {
			return indices
		}
		if len(page) > limit {
			t.Fatalf("List returned %d values; it must return no more than the limit, %d", len(page), limit)
		}
		for _, s := range page {
			if !after.IsZero() && !after.Before(s.Position()) {
				t.Fatalf("List returned %+v; it must return what comes after %+v, newest first", s.Position(), after)
			}
			indices, after = append(indices, s.Index), s.Position()
		}
		if len(indices) > count {
			t.Fatalf("List returned %d values of %d; the pages must end", len(indices), count)
		}
	}
}

func wantIndices(t *testing.T, got []core.Index, want ...core.Index) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("the list has the indices %v, want %v", got, want)
	}
}

func valuePages(t *testing.T, c DamageableCache) {
	wantIndices(t, listValues(t, c, 0, 3))
	for i, n := range []core.Index{40, -10, 30, 20} {
		put(t, c, n, "1", noon.Add(time.Duration(i)*time.Microsecond))
	}
	wantIndices(t, listValues(t, c, 4, 3), 20, 30, -10, 40)
	put(t, c, 40, "1", noon.Add(time.Second))
	wantIndices(t, listValues(t, c, 4, 1), 40, 20, 30, -10)
}

func valuesOfOneMoment(t *testing.T, c DamageableCache) {
	for _, n := range []core.Index{9, 100, -3, 0, -20, 11, -core.MaxIndex, core.MaxIndex} {
		put(t, c, n, "1", noon)
	}
	wantIndices(t, listValues(t, c, 8, 3), core.MaxIndex, 100, 11, 9, 0, -3, -20, -core.MaxIndex)
}

func lostValues(t *testing.T, c DamageableCache) {
	for n := range core.Index(6) {
		put(t, c, n, "1", noon)
	}
	c.Evict(5)
	c.Evict(2)
	wantIndices(t, listValues(t, c, 6, 2), 4, 3, 1, 0)
	c.Flush()
	wantIndices(t, listValues(t, c, 6, 2))
}
