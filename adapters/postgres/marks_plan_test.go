package postgres

import (
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// Neither do lookups, on a connection that has chosen its plans while the table
// was empty.
func TestMarkCalculated_ReadsNoMoreThanItsRecords(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), servers.Postgres(t).NewDatabase(t)+"&pool_max_conns=1")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	store := db.IndexStore()
	const records = 100_000
	work := func(count int) {
		t.Helper()
		indices, marks := make([]core.Index, count), make([]core.Mark, count)
		for i := range count {
			indices[i] = core.Index(i + 1)
			marks[i] = core.Mark{Index: indices[i], Revision: 1}
		}
		if _, err := store.Lookup(t.Context(), indices...); err != nil {
			t.Fatal(err)
		}
		if _, err := store.MarkCalculated(t.Context(), "g", marks...); err != nil {
			t.Fatal(err)
		}
	}
	for range 10 {
		work(1)
		work(100)
	}
	exec(t, db, `
		INSERT INTO indices (n, sequence, first_seen_at, last_seen_at, submissions, revision, state)
		SELECT i, i, now(), now(), 1, 1, 0 FROM generate_series(1, $1::bigint) AS i`, records)
	for range 10 {
		work(1)
		work(100)
	}
	exec(t, db, "SELECT pg_stat_force_next_flush()")
	var scanned int
	if err := db.pool.QueryRow(t.Context(), "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'indices'").Scan(&scanned); err != nil {
		t.Fatal(err)
	}
	if scanned >= records {
		t.Errorf("%d records were read one after the other", scanned)
	}
}
