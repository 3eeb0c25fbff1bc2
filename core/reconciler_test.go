package core_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

func TestReconciler_FlushedValuesAreRecalculated(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.startWorker()
		dom.startReconciler()
		const count = 3000
		for first := core.Index(0); first < count; first += 1000 {
			var batch []core.Index
			for n := range core.Index(1000) {
				batch = append(batch, first+n)
			}
			dom.submit(batch...)
		}
		for n := range core.Index(count) {
			dom.wait(n)
		}
		synctest.Wait()
		dom.cache.Flush()
		dom.queue.Flush()
		if list, err := dom.service.Indices(dom.t.Context(), 0, 1); err != nil || list[0].State != core.StatePending {
			dom.t.Errorf("after the flush, the list is %+v, %v", list, err)
		}
		time.Sleep(time.Minute)
		list, err := dom.service.Values(dom.t.Context(), core.Position{}, 2*count)
		if err != nil || len(list) != count {
			dom.t.Errorf("%d of %d values are back, %v", len(list), count, err)
		}
	})
}

func TestReconciler_LeavesASlowStoreAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ read, shortest, longest time.Duration }{
		{time.Millisecond, time.Second, 3 * time.Second},
		{500 * time.Millisecond, 5 * time.Second, 7 * time.Second},
		{800 * time.Millisecond, 8 * time.Second, 10 * time.Second},
		{time.Minute, 8 * time.Second, 10 * time.Second}, // an index waits no longer
	} {
		t.Run(c.read.String(), func(t *testing.T) {
			t.Parallel()
			var read time.Duration
			var returned time.Time
			var pauses []time.Duration
			slow := func(ctx context.Context, call intercept.Call) error {
				if pause := time.Since(returned); !returned.IsZero() && pause > 0 {
					pauses = append(pauses, pause)
				}
				time.Sleep(c.read)
				read += c.read
				returned = time.Now()
				return call.Next(ctx)
			}
			inDomain(t, func(dom *domain) {
				dom.intercept("IndexStore.Pending", slow)
				dom.intercept("IndexStore.Lost", slow)
			}, func(dom *domain) {
				begin := time.Now()
				stop := dom.start(core.NewReconciler(dom.ports, core.ReconcilerOptions{}, quiet).Run) // two reads a round
				time.Sleep(time.Hour)
				stop()
				for _, pause := range pauses {
					if pause < c.shortest || pause > c.longest {
						dom.t.Fatalf("paused for %v, want %v to %v", pause, c.shortest, c.longest)
					}
				}
				if took := time.Since(begin); c.read < time.Second && read > took/6 {
					dom.t.Errorf("it read for %v of %v", read, took)
				}
			})
		})
	}
}
