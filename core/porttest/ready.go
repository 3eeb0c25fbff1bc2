package porttest

import (
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// The part of the WorkQueue's contract that is about waiting for something to
// claim.

func readyAfterEnqueue(t *testing.T, a, b core.WorkQueue) {
	for n, q := range []core.WorkQueue{a, b, a, b} {
		ready := a.Ready()
		wantNone(t, a)
		enqueue(t, q, core.Index(n))
		wantClosed(t, ready)
		claim(t, a, core.Index(n))
	}
}

func readyAfterRelease(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1)
	for _, q := range []core.WorkQueue{a, b} {
		c := claim(t, b, 1)
		ready := a.Ready()
		wantNone(t, a)
		must(t, q.Release(t.Context(), c))
		wantClosed(t, ready)
	}
	claim(t, a, 1)
}

func readyAfterExpiry(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1)
	claim(t, b, 1)
	if c := mustAwait(t, a, 1); c.Delivery != 2 {
		t.Errorf("delivery %d after one whose lease has expired", c.Delivery)
	}
}

// wantClosed checks that the channel of Ready is closed in the end.
func wantClosed(t *testing.T, ready <-chan struct{}) {
	t.Helper()
	select {
	case <-ready:
	case <-time.After(hangTimeout):
		t.Fatal("the channel of Ready is open although there is something to claim")
	}
}

// readyMissesNone has tasks come while callers are about to wait.
func readyMissesNone(t *testing.T, a, b core.WorkQueue) {
	const count = 24
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			for range count / 3 {
				c, err := awaitClaim(t.Context(), a)
				if err == nil {
					err = a.Acknowledge(t.Context(), c)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for _, n := range sequence(0, count) {
		enqueue(t, []core.WorkQueue{a, b}[n%2], n)
	}
	all.Wait()
	wantBacklog(t, "somebody", core.Backlog{}, a, b)
}
