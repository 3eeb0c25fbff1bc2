package sqlite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

func openForProbe(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "pisano.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func logSize(t *testing.T, db *DB) int64 {
	t.Helper()
	info, err := os.Stat(db.presence.path + walSuffix)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// TestPing_ALongWriteOfThisProcessIsWell, such as that of a large value, until
// it takes so long that it may be stuck.
func TestPing_ALongWriteOfThisProcessIsWell(t *testing.T) {
	t.Parallel()
	db := openForProbe(t)
	begun, end := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		if err := db.update(t.Context(), func(transaction) error { close(begun); <-end; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-begun
	ping := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		return db.Ping(ctx)
	}
	if err := ping(); err != nil {
		t.Errorf("behind a write of this process: %v", err)
	}
	longAgo := time.Now().Add(-longWrite)
	db.writing.Store(&longAgo)
	if err := ping(); core.KindOf(err) != core.KindUnavailable {
		t.Errorf("behind a write that is stuck: %v", err)
	}
	db.writing.Store(nil)
	if err := ping(); core.KindOf(err) != core.KindUnavailable {
		t.Errorf("behind nothing that writes: %v", err)
	}
	close(end)
	all.Wait()
	if err := db.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if db.writing.Load() != nil {
		t.Error("a write is noted after all have ended")
	}
}

// TestPing_WritesAndWatchDoesNot: Watch looks every second and writes nothing.
func TestPing_WritesAndWatchDoesNot(t *testing.T) {
	t.Parallel()
	db := openForProbe(t)
	before := logSize(t, db)
	if err := db.inspect(t.Context()); err != nil {
		t.Fatal(err)
	}
	if size := logSize(t, db); size != before {
		t.Errorf("an inspection wrote %d bytes", size-before)
	}
	if err := db.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	size := logSize(t, db)
	t.Logf("Ping wrote %d bytes", size-before)
	if size == before {
		t.Error("Ping wrote nothing")
	}
	var version int
	if err := db.read.QueryRowContext(t.Context(), "PRAGMA user_version").Scan(&version); err != nil || version != schemaVersion {
		t.Errorf("the version of the schema is %d now, error %v", version, err)
	}
}

// limitPages lets the file grow by no more than so many pages, as on a disk that
// is full then.
func limitPages(t *testing.T, db *DB, more int) {
	t.Helper()
	var pages int
	if err := db.write.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if err := db.write.QueryRowContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages+more)).Scan(&pages); err != nil {
		t.Fatal(err)
	}
}

// TestUpdate_ASecondRunLeavesTheNoteOfTheFirst: a Ping may be reading it.
func TestUpdate_ASecondRunLeavesTheNoteOfTheFirst(t *testing.T) {
	t.Parallel()
	db := openForProbe(t)
	limitPages(t, db, 0)
	var notes []*time.Time
	var first time.Time
	err := db.update(t.Context(), func(tx transaction) error {
		notes = append(notes, db.writing.Load())
		if len(notes) > 1 {
			return nil
		}
		first = *notes[0]
		_, err := tx.exec("INSERT INTO chunks (n, k, data) VALUES (1, 0, zeroblob(100000))")
		return err
	})
	if err != nil || len(notes) != 2 {
		t.Fatalf("%d runs, %v", len(notes), err)
	}
	if notes[0] == notes[1] || *notes[0] != first {
		t.Error("the second run changed the note of the first")
	}
	if db.writing.Load() != nil {
		t.Error("a write is noted after all have ended")
	}
}
