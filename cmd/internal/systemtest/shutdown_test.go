package systemtest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

func TestTerminationUnderLoadIsCleanAndHandsBackClaims(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	api, c := s.startAPI(longAccepted)
	worker := s.startWorker()

	c.mustSubmit(t, long)
	calculating(t, c, long)
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
	time.Sleep(time.Second)
	var both sync.WaitGroup
	for _, p := range []*process{worker, api} {
		both.Go(func() {
			code, took := p.terminate()
			measured(t, "%s: exit code %d after %v", p.name, code, took.Round(time.Millisecond))
			if code != 0 || took > 10*time.Second {
				t.Errorf("%s: exit code %d after %v", p.name, code, took)
			}
		})
	}
	both.Wait()
	load.Wait()

	// The long one was claimed. Another worker gets it at once, and need not
	// wait for the claim to run out.
	_, c = s.startAPI(longAccepted)
	s.startWorker()
	took := eventually(t, "the claim of another", 5*time.Second, func() bool {
		state, err := c.state(long)
		return err == nil && (state.State == "calculating" || state.State == "calculated")
	})
	measured(t, "%d answers, %d of them 5xx; claimed by another worker %v after its start", answered.Load(), faults.Load(), took.Round(time.Millisecond))
}
