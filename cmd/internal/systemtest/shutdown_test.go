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
	// The longest that is accepted: it must not be done before the end.
	const longest core.Index = 1_000_000_000
	s := newSystem(t)
	api, c := s.startAPI(longAccepted)
	_, other := s.startAPI(longAccepted)
	worker := s.startWorker("PISANO_CONCURRENCY=1")
	c.mustSubmit(t, longest)
	calculating(t, c, longest)
	s.startWorker("PISANO_CONCURRENCY=1")

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
	<-worker.exited
	handedBack := time.Now()
	// A claim that is left to time out is another's after five seconds.
	calculating(t, other, longest)
	took := time.Since(handedBack)
	if took > 3*time.Second {
		t.Errorf("the other worker had the index after %v", took)
	}
	both.Wait()
	load.Wait()
	measured(t, "%d answers, %d of them 5xx; claimed by the other worker %v after the first had ended", answered.Load(), faults.Load(), took.Round(time.Millisecond))
}
