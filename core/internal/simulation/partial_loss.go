package simulation

import (
	"fmt"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// partitions is how many parts the cache has that can be lost alone.
const partitions = 3

// losePartition loses the values of one partition of the cache.
func (s *simulation) losePartition(which int) {
	s.traceEvent(fmt.Sprintf("partition %d of the cache is lost", which%partitions))
	s.loseValues(func(n core.Index) bool { return int(n.Abs())%partitions == which%partitions })
}

// revert takes cache and queue back, after a while, to what they are now, as a
// server that is restored from a snapshot: what was stored or enqueued since is
// lost, and what was acknowledged since is in the queue again.
func (s *simulation) revert(after time.Duration) {
	s.traceEvent("a snapshot of cache and queue is taken")
	queued := s.inQueue()
	stored := make(map[core.Index]bool)
	for _, n := range s.scenario.indices {
		stored[n] = s.oracle.isThere(n)
	}
	if s.pause(s.ctx, after) != nil {
		return
	}
	s.traceEvent("cache and queue are restored from the snapshot")
	s.loseValues(func(n core.Index) bool { return !stored[n] })
	s.flushQueue()
	for _, n := range queued {
		s.oracle.allowCalculation(n)
		_, _ = s.queue.Enqueue(s.ctx, "", core.Task{Index: n, Cost: s.scenario.estimates[n], Lane: s.submittedTo(n)})
	}
	s.oracle.enqueued(queued)
}

// loseValues loses some of the values together: the generation of the cache
// changes.
func (s *simulation) loseValues(lost func(core.Index) bool) {
	var kept []core.Value
	for _, n := range s.scenario.indices {
		if s.oracle.isThere(n) && !lost(n) {
			kept = append(kept, core.Value{Index: n, Magnitude: truth[n.Abs()], CalculatedAt: time.Now()})
		} else {
			s.oracle.flushed(n)
		}
	}
	s.cache.Flush()
	_ = s.cache.Put(s.ctx, kept...)
}
