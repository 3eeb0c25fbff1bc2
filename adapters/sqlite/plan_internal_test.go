package sqlite

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/core"
)

// The reconciler asks for unfinished records every two seconds, and the status
// counts those that were lost. The cost must not grow with the number of records,
// also when all of them were lost: what is sorted is no more than the limit of
// each generation.
func TestUnfinished_CostsTheSameForAnyNumberOfRecords(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "pisano.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, order := range []core.Order{core.NewestFirst, core.OldestFirst} {
		plan := planOf(t, db, "SELECT n FROM indices WHERE state = 0 ORDER BY last_seen_at "+direction(order)+" LIMIT ?", 100)
		if !strings.Contains(plan, "USING INDEX indices_pending") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("pending records are found by the plan\n%s", plan)
		}
		plan = planOf(t, db, lostSQL(order), "m", 100)
		if !strings.Contains(plan, "indices_calculated (generation=?)") || !strings.Contains(plan, "SEARCH lost USING INTEGER PRIMARY KEY") {
			t.Errorf("lost values are found by the plan\n%s", plan)
		}
		for line := range strings.Lines(plan) {
			if strings.Contains(line, "SCAN indices") || strings.Contains(line, "SCAN lost") {
				t.Errorf("lost values are found by the plan\n%s", plan)
			}
		}
	}
}

// Old records are searched for every minute.
func TestPrune_CostsTheSameForAnyNumberOfRecords(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "pisano.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for query, want := range map[string]string{
		oldCalculatedSQL: "INDEX indices_calculated (generation=? AND last_seen_at<?)",
		oldFailedSQL:     "INDEX indices_failed (last_seen_at<?)",
		generationsSQL:   "INDEX indices_calculated (generation>?)",
	} {
		plan := planOf(t, db, query, []any{1, 2, "g"}[:strings.Count(query, "?")]...)
		if !strings.Contains(plan, want) || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s\nhas the plan\n%s", query, plan)
		}
	}
}

// Each claim runs most of these in a transaction that holds the write lock. None of
// them may read the whole queue, or sort it.
func TestQueue_CostsTheSameForAnyNumberOfTasks(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "pisano.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	statements := append([]string{
		removeLaterSQL, insertSQL, restartSQL, claimableSQL, claimSQL, noteLostSQL, renewSQL,
		anyClaimableSQL("?, ?, ?"), jobsSQL("?, ?, ?"),
	}, slices.Concat(acknowledgeSQL, releaseSQL)...)
	for _, statement := range statements {
		plan := planOf(t, db, statement, 1, 2, 3, 4, 5)
		if strings.Contains(plan, "SCAN jobs") || strings.Contains(plan, "SCAN lost_claims") || strings.Contains(plan, "TEMP B-TREE") ||
			!strings.Contains(plan, "SEARCH") && statement != insertSQL {
			t.Errorf("%s\nhas the plan\n%s", statement, plan)
		}
	}
	if plan := planOf(t, db, restartSQL, 1); !strings.Contains(plan, "INDEX jobs_claimed") {
		t.Errorf("leases to restart are found by the plan\n%s", plan)
	}
	if plan := planOf(t, db, claimableSQL, 1, 2, 3); !strings.Contains(plan, "INDEX jobs_by_lane (lane=?)") {
		t.Errorf("tasks to claim are found by the plan\n%s", plan)
	}
}

// Every process with subscribers polls the events.
func TestEvents_NewOnesAreFoundWithoutReadingOldOnes(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "pisano.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	plan := planOf(t, db, newEventsSQL, 1)
	if strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
		t.Errorf("events are found by the plan\n%s", plan)
	}
}

// planOf returns the plan of a query, a step a line.
func planOf(t *testing.T, db *DB, query string, args ...any) string {
	t.Helper()
	rows, err := db.read.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, "\n")
}
