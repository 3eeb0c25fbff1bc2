package simulation

import (
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// oracle keeps account of every index: what was promised, and what the faults
// so far allow. What nothing allows is a violation.
type oracle struct {
	sim *simulation

	mu       sync.Mutex
	accounts map[core.Index]*account
}

type account struct {
	tried, acknowledged int64 // submissions

	begun               uint64    // calculations
	calculationsAllowed uint64    // how many of them may have begun by now
	there               bool      // the value was stored and neither lost nor damaged since
	changes             int       // how often the value came or went, or the index failed
	storedAt            time.Time // when the value was stored last
	gone                bool      // it was lost, and nobody has put the index to work since
	damaged             bool      // it is there, but damaged
	owed                bool      // somebody was told that it will come, or it was flushed, and it has not come
	deliveriesAllowed   int       // deliveries that faults may have ended
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

// submitting and submitted note a submission that is tried, and its success.
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

// begin notes that a calculation begins, and returns how many have. Each but
// the first needs one allowed.
func (l *oracle) begin(n core.Index) (count uint64) {
	var excess bool
	l.with(n, func(a *account) {
		a.begun++
		count, excess = a.begun, a.begun > a.calculationsAllowed
	})
	l.sim.mu.Lock()
	l.sim.trace = append(l.sim.trace, entry{at: time.Since(l.sim.start), who: "calculation", what: "begins", index: n, about: true})
	l.sim.mu.Unlock()
	if excess {
		l.sim.violated(n, "calculation %d begins, and nothing that happened is a reason for it", count)
	}
	return count
}

// allowCalculation notes a reason to calculate n once more.
func (l *oracle) allowCalculation(n core.Index) {
	l.with(n, func(a *account) { a.calculationsAllowed++ })
}

// allowDelivery notes a reason to deliver n once more.
func (l *oracle) allowDelivery(n core.Index) { l.with(n, func(a *account) { a.deliveriesAllowed++ }) }

// allow notes a reason for both.
func (l *oracle) allow(n core.Index) {
	l.allowCalculation(n)
	l.allowDelivery(n)
}

// stored notes that the value of n is there.
func (l *oracle) stored(n core.Index) {
	l.with(n, func(a *account) {
		a.there, a.gone, a.damaged, a.owed = true, false, false, false
		a.changes, a.storedAt = a.changes+1, time.Now()
	})
}

// missed notes that somebody looked for the value of n in vain: had it been
// damaged, it is dropped now.
func (l *oracle) missed(n core.Index) { l.with(n, func(a *account) { a.damaged = false }) }

// changes returns how often the value of n came or went, or was given up.
func (l *oracle) changes(n core.Index) (count int) {
	l.with(n, func(a *account) { count = a.changes })
	return count
}

// promised notes that somebody was told that the value of n will come, who
// submitted it or found it calculated and gone, and who began to ask after the
// given number of changes. (Who asks while it is pending promises nothing
// new: should it be evicted before it is marked, asking again restores it.)
func (l *oracle) promised(n core.Index, changes int) {
	l.with(n, func(a *account) { a.owed = a.owed || a.changes == changes && !a.there && !a.damaged })
}

// longThere reports whether the value of n has been there for longer than it
// takes to find out without an event.
func (l *oracle) longThere(n core.Index) (there bool) {
	l.with(n, func(a *account) { there = a.there && time.Since(a.storedAt) > 8*time.Second })
	return there
}

// checkDebts sees, when all is quiet, that every value that has to come has, even
// if it was evicted later.
func (l *oracle) checkDebts() {
	for _, n := range l.sim.scenario.indices {
		var owed bool
		l.with(n, func(a *account) { owed = a.owed })
		if owed {
			l.sim.violated(n, "it was promised to come, and never did")
		}
	}
}

// isThere reports whether the value of n is there and whole.
func (l *oracle) isThere(n core.Index) (there bool) {
	l.with(n, func(a *account) { there = a.there })
	return there
}

// lost notes that the value of n is about to be lost, or merely damaged. It may
// be calculated again when its index is worked on, now or later.
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

// flushed notes that the value of n is about to be lost with all others: it has
// to come back, and nobody need ask.
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

// failed notes that n has been given up.
func (l *oracle) failed(n core.Index, reason string) {
	var died int
	l.with(n, func(a *account) {
		died = a.deliveriesAllowed
		a.owed = false
		a.changes++
	})
	if reason == "" {
		l.sim.violated(n, "failed without a reason")
	}
	if died < core.MaxDeliveries {
		l.sim.violated(n, "failed after %d faults: %s", died, reason)
	}
}

// inQueue returns the indices in the queue, in the scenario's order.
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

// chances returns how many workers may look for the value of n before anybody
// queues it again: those that believe that it is theirs, and the one that is to
// get it from the queue.
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
