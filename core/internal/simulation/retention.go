package simulation

import (
	"time"

	"github.com/pisano-dev/pisano/core"
)

// retire has the records of some scenarios deleted when all has converged, and begins
// again with some of their indices.
func (sc *scenario) retire(seed uint64) {
	rng := newPRNG(seed, hash("retention"))
	sc.retires = sc.contention == nil && sc.loss == nil && rng.chance(0.2)
}

const (
	// retired is how many of the indices whose records are deleted are submitted again.
	retired = 5
	// retiredOperations is the number of the first of their requests.
	retiredOperations = maxOperations / 2
)

// beginAgain deletes all records, and has some of their indices submitted, evicted and
// read again, each by the same API.
func (s *simulation) beginAgain() {
	if !s.scenario.retires {
		return
	}
	s.traceEvent("old records are deleted")
	_, _ = s.store.Prune(s.ctx, time.Now(), len(s.scenario.indices))
	for _, n := range s.scenario.indices {
		if s.record(n).Sequence == 0 {
			s.oracle.deleted(n)
		}
	}
	rng := newPRNG(s.seed, hash("retired"))
	for i, n := range s.scenario.indices[:min(retired, len(s.scenario.indices))] {
		number := retiredOperations + 2*uint64(i)
		submission := operation{kind: submit, api: rng.below(s.scenario.apis), indices: []core.Index{n}}
		reading := operation{kind: from(&rng, status, digits), api: submission.api, indices: submission.indices}
		s.later(rng.between(0, time.Minute), func() { s.perform(submission, number) })
		s.later(rng.between(time.Minute, 2*time.Minute), func() { s.evict(n) })
		s.later(rng.between(2*time.Minute, 3*time.Minute), func() { s.perform(reading, number+1) })
	}
	s.conclude()
}

// deleted notes that the record of n is deleted: nothing is promised any more.
func (o *oracle) deleted(n core.Index) {
	o.with(n, func(a *account) {
		a.tried, a.acknowledged, a.owed = 0, 0, false
		a.changes++
	})
}
