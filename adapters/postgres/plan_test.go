package postgres

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// The reconciler calls Unfinished every two seconds. Its cost must not grow with
// the number of records: neither of those that need nothing nor, after a cache was
// lost, of those that all need their value again.
func TestUnfinished_CostsTheSameForAnyNumberOfRecords(t *testing.T) {
	t.Parallel()
	// One connection, so that it has chosen a plan while the table was empty.
	store, err := Open(t.Context(), servers.Postgres(t).NewDatabase(t)+"&pool_max_conns=1")
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	const finished, pending, lost, limit = 100_000, 30, 20, 100
	unfinished := func(generation string) (count int) {
		indices, err := store.Unfinished(t.Context(), generation, limit)
		if err != nil {
			t.Fatal(err)
		}
		return len(indices)
	}
	for range 10 {
		unfinished("m")
	}
	exec(t, store, `
		INSERT INTO indices (n, sequence, first_seen_at, last_seen_at, submissions, revision, state, generation)
		SELECT i, i, now(), now(), 1, 1,
			CASE WHEN i <= $2 THEN 0 WHEN i > $2 + $3 AND i % 10 = 0 THEN 3 ELSE 2 END,
			CASE WHEN i > $2 AND i <= $2 + $3 THEN 'b' ELSE 'm' END
		FROM generate_series(1, $1::bigint + $2::bigint + $3::bigint) AS i`, finished, pending, lost)

	for _, statistics := range []string{"no", "fresh"} {
		if statistics == "fresh" {
			exec(t, store, "VACUUM ANALYZE indices")
		}
		for generation, want := range map[string]int{"m": pending + lost, "b": limit, "z": limit} {
			if n := unfinished(generation); n != want {
				t.Errorf("%d unfinished, want %d", n, want)
			}
			plan, pages, took := explain(t, store, generation, limit)
			t.Logf("%s statistics, generation %s: %d indices of %d in %v ms, %d pages read", statistics, generation, want, finished, took, pages)
			if strings.Contains(plan, "Seq Scan") || pages > 300 {
				t.Errorf("%d pages read, by the plan %s", pages, plan)
			}
		}
	}
	exec(t, store, "SELECT pg_stat_force_next_flush()")
	var scanned int
	if err := store.pool.QueryRow(t.Context(), "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'indices'").Scan(&scanned); err != nil {
		t.Fatal(err)
	}
	if scanned != 0 {
		t.Errorf("%d records were read one after the other", scanned)
	}
}

func exec(t *testing.T, store *IndexStore, sql string, args ...any) {
	t.Helper()
	if _, err := store.pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// explain runs what Unfinished runs and returns its plan, the pages it read and
// the milliseconds it took.
func explain(t *testing.T, store *IndexStore, args ...any) (plan string, pages int, took float64) {
	t.Helper()
	if err := store.pool.QueryRow(t.Context(), "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "+unfinishedSQL, args...).Scan(&plan); err != nil {
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
