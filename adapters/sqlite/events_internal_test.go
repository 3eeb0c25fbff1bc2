package sqlite

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// openTwice runs a test on two views of one file, such as those of two processes.
func openTwice(t *testing.T, test func(t *testing.T, a, b *DB)) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pisano.db")
	synctest.Test(t, func(t *testing.T) {
		var views [2]*DB
		for i := range views {
			db, err := Open(t.Context(), file)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			views[i] = db
		}
		test(t, views[0], views[1])
	})
}

func TestEvents_OfThisProcessComeFromMemory(t *testing.T) {
	t.Parallel()
	openTwice(t, func(t *testing.T, a, b *DB) {
		own, err := a.Events().Subscribe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		others, err := b.Events().Subscribe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		summary := valueOf(10, 40).Summary()
		start := time.Now()
		if err := a.Events().Publish(t.Context(), core.Event{Kind: core.EventCalculated, Index: 10, Summary: &summary}); err != nil {
			t.Fatal(err)
		}
		if e := <-own; e.Index != 10 || e.Summary != &summary || time.Since(start) > 0 {
			t.Errorf("received %+v after %v", e, time.Since(start))
		}
		if e := <-others; e.Index != 10 || e.Summary != nil || time.Since(start) > pollPeriod {
			t.Errorf("another process received %+v after %v", e, time.Since(start))
		}
		time.Sleep(2 * pollPeriod)
		if err := a.Events().Publish(t.Context(), core.Event{Index: 11}); err != nil {
			t.Fatal(err)
		}
		if a, b := <-own, <-others; a.Index != 11 || b.Index != 11 {
			t.Errorf("received %+v and %+v next", a, b)
		}
	})
}

// TestEvents_MissedByAnotherProcessEndItsSubscriptions: so many were published
// between two polls that the first are no longer in the file.
func TestEvents_MissedByAnotherProcessEndItsSubscriptions(t *testing.T) {
	t.Parallel()
	for name, then := range map[string]func(t *testing.T, b *DB) error{
		"found by a poll":    func(*testing.T, *DB) error { return nil },
		"found by a publish": func(t *testing.T, b *DB) error { return b.Events().Publish(t.Context(), core.Event{}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			openTwice(t, func(t *testing.T, a, b *DB) {
				first, err := b.Events().Subscribe(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				second, err := b.Events().Subscribe(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if err := a.Events().Publish(t.Context(), make([]core.Event, keptEvents+1)...); err != nil {
					t.Fatal(err)
				}
				if err := then(t, b); err != nil {
					t.Fatal(err)
				}
				for _, ch := range []<-chan core.Event{first, second} {
					for hang := time.After(time.Minute); ; {
						select {
						case _, open := <-ch:
							if open {
								continue
							}
						case <-hang:
							t.Error("the channel was not closed")
						}
						break
					}
				}
			})
		})
	}
}
