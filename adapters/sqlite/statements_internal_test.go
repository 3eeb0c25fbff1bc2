package sqlite

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/pisano-dev/pisano/core"
)

func TestStatements_AreFewForAnyNumberOfIndices(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "pisano.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	const most = 1000
	indices := make([]core.Index, most)
	for i := range indices {
		indices[i] = core.Index(i)
	}
	before := len(db.read.kept)
	for count := 1; count <= most; count += 7 {
		if _, err := db.IndexStore().Lookup(t.Context(), indices[:count]...); err != nil {
			t.Fatal(err)
		}
	}
	if kept := len(db.read.kept) - before; kept > 11 {
		t.Errorf("%d statements are kept for lookups of up to %d indices", kept, most)
	}
}

func TestPlaceholders_StandForAllNumbersAndNoOther(t *testing.T) {
	t.Parallel()
	for count := range 70 {
		numbers := make([]core.Index, count)
		for i := range numbers {
			numbers[i] = core.Index(100 + i)
		}
		_, args := placeholders(numbers)
		for _, arg := range args {
			if n, ok := arg.(int64); !ok || !slices.Contains(numbers, core.Index(n)) {
				t.Fatalf("of %v placeholders stand for %v", numbers, args)
			}
		}
		for _, n := range numbers {
			if !slices.Contains(args, any(int64(n))) {
				t.Fatalf("of %v placeholders stand for %v", numbers, args)
			}
		}
	}
}
