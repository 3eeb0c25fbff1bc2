package postgres

import (
	"testing"
	"time"

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

// A concurrent update of the record would make PostgreSQL raise such a conflict,
// at a moment that no test can choose.
func TestMarkCalculated_ConflictsWithItsRecordByNothingButTheIndex(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), servers.Postgres(t).NewDatabase(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	store := db.IndexStore()
	before, err := store.Record(t.Context(), time.Now(), []core.Submission{{Index: 10, Count: 1}})
	if err != nil {
		t.Fatal(err)
	}
	exec(t, db, `
		CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF EXISTS (SELECT FROM indices WHERE sequence = NEW.sequence) THEN
				RAISE unique_violation;
			END IF;
			RETURN NEW;
		END $$`)
	exec(t, db, "CREATE TRIGGER refuse BEFORE INSERT ON indices FOR EACH ROW EXECUTE FUNCTION refuse()")
	marked, err := store.MarkCalculated(t.Context(), "g", core.Mark{Index: 10, Revision: 1})
	if err != nil || !marked[10] {
		t.Fatalf("%v, %v", marked, err)
	}
	after, err := store.Lookup(t.Context(), 10)
	if err != nil || after[10].State != core.StateCalculated || after[10].Sequence != before[0].Sequence {
		t.Errorf("%+v has become %+v, %v", before[0], after[10], err)
	}
}
