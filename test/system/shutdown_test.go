package system

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

func TestTerminationUnderLoadIsCleanAndHandsBackClaims(t *testing.T) {
	t.Parallel()
	// The longest that is accepted: it must not be done before the end.
	const longest core.Index = 1_000_000_000
	s := newSystem(t)
	api, c := s.startAPI(longAccepted)
	_, other := s.startAPI(longAccepted)
	worker := s.startWorker("PISANO_CONCURRENCY=1")
	c.mustSubmit(t, longest)
	calculating(t, c, longest)
	heir := s.startWorker("PISANO_CONCURRENCY=1")

	var load sync.WaitGroup
	var next, answered, faults atomic.Int64
	for range 8 {
		load.Go(func() {
			for {
				n := core.Index(next.Add(1))
				a, err := c.submit(n)
				if err != nil {
					return // nobody accepts connections any more
				}
				answered.Add(1)
				if a.status >= 500 {
					faults.Add(1)
					t.Errorf("answered %d: %s", a.status, a.body)
				}
			}
		})
	}
	time.Sleep(200 * time.Millisecond)
	if worker.calculations() > 0 {
		t.Fatal("the worker has nothing to hand back: it was too quick")
	}
	begin := time.Now()
	worker.askToEnd()
	api.askToEnd()
	codes := map[*process]int{worker: worker.awaitEnd()}
	calculating(t, other, longest)
	took := time.Since(worker.ended)
	codes[api] = api.awaitEnd()
	load.Wait()
	for p, code := range codes {
		measured(t, "%s: exit code %d after %v", p.name, code, p.ended.Sub(begin).Round(time.Millisecond))
		if code != 0 { // it is not when the program needs longer than it allows itself
			t.Errorf("%s: exit code %d", p.name, code)
		}
	}
	// A claim that is left to expire counts as a delivery, one that is handed back does not.
	eventually(t, "the value", other.is(longest, "calculated"))
	if delivery := heir.delivery(longest); delivery != 1 {
		t.Errorf("the index was calculated at delivery %d: its claim was not handed back", delivery)
	}
	measured(t, "%d answers, %d of them 5xx; claimed by the other worker %v after the first had ended", answered.Load(), faults.Load(), took.Round(time.Millisecond))
}
