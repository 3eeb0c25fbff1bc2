package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// TestUpdate_WritesOfAProcessAreServedInOrder, and one that gives up is passed
// over.
func TestUpdate_WritesOfAProcessAreServedInOrder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "pisano.db")
	synctest.Test(t, func(t *testing.T) {
		db, err := Open(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		end := make(chan struct{})
		var served, want []int
		write := func(ctx context.Context, f func()) (done chan error) {
			done = make(chan error, 1)
			go func() {
				done <- db.update(ctx, func(transaction) error { f(); return nil })
			}()
			synctest.Wait() // it has begun, or waits
			return done
		}
		all := []chan error{write(t.Context(), func() { <-end })}
		var gaveUp chan error
		for i := range 20 {
			if i == 10 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				gaveUp = write(ctx, func() { t.Error("a write that gave up takes place") })
			}
			all = append(all, write(t.Context(), func() { served = append(served, i) }))
			want = append(want, i)
		}
		if err := <-gaveUp; core.KindOf(err) != core.KindUnavailable {
			t.Errorf("a write that gives up returns %v", err)
		}
		close(end)
		for _, done := range all {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if !slices.Equal(served, want) {
			t.Errorf("served in the order %v", served)
		}
	})
}

// held runs a test while the writes of this process wait: what begins before
// release shares a transaction.
func held(t *testing.T, test func(t *testing.T, db *DB, release func())) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pisano.db")
	synctest.Test(t, func(t *testing.T) {
		db, err := Open(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := db.writes.Begin(t.Context()); err != nil {
			t.Fatal(err)
		}
		test(t, db, func() { synctest.Wait(); db.writes.End() })
	})
}

func addValueBytes(tx transaction) error {
	_, err := tx.exec("UPDATE values_size SET bytes = bytes + 1")
	return err
}

// framesOf returns how many pages are in the log.
func framesOf(t *testing.T, db *DB) (frames int) {
	t.Helper()
	var busy, copied int
	if err := db.read.QueryRowContext(t.Context(), "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &frames, &copied); err != nil {
		t.Fatal(err)
	}
	return frames
}

func TestUpdate_WritesThatWaitShareATransaction(t *testing.T) {
	t.Parallel()
	held(t, func(t *testing.T, db *DB, release func()) {
		const count = 10
		done := make(chan error, count)
		for range count {
			go func() { done <- db.update(t.Context(), addValueBytes) }()
		}
		release()
		for range count {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if used, err := usedByValues(t.Context(), db.read); used != count || err != nil {
			t.Errorf("%d writes of %d, %v", used, count, err)
		}
		if frames := framesOf(t, db); frames != 1 {
			t.Errorf("the same page was written %d times", frames)
		}
	})
}

func TestUpdate_AFailureIsThatOfItsCallerAlone(t *testing.T) {
	t.Parallel()
	held(t, func(t *testing.T, db *DB, release func()) {
		const count = 10
		failure := errors.New("it fails")
		done := make(chan error, count)
		for i := range count {
			go func() {
				done <- db.update(t.Context(), func(tx transaction) error {
					if err := addValueBytes(tx); err != nil || i != count/2 {
						return err
					}
					return failure
				})
			}()
		}
		release()
		failed := 0
		for range count {
			if err := <-done; errors.Is(err, failure) {
				failed++
			} else if err != nil {
				t.Error(err)
			}
		}
		if failed != 1 {
			t.Errorf("%d writes failed", failed)
		}
		if used, err := usedByValues(t.Context(), db.read); used != count-1 || err != nil {
			t.Errorf("%d writes took place, %v", used, err)
		}
	})
}
