package core_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/memory"
)

func TestRetention_DeletesFinalRecordsOfAnAge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var store memory.IndexStore
		const age, many = 48 * time.Hour, 2500
		submit := func(n core.Index) {
			t.Helper()
			records, err := store.Record(t.Context(), time.Now(), []core.Submission{{Index: n, Count: 1, Reopen: true}})
			if err != nil {
				t.Fatal(err)
			}
			if n >= 0 { // the others stay pending
				if _, err := store.MarkCalculated(t.Context(), "g", core.Mark{Index: n, Revision: records[0].Revision}); err != nil {
					t.Fatal(err)
				}
			}
		}
		wantRecords := func(when string, want int) {
			t.Helper()
			synctest.Wait()
			if records, err := store.List(t.Context(), 0, 2*many); err != nil || len(records) != want {
				t.Errorf("%s there are %d records, want %d; %v", when, len(records), want, err)
			}
		}
		submit(-1)
		for n := range core.Index(many) {
			submit(n)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			core.NewRetention(&store, age, nil).Run(ctx)
		}()
		time.Sleep(24 * time.Hour)
		submit(0)
		time.Sleep(24*time.Hour - time.Minute)
		wantRecords("before the age", many+1)
		time.Sleep(2 * time.Minute)
		wantRecords("after the age", 2) // the pending one, and the one submitted again
		time.Sleep(24 * time.Hour)
		wantRecords("later", 1)
		cancel()
		<-done
	})
}
