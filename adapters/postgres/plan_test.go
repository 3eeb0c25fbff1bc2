package postgres

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// The reconciler asks for unfinished records every two seconds, and the status
// counts those that were lost. The cost must not grow with the number of records:
// neither of those that need nothing nor, after a cache was lost, of those that all
// need their value again.
func TestUnfinished_CostsTheSameForAnyNumberOfRecords(t *testing.T) {
	t.Parallel()
	// One connection, so that it has chosen a plan while the table was empty.
	db, err := Open(t.Context(), servers.Postgres(t).NewDatabase(t)+"&pool_max_conns=1")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	store := db.IndexStore()
	const finished, pending, lost, limit = 300_000, 30, 20, 100
	orders := []core.Order{core.NewestFirst, core.OldestFirst}
	check := func(generation string, wantPending, wantLost int) {
		t.Helper()
		for _, order := range orders {
			if got, err := store.Pending(t.Context(), order, limit); err != nil || len(got) != wantPending {
				t.Errorf("%d pending, %v, want %d", len(got), err, wantPending)
			}
			if got, err := store.Lost(t.Context(), generation, order, limit); err != nil || len(got) != wantLost {
				t.Errorf("%d lost, %v, want %d", len(got), err, wantLost)
			}
		}
		if got, err := store.CountLost(t.Context(), generation, limit); err != nil || got != wantLost {
			t.Errorf("%d lost as counted, %v, want %d", got, err, wantLost)
		}
	}
	for range 10 {
		check("m", 0, 0)
	}
	exec(t, db, `
		INSERT INTO indices (n, sequence, first_seen_at, last_seen_at, submissions, revision, state, generation)
		SELECT i, i, now(), now() + i * interval '1 second', 1, 1,
			CASE WHEN i <= $2 THEN 0 WHEN i > $2 + $3 AND i % 10 = 0 THEN 3 ELSE 2 END,
			CASE WHEN i > $2 AND i <= $2 + $3 THEN 'b' ELSE 'm' END
		FROM generate_series(1, $1::bigint + $2::bigint + $3::bigint) AS i`, finished, pending, lost)

	for _, statistics := range []string{"no", "fresh"} {
		if statistics == "fresh" {
			exec(t, db, "VACUUM ANALYZE indices")
		}
		for generation, want := range map[string]int{"m": lost, "b": limit, "z": limit} {
			check(generation, pending, want)
			statements := []explained{{countLostSQL, []any{generation, limit}}, {pruneSQL, []any{time.Time{}, limit}}}
			for _, order := range orders {
				statements = append(statements,
					explained{pendingSQL(order), []any{limit}},
					explained{lostSQL(order), []any{generation, limit}})
			}
			for _, statement := range statements {
				plan, pages, took := explain(t, db, statement)
				t.Logf("%s statistics, generation %s: %v ms, %d pages read: %s", statistics, generation, took, pages, statement.sql)
				if strings.Contains(plan, "Seq Scan") || pages > 300 {
					t.Errorf("%d pages read by %s, with the plan %s", pages, statement.sql, plan)
				}
			}
		}
	}
	exec(t, db, "SELECT pg_stat_force_next_flush()")
	var scanned int
	if err := db.pool.QueryRow(t.Context(), "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'indices'").Scan(&scanned); err != nil {
		t.Fatal(err)
	}
	if scanned != 0 {
		t.Errorf("%d records were read one after the other", scanned)
	}
}

func exec(t *testing.T, db *DB, sql string, args ...any) {
	t.Helper()
	if _, err := db.pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// explained is a statement with its arguments.
type explained struct {
	sql  string
	args []any
}

// explain runs a statement and returns its plan, the pages it read and the
// milliseconds it took.
func explain(t *testing.T, db *DB, statement explained) (plan string, pages int, took float64) {
	t.Helper()
	if err := db.pool.QueryRow(t.Context(), "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "+statement.sql, statement.args...).Scan(&plan); err != nil {
		t.Fatal(err)
	}
	var parsed []struct {
		Plan struct {
			Hit  int `json:"Shared Hit Blocks"`
			Read int `json:"Shared Read Blocks"`
		}
		Took float64 `json:"Execution Time"`
	}
	if err := json.Unmarshal([]byte(plan), &parsed); err != nil {
		t.Fatal(err)
	}
	return plan, parsed[0].Plan.Hit + parsed[0].Plan.Read, parsed[0].Took
}
