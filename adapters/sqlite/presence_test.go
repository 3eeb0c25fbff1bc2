package sqlite_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
)

// backupOf returns a file with what is in a data file, and nothing beside it.
func backupOf(t *testing.T, file string) string {
	t.Helper()
	backup := file + ".backup"
	write(t, file, "VACUUM INTO '"+backup+"'")
	return backup
}

// wantLost waits until the loss of the file is noticed at rest.
func wantLost(t *testing.T, watched <-chan error, words ...string) {
	t.Helper()
	begin := time.Now()
	select {
	case err := <-watched:
		t.Logf("noticed after %v: %v", time.Since(begin).Round(time.Millisecond), err)
		for _, word := range words {
			if err == nil || !strings.Contains(err.Error(), word) {
				t.Errorf("%v does not say %q", err, word)
			}
		}
	case <-time.After(testkit.HangTimeout):
		t.Fatal("it was not noticed")
	}
}

func watch(t *testing.T, db *sqlite.DB) <-chan error {
	watched := make(chan error, 1)
	go func() { watched <- db.Watch(t.Context()) }()
	return watched
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestPresence_NothingIsPromisedInAFileThatIsGone: a record that is committed
// into a file without a name is lost when the program ends.
func TestPresence_NothingIsPromisedInAFileThatIsGone(t *testing.T) {
	t.Parallel()
	for how, do := range map[string]func(t *testing.T, file string) error{
		"removed": func(_ *testing.T, file string) error { return os.Remove(file) },
		"removed with all that is beside it": func(_ *testing.T, file string) error {
			for _, suffix := range []string{"", "-wal", "-shm"} {
				if err := os.Remove(file + suffix); err != nil {
					return err
				}
			}
			return nil
		},
		"renamed":             func(_ *testing.T, file string) error { return os.Rename(file, file+".old") },
		"its log was removed": func(_ *testing.T, file string) error { return os.Remove(file + "-wal") },
		"emptied":             func(_ *testing.T, file string) error { return os.Truncate(file, 0) },
		"replaced by a backup": func(t *testing.T, file string) error {
			return os.Rename(backupOf(t, file), file)
		},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			file := newFile(t)
			db := open(t, file)
			must(t, submit(db, 1))
			must(t, db.Ping(t.Context()))
			must(t, do(t, file))
			for n := range core.Index(3) {
				if err := submit(db, 100+n); core.KindOf(err) != core.KindUnavailable {
					t.Errorf("a submission: %v, want kind %v", err, core.KindUnavailable)
				}
			}
			if err := db.Ping(t.Context()); core.KindOf(err) != core.KindUnavailable {
				t.Errorf("Ping: %v", err)
			}
			wantLost(t, watch(t, db), file)
		})
	}
}

func TestPresence_ALossIsNoticedAtRest(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	watched := watch(t, open(t, file))
	must(t, os.Remove(file))
	wantLost(t, watched, file, "removed")
}

// TestPresence_GarbageInTheFileIsNoticed: the file is the same, its contents are
// not.
func TestPresence_GarbageInTheFileIsNoticed(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	db := open(t, file)
	must(t, submit(db, 1))
	write(t, file, "PRAGMA wal_checkpoint(TRUNCATE)")
	watched := watch(t, db)
	data, err := os.ReadFile(file)
	must(t, err)
	must(t, os.WriteFile(file, bytes.Repeat([]byte{0xff}, len(data)), 0o600))
	_ = submit(db, 2) // it may be accepted until the garbage is met
	wantLost(t, watched, file, "overwritten")
	if err := submit(db, 3); core.KindOf(err) != core.KindUnavailable {
		t.Errorf("a submission: %v", err)
	}
}

// TestPresence_ABackupPutInPlaceIsSound: nothing of the file that was there
// before gets into it.
func TestPresence_ABackupPutInPlaceIsSound(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	db, other := open(t, file), open(t, file)
	must(t, submit(db, 1))
	backup := backupOf(t, file)
	for n := range core.Index(100) {
		must(t, submit(db, 1000+n))
	}
	must(t, os.Rename(backup, file))
	for _, db := range []*sqlite.DB{db, other} {
		wantLost(t, watch(t, db), "replaced")
		must(t, db.Close())
	}
	restored := open(t, file)
	records, err := restored.IndexStore().List(t.Context(), 0, 1000)
	if err != nil || len(records) != 1 || records[0].Index != 1 {
		t.Errorf("%d records, %v", len(records), err)
	}
	must(t, submit(restored, 2))
	var verdict string
	must(t, write(t, file).QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict))
	if verdict != "ok" {
		t.Error(verdict)
	}
}

func TestPresence_WatchEndsWithItsContext(t *testing.T) {
	t.Parallel()
	db := open(t, newFile(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	must(t, db.Watch(ctx))
}

// TestPresence_AFileAtItsPathIsNeverMissed: others open, write and close it,
// and what they leave beside it comes and goes.
func TestPresence_AFileAtItsPathIsNeverMissed(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	db := open(t, file)
	for n := range core.Index(20) {
		other := open(t, file)
		must(t, submit(other, n))
		must(t, other.Close())
		must(t, submit(db, n))
		must(t, db.Ping(t.Context()))
		if n%5 == 0 {
			write(t, file, "PRAGMA wal_checkpoint(TRUNCATE)")
		}
	}
}
