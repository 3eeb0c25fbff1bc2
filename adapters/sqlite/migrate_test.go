package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
)

// recordOf7 is a record as every version wrote it.
const recordOf7 = `
	INSERT INTO indices (n, first_seen_at, last_seen_at, submissions, revision, state) VALUES (7, 1, 2, 3, 1, 0);`

func wantRecordOf7(t *testing.T, db *sqlite.DB) {
	t.Helper()
	records, err := db.IndexStore().Lookup(t.Context(), 7)
	if err != nil || records[7].Submissions != 3 {
		t.Errorf("the records are %+v, %v", records, err)
	}
}

func submit(db *sqlite.DB, n core.Index) error {
	_, err := db.IndexStore().Record(context.Background(), time.Now(), []core.Submission{{Index: n, Count: 1}})
	return err
}

// TestUpgrade_AFileOfEveryEarlierVersionIsTakenOver: its records are kept; its
// jobs are for the reconciler.
func TestUpgrade_AFileOfEveryEarlierVersionIsTakenOver(t *testing.T) {
	t.Parallel()
	for version := 1; version <= 3; version++ {
		for _, others := range []string{"alone", "while the older program runs"} {
			t.Run(fmt.Sprintf("version %d, %s", version, others), func(t *testing.T) {
				t.Parallel()
				file := newFile(t)
				older := write(t, file, "PRAGMA journal_mode = WAL", snapshot(t, version)+recordOf7)
				if others == "alone" {
					if err := older.Close(); err != nil {
						t.Fatal(err)
					}
				}
				db := open(t, file)
				wantRecordOf7(t, db)
				queue := db.WorkQueue(time.Minute)
				for range 2 { // the second open finds it as it should be
					if _, err := queue.Enqueue(t.Context(), "somebody", core.Task{Index: 7, Cost: time.Second}); err != nil {
						t.Error(err)
					}
					queue = open(t, file).WorkQueue(time.Minute)
				}
				if backlog, err := queue.Backlog(t.Context(), "somebody"); err != nil || backlog.Tasks != 1 || backlog.All != time.Second || backlog.Own != time.Second {
					t.Errorf("the backlog is %+v, %v", backlog, err)
				}
			})
		}
	}
}

// TestUpgrade_ProgramsOfTwoVersionsShareAFile: the older one finds the version
// that it wrote, and each what the other records and enqueues.
func TestUpgrade_ProgramsOfTwoVersionsShareAFile(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	older := write(t, file, "PRAGMA journal_mode = WAL", snapshot(t, 3)+recordOf7)
	db := open(t, file)
	if err := submit(db, 8); err != nil {
		t.Fatal(err)
	}
	var version, records int
	if err := older.QueryRowContext(t.Context(), "PRAGMA user_version").Scan(&version); err != nil || version != 3 {
		t.Errorf("the older program finds version %d, %v", version, err)
	}
	if err := older.QueryRowContext(t.Context(), "SELECT count(*) FROM indices").Scan(&records); err != nil || records != 2 {
		t.Errorf("the older program finds %d records, %v", records, err)
	}
	if _, err := older.ExecContext(t.Context(), "INSERT INTO jobs (n, client, cost) VALUES (7, 'somebody', 1000000)"); err != nil {
		t.Error(err)
	}
	if claims, err := db.WorkQueue(time.Minute).Claim(t.Context(), core.ClaimLimit{}); err != nil || len(claims) != 1 || claims[0].Index != 7 {
		t.Errorf("claimed %+v, %v", claims, err)
	}
	wantRecordOf7(t, db)
}

// TestUpgrade_TheQueueIsKeptWhereATableIsAdded: also while the older program,
// which knows nothing of the table, goes on.
func TestUpgrade_TheQueueIsKeptWhereATableIsAdded(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	must(t, open(t, file).Close())
	until := time.Now().Add(core.MaxAnnouncement).UnixMicro()
	older := write(t, file, "DROP TABLE worker_memory",
		"INSERT INTO jobs (n, client, cost) VALUES (7, 'somebody', 1000000)",
		fmt.Sprintf("INSERT INTO workers VALUES ('older', %d)", until))
	db := open(t, file)
	if backlog, err := db.WorkQueue(time.Minute).Backlog(t.Context(), "somebody"); err != nil || backlog.Tasks != 1 {
		t.Errorf("the backlog is %+v, %v", backlog, err)
	}
	newer := core.WorkerInfo{Name: "newer", Memory: 5}
	must(t, db.WorkerRegistry().Announce(t.Context(), newer, time.Hour))
	if _, err := older.ExecContext(t.Context(), "INSERT INTO workers VALUES ('old', ?)", until); err != nil {
		t.Error(err)
	}
	workers, err := db.WorkerRegistry().List(t.Context())
	for i := range workers {
		workers[i].Remaining = 0
	}
	if want := []core.WorkerInfo{newer, {Name: "old"}, {Name: "older"}}; err != nil || !slices.Equal(workers, want) {
		t.Errorf("the workers are %+v, %v, want %+v", workers, err, want)
	}
	if _, err := older.ExecContext(t.Context(), "DELETE FROM workers WHERE name = 'newer'"); err != nil {
		t.Error(err)
	}
	must(t, db.WorkerRegistry().Announce(t.Context(), core.WorkerInfo{Name: "last", Memory: 1}, time.Hour))
	var left int
	must(t, older.QueryRowContext(t.Context(), "SELECT count(*) FROM worker_memory").Scan(&left))
	if left != 1 {
		t.Errorf("the memory of %d workers is kept, want that of the last", left)
	}
}

// TestUpgrade_AnIndexIsAddedToAQueueThatIsKept: also while the older program, which
// knows nothing of the index, goes on.
func TestUpgrade_AnIndexIsAddedToAQueueThatIsKept(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	must(t, open(t, file).Close())
	older := write(t, file, "DROP INDEX jobs_claimed", "INSERT INTO jobs (n, client, cost) VALUES (7, 'somebody', 1000000)")
	queue := open(t, file).WorkQueue(time.Minute)
	var indexes int
	must(t, older.QueryRowContext(t.Context(), "SELECT count(*) FROM pragma_index_list('jobs') WHERE name = 'jobs_claimed'").Scan(&indexes))
	if indexes != 1 {
		t.Errorf("there are %d indexes of leases", indexes)
	}
	// A lease of the older program, from before the clock was set back.
	if _, err := older.ExecContext(t.Context(), "UPDATE jobs SET token = 'its', claimed_until = ?, deliveries = 1", time.Now().Add(time.Hour).UnixMicro()); err != nil {
		t.Error(err)
	}
	if claims, err := queue.Claim(t.Context(), core.ClaimLimit{}); err != nil || len(claims) > 0 {
		t.Errorf("claimed %+v, %v", claims, err)
	}
	var until int64
	must(t, older.QueryRowContext(t.Context(), "SELECT claimed_until FROM jobs").Scan(&until))
	if left := time.Until(time.UnixMicro(until)); left > time.Minute {
		t.Errorf("the lease ends in %v, not in a minute", left)
	}
}

// TestUpgrade_LanesAreAddedToAQueueThatIsKept: also while the older program, which
// knows nothing of lanes, goes on.
func TestUpgrade_LanesAreAddedToAQueueThatIsKept(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	older := write(t, file, "PRAGMA journal_mode = WAL", snapshot(t, 3)+recordOf7,
		"INSERT INTO jobs (n, client, cost) VALUES (7, 'somebody', 1000000)")
	queue := open(t, file).WorkQueue(time.Minute)
	_, err := queue.Enqueue(t.Context(), "somebody",
		core.Task{Index: 8, Cost: time.Second, Lane: core.LaneRecovery}, core.Task{Index: 9, Cost: time.Second, Lane: core.LaneLong})
	must(t, err)
	if _, err := older.ExecContext(t.Context(), "INSERT INTO jobs (n, client, cost) VALUES (10, 'somebody', 1000000)"); err != nil {
		t.Error(err)
	}
	queue = open(t, file).WorkQueue(time.Minute) // finds the lanes
	backlog, err := queue.Backlog(t.Context(), "somebody")
	must(t, err)
	if want := (core.Backlog{Tasks: 3, All: 3 * time.Second, Own: 3 * time.Second, OwnShort: 2 * time.Second, RecoveryTasks: 1, Recovery: time.Second}); backlog != want {
		t.Errorf("the backlog is %+v, want %+v", backlog, want)
	}
	for _, want := range [][]core.Index{{7, 10}, {9}} {
		claims, err := queue.Claim(t.Context(), core.ClaimLimit{Count: 10})
		must(t, err)
		var claimed []core.Index
		for _, c := range claims {
			claimed = append(claimed, c.Index)
		}
		if !slices.Equal(claimed, want) {
			t.Errorf("claimed %v, want %v", claimed, want)
		}
	}
	// The older program claims from all lanes, and removes what it has done.
	var n int
	must(t, older.QueryRowContext(t.Context(), "SELECT n FROM jobs WHERE claimed_until = 0 ORDER BY position").Scan(&n))
	if _, err := older.ExecContext(t.Context(), "DELETE FROM jobs WHERE n = ?", n); n != 8 || err != nil {
		t.Errorf("the older program finds %d and removes it, %v", n, err)
	}
	if backlog, err = queue.Backlog(t.Context(), ""); err != nil || backlog.RecoveryTasks != 0 || backlog.Recovery != 0 || backlog.Tasks != 3 {
		t.Errorf("the backlog is %+v, %v", backlog, err)
	}
}

// TestUpgrade_TheShortOnesOfAQueueThatIsKeptAreCounted: also what the older program, which
// knows nothing of the sum, adds and removes.
func TestUpgrade_TheShortOnesOfAQueueThatIsKeptAreCounted(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	must(t, open(t, file).Close())
	older := write(t, file, "DROP TABLE short_backlogs", "DROP TRIGGER short_added", "DROP TRIGGER short_removed",
		"INSERT INTO jobs (n, client, cost, lane) VALUES (7, 'somebody', 1000000, 0), (8, 'somebody', 1000000, 1), (9, 'somebody', 1000000, 0)")
	queue := open(t, file).WorkQueue(time.Minute)
	for _, step := range []struct {
		statement string
		want      time.Duration
	}{
		{"INSERT INTO jobs (n, client, cost) VALUES (10, 'somebody', 1000000)", 3 * time.Second},
		{"DELETE FROM jobs WHERE n = 7", 2 * time.Second},
		{"DELETE FROM jobs WHERE n = 8", 2 * time.Second},
		{"DELETE FROM jobs", 0},
	} {
		if _, err := older.ExecContext(t.Context(), step.statement); err != nil {
			t.Error(err)
		}
		if backlog, err := queue.Backlog(t.Context(), "somebody"); err != nil || backlog.OwnShort != step.want {
			t.Errorf("after %s: the backlog is %+v, %v, want %v of it short", step.statement, backlog, err, step.want)
		}
	}
}

// TestUpgrade_NoFolderForTemporaryFilesIsNeeded: images have none.
func TestUpgrade_NoFolderForTemporaryFilesIsNeeded(t *testing.T) {
	file := newFile(t)
	write(t, file, "PRAGMA journal_mode = WAL", "PRAGMA wal_autocheckpoint = 0", snapshot(t, 3)+recordOf7)
	t.Setenv("TMPDIR", file+"/none")
	db, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	wantRecordOf7(t, db)
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(entries) != 3 {
		t.Errorf("there are %v, %v", entries, err)
	}
}
