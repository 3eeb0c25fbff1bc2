package system

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

func TestTermination_UnderLoadIsCleanAndReleasesClaims(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	api, c := s.startAPI(longAccepted)
	_, other := s.startAPI(longAccepted)
	worker, successor := s.startWorker("PISANO_CONCURRENCY=1"), s.startWorker("PISANO_CONCURRENCY=1")
	successor.Suspend() // until the worker has ended
	c.MustSubmit(longest)
	calculating(t, c, longest)

	var load sync.WaitGroup
	var next, answered, faults atomic.Int64
	for range 8 {
		load.Go(func() {
			for {
				n := core.Index(next.Add(1))
				a, err := c.TrySubmit(n)
				if err != nil {
					return // connections are no longer accepted
				}
				answered.Add(1)
				if a.StatusCode >= 500 {
					faults.Add(1)
					t.Errorf("answered %d: %s", a.StatusCode, a.Text)
				}
			}
		})
	}
	time.Sleep(200 * time.Millisecond)
	if worker.Delivery(longest) > 0 {
		t.Fatal("the worker has nothing to release: it was too quick")
	}
	begin := time.Now()
	worker.Terminate()
	api.Terminate()
	codes := map[*pisano.Program]int{worker: worker.AwaitExit()}
	successor.Resume()
	calculating(t, other, longest)
	took := time.Since(worker.Ended)
	codes[api] = api.AwaitExit()
	load.Wait()
	for p, code := range codes {
		measured(t, "%s: exit code %d after %v", p.Name, code, p.Ended.Sub(begin).Round(time.Millisecond))
		if code != 0 { // a program that exceeds its own time limit ends with another code
			t.Errorf("%s: exit code %d", p.Name, code)
		}
	}
	// A lease that expires counts as a delivery, a claim that is released does not.
	testkit.Eventually(t, "the value", other.Is(longest, "calculated"))
	if delivery := successor.Delivery(longest); delivery != 1 {
		t.Errorf("the index was calculated at delivery %d: its claim was not released", delivery)
	}
	measured(t, "%d answers, %d of them 5xx; claimed by the other worker %v after the first had ended", answered.Load(), faults.Load(), took.Round(time.Millisecond))
}
