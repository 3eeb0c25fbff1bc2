package porttest

import (
	"testing"

	"github.com/pisano-dev/pisano/core"
)

// The part of the ValueCache's contract that is about lost and damaged values.

func generation(t *testing.T, c core.ValueCache) string {
	t.Helper()
	g, err := c.Generation(t.Context())
	must(t, err)
	return g
}

func generationChanges(t *testing.T, c DamageableCache) {
	put(t, c, 1, "1", noon)
	before := generation(t, c)
	c.Flush()
	after := generation(t, c)
	if before == after {
		t.Errorf("generation %q before and after a flush", after)
	}
	if again := generation(t, c); again != after {
		t.Errorf("generation %q, then %q, with nothing lost", after, again)
	}
}

func generationStays(t *testing.T, c DamageableCache) {
	before := generation(t, c)
	put(t, c, 1, "1", noon)
	put(t, c, 2, "1", noon)
	c.Evict(1)
	if after := generation(t, c); after != before {
		t.Errorf("generation %q, after an eviction %q", before, after)
	}
}

func damagedChunk(t *testing.T, c DamageableCache) {
	for k := range 3 {
		put(t, c, 1, longText, noon)
		c.Damage(1, k)
		_, err := c.Digits(t.Context(), 1, 0, int64(len(longText)))
		wantKind(t, err, core.KindNotFound)
		gone(t, c, 1)
	}
}

func damagedSummary(t *testing.T, c DamageableCache) {
	put(t, c, 1, "123", noon)
	put(t, c, 2, "456", noon)
	c.Damage(1, -1)
	gone(t, c, 1)
	put(t, c, 1, "123", noon)
	c.Damage(1, -1)
	wantIndices(t, listValues(t, c, 2, 10), 2)
	gone(t, c, 1)
}

// gone checks that nothing of a value is left, and that it can come back.
func gone(t *testing.T, c DamageableCache, n core.Index) {
	t.Helper()
	found, err := c.Summaries(t.Context(), n)
	must(t, err)
	if len(found) != 0 {
		t.Errorf("a damaged value is still there: %+v", found)
	}
	_, err = c.Digits(t.Context(), n, 0, 1)
	wantKind(t, err, core.KindNotFound)
	put(t, c, n, "5", noon)
	got, err := c.Digits(t.Context(), n, 0, 1)
	must(t, err)
	if string(got) != "5" {
		t.Errorf("put again, its digits are %q", got)
	}
}
