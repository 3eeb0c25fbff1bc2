package core_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
)

func TestReconciler_FlushedValuesAreRecalculated(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.startWorker()
		w.startReconciler()
		const count = 3000
		for first := core.Index(0); first < count; first += 1000 {
			var batch []core.Index
			for n := range core.Index(1000) {
				batch = append(batch, first+n)
			}
			w.submit(batch...)
		}
		for n := range core.Index(count) {
			w.wait(n)
		}
		synctest.Wait()
		w.cache.Flush()
		w.queue.Flush()
		if list, err := w.service.Indices(w.t.Context(), 0, 1); err != nil || list[0].State != core.StatePending {
			w.t.Errorf("after the flush, the list is %+v, %v", list, err)
		}
		time.Sleep(time.Minute)
		list, err := w.service.Values(w.t.Context(), core.Position{}, 2*count)
		if err != nil || len(list) != count {
			w.t.Errorf("%d of %d values are back, %v", len(list), count, err)
		}
	})
}
