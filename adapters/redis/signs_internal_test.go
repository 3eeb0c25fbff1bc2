package redis

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// A message is being passed on when a check begins, and that ends meanwhile.
func TestSubscription_AMessageThatEndsDuringACheckIsASignOfLife(t *testing.T) {
	t.Parallel()
	const rounds = 100_000
	var heard signs
	var begun, ended atomic.Int64
	var follower sync.WaitGroup
	follower.Go(func() {
		for round := range int64(rounds) {
			for begun.Load() <= round {
				runtime.Gosched()
			}
			heard.now.Store(true) // as follow does
			heard.busy.Store(false)
			ended.Store(round + 1)
		}
	})
	missed := 0
	for round := range int64(rounds) {
		heard.busy.Store(true)
		heard.now.Store(false)
		begun.Store(round + 1)
		if !heard.check() {
			missed++
		}
		for ended.Load() <= round {
			runtime.Gosched()
		}
	}
	follower.Wait()
	if missed > 0 {
		t.Errorf("a server that sends messages was taken for dead in %d of %d checks", missed, rounds)
	}
}
