package simulation

import (
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// ledger keeps account of every index: what was promised, and what the faults
// so far excuse. What nothing excuses is a violation.
type ledger struct {
	sim *simulation

	mu       sync.Mutex
	accounts map[core.Index]*account
}

type account struct {
	tried, acknowledged int64 // submissions

	begun      uint64    // calculations
	mayBegin   uint64    // how many of them may have begun by now
	there      bool      // the value was stored and neither lost nor damaged since
	changes    int       // how often the value came or went, or the index failed
	storedAt   time.Time // when the value was stored last
	gone       bool      // it was lost, and nobody has put the index to work since
	damaged    bool      // it is there, but damaged
	owed       bool      // somebody was told that it will come, or it was flushed, and it has not come
	diedAtMost int       // deliveries that faults may have ended
}

func newLedger(s *simulation) *ledger {
	l := &ledger{sim: s, accounts: make(map[core.Index]*account)}
	for _, n := range s.plan.indices {
		l.accounts[n] = &account{mayBegin: 1}
	}
	return l
}

// with runs f on the account of n.
func (l *ledger) with(n core.Index, f func(*account)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(l.accounts[n])
}

// submitting and submitted note a submission that is tried, and its success.
func (l *ledger) submitting(indices []core.Index) {
	for _, n := range indices {
		l.with(n, func(a *account) { a.tried++ })
	}
}

func (l *ledger) submitted(indices []core.Index) {
	for _, n := range indices {
		l.with(n, func(a *account) { a.acknowledged++ })
	}
}

// acknowledged returns the number of submissions of n that succeeded.
func (l *ledger) acknowledged(n core.Index) (count int64) {
	l.with(n, func(a *account) { count = a.acknowledged })
	return count
}

// begin notes that a calculation begins, and returns how many have. Each but
// the first needs an excuse.
func (l *ledger) begin(n core.Index) (count uint64) {
	var excess bool
	l.with(n, func(a *account) {
		a.begun++
		count, excess = a.begun, a.begun > a.mayBegin
	})
	l.sim.mu.Lock()
	l.sim.note("calculation", begun, n, fine)
	l.sim.mu.Unlock()
	if excess {
		l.sim.violated(n, "calculation %d begins, and nothing that happened is a reason for it", count)
	}
	return count
}

// excuseCalculation notes a reason to calculate n once more.
func (l *ledger) excuseCalculation(n core.Index) { l.with(n, func(a *account) { a.mayBegin++ }) }

// excuseDelivery notes a reason to deliver n once more.
func (l *ledger) excuseDelivery(n core.Index) { l.with(n, func(a *account) { a.diedAtMost++ }) }

// excuse notes a reason for both.
func (l *ledger) excuse(n core.Index) {
	l.excuseCalculation(n)
	l.excuseDelivery(n)
}

// stored notes that the value of n is there.
func (l *ledger) stored(n core.Index) {
	l.with(n, func(a *account) {
		a.there, a.gone, a.damaged, a.owed = true, false, false, false
		a.changes, a.storedAt = a.changes+1, time.Now()
	})
}

// missed notes that somebody looked for the value of n in vain: had it been
// damaged, it is dropped now.
func (l *ledger) missed(n core.Index) { l.with(n, func(a *account) { a.damaged = false }) }

// changes returns how often the value of n came or went, or was given up.
func (l *ledger) changes(n core.Index) (count int) {
	l.with(n, func(a *account) { count = a.changes })
	return count
}

// promised notes that somebody was told that the value of n will come, who
// submitted it or found it calculated and gone, and who began to ask after the
// given number of changes. (Who asks while it is pending promises nothing
// new: should it be evicted before it is marked, asking again restores it.)
func (l *ledger) promised(n core.Index, changes int) {
	l.with(n, func(a *account) { a.owed = a.owed || a.changes == changes && !a.there && !a.damaged })
}

// longThere reports whether the value of n has been there for longer than it
// takes to find out without an event.
func (l *ledger) longThere(n core.Index) (there bool) {
	l.with(n, func(a *account) { there = a.there && time.Since(a.storedAt) > 8*time.Second })
	return there
}

// checkDebts sees, when all is quiet, that every value that has to come has, even
// if it was evicted later.
func (l *ledger) checkDebts() {
	for _, n := range l.sim.plan.indices {
		var owed bool
		l.with(n, func(a *account) { owed = a.owed })
		if owed {
			l.sim.violated(n, "it was promised to come, and never did")
		}
	}
}

// isThere reports whether the value of n is there and whole.
func (l *ledger) isThere(n core.Index) (there bool) {
	l.with(n, func(a *account) { there = a.there })
	return there
}

// lost notes that the value of n is about to be lost, or merely damaged. It may
// be calculated again when its index is worked on, now or later.
func (l *ledger) lost(n core.Index, damaged bool) {
	chances, queued := l.sim.chances(n)
	l.with(n, func(a *account) {
		if a.there {
			a.mayBegin += uint64(chances)
			a.gone = !queued
			a.changes++
		}
		a.there, a.damaged = false, damaged
	})
}

// flushed notes that the value of n is about to be lost with all others: it has
// to come back, and nobody need ask.
func (l *ledger) flushed(n core.Index) {
	l.with(n, func(a *account) { a.owed = a.owed || a.there })
	l.lost(n, false)
}

// enqueued notes that indices are in the queue.
func (l *ledger) enqueued(indices []core.Index) {
	for _, n := range indices {
		l.with(n, func(a *account) {
			if a.gone {
				a.gone = false
				a.mayBegin++
			}
		})
	}
}

// failed notes that n has been given up.
func (l *ledger) failed(n core.Index, reason string) {
	var died int
	l.with(n, func(a *account) {
		died = a.diedAtMost
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
