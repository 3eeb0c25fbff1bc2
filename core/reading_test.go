package core_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// Of the submissions that arrive while a backlog is read again, none reads another.
func TestAdmission_ReadsTheBacklogOnceAtATime(t *testing.T) {
	t.Parallel()
	const roundTrip, between = 3 * time.Millisecond, 500 * time.Microsecond
	var read atomic.Int64
	inDomain(t, func(dom *domain) {
		dom.intercept("WorkQueue.Backlog", slow(roundTrip/2, roundTrip/2))
		dom.intercept("WorkQueue.Backlog", intercept.Before(func() { read.Add(1) }))
	}, func(dom *domain) {
		var all sync.WaitGroup
		for n := range core.Index(200) {
			all.Go(func() {
				time.Sleep(time.Duration(n) * between)
				dom.submits("one", n)
			})
		}
		all.Wait()
		// Six before the first is done, then one every 13 ms.
		if n := read.Load(); n > 15 {
			dom.t.Errorf("the backlog was read %d times in 100 ms", n)
		}
	})
}

// A backlog that was read for another submission admits, and never refuses.
func TestAdmission_RefusesByABacklogOfItsOwn(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(dom *domain) {
		dom.submits("one", 45)
		claims, err := dom.queue.Claim(dom.t.Context(), core.ClaimLimit{})
		if err != nil {
			dom.t.Fatal(err)
		}
		if err := dom.queue.Acknowledge(dom.t.Context(), claims...); err != nil {
			dom.t.Fatal(err)
		}
		dom.submits("one", 44)
		dom.refused("one", 43)
	})
}

func TestAdmission_WorkOfOtherProcessesCountsSoon(t *testing.T) {
	t.Parallel()
	const bound = 100 * time.Second
	inAdmission(t, bound, func(dom *domain) {
		dom.submits("one", 1)
		here, elsewhere := dom.service, core.NewService(dom.ports, dom.broadcaster, core.Limits{MaxBacklog: bound}, quiet)
		dom.service = elsewhere
		dom.submits("one", 45)
		dom.service = here
		time.Sleep(10 * time.Millisecond)
		dom.refused("one", 44)
	})
}
