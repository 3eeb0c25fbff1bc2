package core_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// Known indices are not charged: one submitter could fill the list of those that wait
// for their commit, and refill it before others get a place.
func TestRecord_OneSubmitterLeavesRoomForOthers(t *testing.T) {
	t.Parallel()
	var slow atomic.Bool
	inDomain(t, func(dom *domain) {
		dom.intercept("IndexStore.Record", intercept.When(slow.Load, intercept.Delay(time.Second)))
	}, func(dom *domain) {
		known := make([]core.Index, 1000)
		for i := range known {
			known[i] = core.Index(i)
		}
		dom.startWorker()
		dom.submits("greedy", known...)
		dom.wait(known[len(known)-1])
		slow.Store(true)
		ctx, stop := context.WithCancel(dom.t.Context())
		var refused atomic.Int64
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				for ctx.Err() == nil {
					if _, err := dom.service.Submit(ctx, "greedy", known...); core.KindOf(err) == core.KindOverloaded {
						refused.Add(1)
						time.Sleep(100 * time.Millisecond)
					}
				}
			})
		}
		for n := range core.Index(20) {
			time.Sleep(time.Second / 3)
			dom.submits("newcomer", 2000+n)
		}
		stop()
		all.Wait()
		if refused.Load() == 0 {
			dom.t.Error("the list was never full")
		}
	})
}
