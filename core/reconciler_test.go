package core_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
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
