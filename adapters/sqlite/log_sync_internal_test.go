package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/pisano-dev/pisano/core"
)

// fakeLog is a log that is synced by sync, and counts what is written.
type fakeLog struct {
	logFile
	sync    func() error
	written *int
}

func (f fakeLog) Sync() error { return f.sync() }

func (f fakeLog) WriteAt(data []byte, offset int64) (int, error) {
	*f.written += len(data)
	return f.logFile.WriteAt(data, offset)
}

// withSync runs a test on a file whose log is synced by sync.
func withSync(t *testing.T, sync func() error, test func(t *testing.T, db *DB)) (written int) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pisano.db")
	synctest.Test(t, func(t *testing.T) {
		db, err := Open(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		db.log.file = fakeLog{db.log.file, sync, &written}
		test(t, db)
	})
	return written
}

func TestUpdateDurably_CallsThatWaitShareASync(t *testing.T) {
	t.Parallel()
	var syncs atomic.Int64
	var end chan struct{}
	withSync(t, func() error { syncs.Add(1); <-end; return nil }, func(t *testing.T, db *DB) {
		end = make(chan struct{})
		const count = 10
		done := make(chan error, 1+count)
		durably := func() { done <- db.updateDurably(t.Context(), addValueBytes) }
		go durably()
		synctest.Wait()
		for range count {
			go durably()
		}
		synctest.Wait()
		if len(done) > 0 || syncs.Load() != 1 {
			t.Errorf("%d calls returned before what they wrote was synced; %d syncs", len(done), syncs.Load())
		}
		close(end)
		for range 1 + count {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if syncs.Load() != 2 {
			t.Errorf("%d syncs, want one of the first and one of the others", syncs.Load())
		}
	})
}

func TestUpdate_DoesNotWaitForASync(t *testing.T) {
	t.Parallel()
	var end chan struct{}
	withSync(t, func() error { <-end; return nil }, func(t *testing.T, db *DB) {
		end = make(chan struct{})
		recorded := make(chan error, 1)
		go func() {
			_, err := db.IndexStore().Record(t.Context(), db.now(), []core.Submission{{Index: 1, Count: 1}})
			recorded <- err
		}()
		synctest.Wait()
		if err := db.ValueCache(0).Put(t.Context(), valueOf(1, 40)); err != nil {
			t.Error(err)
		}
		if _, err := db.WorkQueue(1).Enqueue(t.Context(), "somebody", core.Task{Index: 1}); err != nil {
			t.Error(err)
		}
		if err := db.Events().Publish(t.Context(), core.Event{Index: 1}); err != nil {
			t.Error(err)
		}
		if len(recorded) > 0 {
			t.Error("a record is accepted before it is synced")
		}
		close(end)
		if err := <-recorded; err != nil {
			t.Error(err)
		}
	})
}

func TestUpdateDurably_WaitsNoLongerThanItsContext(t *testing.T) {
	t.Parallel()
	var end chan struct{}
	withSync(t, func() error { <-end; return nil }, func(t *testing.T, db *DB) {
		end = make(chan struct{})
		first, second := make(chan error, 1), make(chan error, 1)
		go func() { first <- db.updateDurably(t.Context(), addValueBytes) }()
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		go func() { second <- db.updateDurably(ctx, addValueBytes) }()
		synctest.Wait()
		cancel()
		if err := <-second; core.KindOf(err) != core.KindCanceled {
			t.Errorf("a call that gives up returns %v", err)
		}
		close(end)
		if err := <-first; err != nil {
			t.Error(err)
		}
	})
}

// TestUpdateDurably_AfterAFailedSyncTheLogIsWrittenAgain: the next sync alone would
// say nothing of what the failed one has not brought to the disk.
func TestUpdateDurably_AfterAFailedSyncTheLogIsWrittenAgain(t *testing.T) {
	t.Parallel()
	for failures := range 4 {
		syncs, accepted := 0, 0
		written := withSync(t, func() error {
			if syncs++; syncs <= failures {
				return errors.New("the disk is broken")
			}
			return nil
		}, func(t *testing.T, db *DB) {
			const count = 5
			for range count {
				err := db.updateDurably(t.Context(), addValueBytes)
				if err == nil {
					accepted++
				} else if core.KindOf(err) != core.KindUnavailable {
					t.Errorf("what was not synced returns %v", err)
				}
			}
			if used, err := usedByValues(t.Context(), db.read); used != count || err != nil {
				t.Errorf("%d writes of %d, %v", used, count, err)
			}
			var verdict string
			if err := db.read.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
				t.Errorf("the file is %s, %v", verdict, err)
			}
		})
		// The first call syncs, and writes and syncs again; the others only the latter.
		if want := min(5, 6-failures); accepted != want {
			t.Errorf("%d calls of 5 were accepted after %d failures, want %d", accepted, failures, want)
		}
		if written < failures*logReserve {
			t.Errorf("%d bytes were written again after %d failures", written, failures)
		}
	}
}
