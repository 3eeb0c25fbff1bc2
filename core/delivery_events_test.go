package core_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// An open page has nothing else that tells it.
func TestWorker_PublishesAResultAgainThatFailed(t *testing.T) {
	t.Parallel()
	var failing atomic.Bool
	inDomain(t, func(dom *domain) {
		dom.intercept("Events.Publish", intercept.When(failing.Load, intercept.Hang))
	}, func(dom *domain) {
		dom.submit(10)
		time.Sleep(time.Second) // until the submission is published
		watcher := dom.service.Watch(dom.t.Context())
		failing.Store(true)
		dom.startWorker()
		dom.wait(10)
		time.Sleep(3 * time.Second)
		failing.Store(false)
		select {
		case <-watcher.Ready():
		case <-time.After(time.Minute):
			dom.t.Fatal("it was not published again")
		}
		event, open := watcher.Next()
		if !open || event.Kind != core.EventCalculated || event.Index != 10 {
			dom.t.Fatalf("the event is %+v, %v", event, open)
		}
		if at := dom.status(10).Summary.CalculatedAt; event.At.Sub(at) > time.Second {
			dom.t.Errorf("it says %v of what was calculated at %v", event.At, at)
		}
	})
}

// Events that hang hold up neither a calculation, nor the next, nor what is
// enqueued.
func TestWorker_DoesNotWaitForEvents(t *testing.T) {
	t.Parallel()
	var hanging atomic.Bool
	inDomain(t, func(dom *domain) {
		dom.intercept("Events.Publish", intercept.When(hanging.Load, intercept.Hang))
	}, func(dom *domain) {
		const takes = 3 * time.Second
		hanging.Store(true)
		dom.calculator.takes = takes
		dom.startWorker()
		begin := time.Now()
		dom.submit(10, 11) // waits a second for its events, but not to enqueue
		time.Sleep(time.Until(begin.Add(2*takes + time.Millisecond)))
		for _, n := range []core.Index{10, 11} {
			status := dom.status(n)
			if status.State != core.StateCalculated {
				dom.t.Fatalf("after %v, two calculations of %v are not done: F(%d) is %v", time.Since(begin), takes, n, status.State)
			}
			if d := status.Summary.Duration; d != takes {
				dom.t.Errorf("the duration is %v, want %v", d, takes)
			}
		}
	})
}
