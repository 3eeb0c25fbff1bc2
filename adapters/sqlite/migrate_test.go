package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
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
	record, err := sqlite.IndexStore{DB: db}.Lookup(t.Context(), 7)
	if err != nil || record.Submissions != 3 {
		t.Errorf("the record is %+v, %v", record, err)
	}
}

func submit(db *sqlite.DB, n core.Index) error {
	_, err := sqlite.IndexStore{DB: db}.Record(context.Background(), time.Now(), []core.Submission{{Index: n, Count: 1}})
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
				queue := sqlite.NewWorkQueue(db, time.Minute)
				for range 2 { // the second open finds it as it should be
					if _, err := queue.Enqueue(t.Context(), "somebody", core.Task{Index: 7, Cost: time.Second}); err != nil {
						t.Error(err)
					}
					queue = sqlite.NewWorkQueue(open(t, file), time.Minute)
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
	if claim, err := sqlite.NewWorkQueue(db, time.Minute).Claim(t.Context(), time.Minute); err != nil || claim.Index != 7 {
		t.Errorf("claimed %+v, %v", claim, err)
	}
	wantRecordOf7(t, db)
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
