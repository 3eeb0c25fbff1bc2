package sqlite_test

import (
	"database/sql"
	"encoding/binary"
	"hash/crc32"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// A file may have been used by the next version of the program.
func TestValueCache_KeepsWhatAnotherVersionHasStored(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	cache := open(t, file).ValueCache(0)
	put := func(n core.Index) {
		t.Helper()
		magnitude, err := decimal.Parse("55")
		must(t, err)
		at := time.UnixMicro(1_000_000 + int64(n)).UTC()
		must(t, cache.Put(t.Context(), core.Value{Index: n, Magnitude: magnitude, CalculatedAt: at}))
	}
	for n := range core.Index(20) {
		put(n)
	}
	next := []byte("\x02whatever the next version stores")
	next = binary.BigEndian.AppendUint32(next, crc32.Checksum(next, crc32.MakeTable(crc32.Castagnoli)))
	vandal(t, file)("UPDATE summaries SET data = ? WHERE n >= 3", next)

	found, err := cache.Summaries(t.Context(), 2, 3)
	must(t, err)
	if _, there := found[2]; !there || len(found) != 1 {
		t.Errorf("read %+v", found)
	}
	if _, err := cache.Digits(t.Context(), 3, 0, 1); core.KindOf(err) != core.KindNotFound {
		t.Errorf("digits: %v", err)
	}
	list, err := cache.List(t.Context(), core.Position{}, 5)
	must(t, err)
	if len(list) != 3 || list[0].Index != 2 {
		t.Errorf("listed %+v", list)
	}
	raw, err := sql.Open("sqlite", "file:"+file)
	must(t, err)
	defer raw.Close()
	var kept int
	must(t, raw.QueryRowContext(t.Context(), "SELECT count(*) FROM summaries WHERE data = ?", next).Scan(&kept))
	if kept != 17 {
		t.Errorf("%d values of the next version are left of 17", kept)
	}
	put(3)
	if _, err := cache.Digits(t.Context(), 3, 0, 1); err != nil {
		t.Errorf("calculated again, it is read as %v", err)
	}
}
