package simulation

import (
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// oracle knows for every index what was promised and what the faults so far
// allow. What they do not allow is a violation.
type oracle struct {
	sim *simulation

	mu       sync.Mutex
	accounts map[core.Index]*account
}

type account struct {
	tried, acknowledged int64 // submissions

	begun               uint64    // calculations
	calculationsAllowed uint64    // how many the faults so far account for
	there               bool      // the value was stored and neither lost nor damaged since
	changes             int       // how often the value was stored or lost, or the index failed
	storedAt            time.Time // the last time
	gone                bool      // the value was lost and the index has not been enqueued since
	damaged             bool      // the value is stored but damaged
	owed                bool      // the value was promised or flushed, and not stored since
	deliveriesAllowed   int       // how many the faults account for since it last failed
	reopenedAt          time.Time // when its record was last reopened
}

func newOracle(s *simulation) *oracle {
	l := &oracle{sim: s, accounts: make(map[core.Index]*account)}
	for _, n := range s.scenario.indices {
		l.accounts[n] = &account{calculationsAllowed: 1}
	}
	return l
}

// with runs f on the account of n.
func (l *oracle) with(n core.Index, f func(*account)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(l.accounts[n])
}

// submitting notes submissions that are tried, submitted those acknowledged.
func (l *oracle) submitting(indices []core.Index) {
	for _, n := range indices {
		l.with(n, func(a *account) { a.tried++ })
	}
}

func (l *oracle) submitted(indices []core.Index) {
	for _, n := range indices {
		l.with(n, func(a *account) { a.acknowledged++ })
	}
}

// acknowledged returns the number of submissions of n that succeeded.
func (l *oracle) acknowledged(n core.Index) (count int64) {
	l.with(n, func(a *account) { count = a.acknowledged })
	return count
}

// begin notes the start of a calculation and returns how many have started. Each
// but the first must be accounted for by a fault.
func (l *oracle) begin(n core.Index) (count uint64) {
	var excess bool
	l.with(n, func(a *account) {
		a.begun++
		count, excess = a.begun, a.begun > a.calculationsAllowed
	})
	l.sim.mu.Lock()
	l.sim.trace = append(l.sim.trace, entry{at: time.Since(l.sim.start), who: "calculation", what: "starts", indices: []core.Index{n}})
	l.sim.mu.Unlock()
	if excess {
		l.sim.violated(n, "calculation %d starts, which no fault accounts for", count)
	}
	return count
}

// allowCalculation allows one more calculation of n.
func (l *oracle) allowCalculation(n core.Index) {
	l.with(n, func(a *account) { a.calculationsAllowed++ })
}

// allowDelivery allows one more delivery of n.
func (l *oracle) allowDelivery(n core.Index) { l.with(n, func(a *account) { a.deliveriesAllowed++ }) }

// allow allows one more of both.
func (l *oracle) allow(n core.Index) {
	l.allowCalculation(n)
	l.allowDelivery(n)
}

// stored notes that the value of n is stored.
func (l *oracle) stored(n core.Index) {
	l.with(n, func(a *account) {
		a.there, a.gone, a.damaged, a.owed = true, false, false, false
		a.changes, a.storedAt = a.changes+1, time.Now()
	})
}

// missed notes that the value of n was not found: if it was damaged, the cache
// has dropped it.
func (l *oracle) missed(n core.Index) { l.with(n, func(a *account) { a.damaged = false }) }

// changes returns how often the value of n was stored or lost, or n failed.
func (l *oracle) changes(n core.Index) (count int) {
	l.with(n, func(a *account) { count = a.changes })
	return count
}

// promised notes that a submitter was told that the value of n will come: it
// submitted n, or found it calculated with its value lost. changes is their number
// when the request began; a request that overlaps one proves nothing. (Reading a
// pending index is no new promise: if its value is evicted before it is marked
// calculated, the next read restores it.)
func (l *oracle) promised(n core.Index, changes int) {
	l.with(n, func(a *account) { a.owed = a.owed || a.changes == changes && !a.there && !a.damaged })
}

// longThere reports whether the value of n has been stored for longer than a
// waiting request needs to find it without an event.
func (l *oracle) longThere(n core.Index) (there bool) {
	l.with(n, func(a *account) { there = a.there && time.Since(a.storedAt) > 8*time.Second })
	return there
}

// checkPromised checks, after convergence, that every value promised has been
// stored since, even if it was evicted later.
func (l *oracle) checkPromised() {
	for _, n := range l.sim.scenario.indices {
		var owed bool
		l.with(n, func(a *account) { owed = a.owed })
		if owed {
			l.sim.violated(n, "its value was promised and never stored")
		}
	}
}

// isThere reports whether the value of n is stored and undamaged.
func (l *oracle) isThere(n core.Index) (there bool) {
	l.with(n, func(a *account) { there = a.there })
	return there
}

// lost notes that the value of n is about to be evicted, or damaged. Each worker
// that has n, or will get it from the queue, may calculate it again.
func (l *oracle) lost(n core.Index, damaged bool) {
	chances, queued := l.sim.chances(n)
	l.with(n, func(a *account) {
		if a.there {
			a.calculationsAllowed += uint64(chances)
			a.gone = !queued
			a.changes++
		}
		a.there, a.damaged = false, damaged
	})
}

// flushed notes that the cache is about to lose the value of n with all others.
// The reconciler must restore it without a request.
func (l *oracle) flushed(n core.Index) {
	l.with(n, func(a *account) { a.owed = a.owed || a.there })
	l.lost(n, false)
}

// enqueued notes that indices are in the queue.
func (l *oracle) enqueued(indices []core.Index) {
	for _, n := range indices {
		l.with(n, func(a *account) {
			if a.gone {
				a.gone = false
				a.calculationsAllowed++
			}
		})
	}
}

// reopened notes that the record of n is about to be reopened.
func (l *oracle) reopened(n core.Index) { l.with(n, func(a *account) { a.reopenedAt = time.Now() }) }

// failed notes that n was marked failed by a worker that read its record at the
// given time. Faults must account for all its deliveries, and it must not have
// been requested again in between.
func (l *oracle) failed(n core.Index, reason string, lookedUp time.Time) {
	var died int
	var reopenedAt time.Time
	late := l.sim.lately()
	l.with(n, func(a *account) {
		died, reopenedAt = a.deliveriesAllowed+late, a.reopenedAt
		a.deliveriesAllowed = max(0, a.deliveriesAllowed-core.MaxDeliveries)
		a.owed = false
		a.changes++
	})
	if reason == "" {
		l.sim.violated(n, "failed without a reason")
	}
	if reopenedAt.After(lookedUp) {
		l.sim.violated(n, "failed although it was requested again since its record was read")
	}
	if died < core.MaxDeliveries {
		l.sim.violated(n, "failed after %d deliveries that faults account for: %s", died, reason)
	}
}

// inQueue returns the indices in the queue, in the order of the scenario.
func (s *simulation) inQueue() []core.Index {
	waiting, _ := s.queue.Jobs(s.ctx, s.scenario.indices...)
	var indices []core.Index
	for _, n := range s.scenario.indices {
		if _, there := waiting[n]; there {
			indices = append(indices, n)
		}
	}
	return indices
}

// chances returns how many workers may look for the value of n before n is
// enqueued again: those that believe they hold a claim, and the one that will
// claim it if it waits. queued tells whether n is in the queue.
func (s *simulation) chances(n core.Index) (chances int, queued bool) {
	jobs, _ := s.queue.Jobs(s.ctx, n)
	job, queued := jobs[n]
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, node := range s.nodes {
		if p := node.current; p != nil {
			for _, held := range p.holding {
				if held == n {
					chances++
				}
			}
		}
	}
	if queued && (chances == 0 || !job.Claimed) {
		chances++
	}
	return chances, queued
}
