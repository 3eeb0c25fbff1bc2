package sqlite_test

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
)

// TestAFileOfTheVersionBeforeIsTakenOver: its records are kept; its jobs are
// for the reconciler.
func TestAFileOfTheVersionBeforeIsTakenOver(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	exec := vandal(t, file)
	older, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (sqlite.IndexStore{DB: older}).Record(t.Context(), time.Now(), []core.Submission{{Index: 7, Count: 3}}); err != nil {
		t.Fatal(err)
	}
	if err := older.Close(); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"DROP TABLE jobs", "DROP TABLE backlog", "DROP TABLE backlogs",
		"CREATE TABLE jobs (position INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER NOT NULL UNIQUE, deliveries INTEGER NOT NULL DEFAULT 0) STRICT",
		"INSERT INTO jobs (n) VALUES (7)",
		"PRAGMA user_version = 1",
	} {
		exec(statement)
	}

	db := open(t, file)
	record, err := sqlite.IndexStore{DB: db}.Lookup(t.Context(), 7)
	if err != nil || record.Submissions != 3 {
		t.Errorf("the record is %+v, %v", record, err)
	}
	queue := sqlite.NewWorkQueue(db, time.Minute)
	for range 2 { // the second open finds it as it should be
		if added, err := queue.Enqueue(t.Context(), "somebody", core.Task{Index: 7, Cost: time.Second}); err != nil {
			t.Errorf("added %d, %v", added, err)
		}
		queue = sqlite.NewWorkQueue(open(t, file), time.Minute)
	}
	if backlog, err := queue.Backlog(t.Context(), "somebody"); err != nil || backlog.Tasks != 1 || backlog.All != time.Second || backlog.Own != time.Second {
		t.Errorf("the backlog is %+v, %v", backlog, err)
	}
}
