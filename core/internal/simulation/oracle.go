package simulation

import (
	"slices"
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

	begun               uint64            // calculations
	calculationsAllowed uint64            // how many the faults so far account for
	there               bool              // the value was stored and neither lost nor damaged since
	changes             int               // how often the value was stored or lost, or the index failed
	storedAt            time.Time         // the last time
	flushedAt           time.Time         // when the value was lost with all others; zero if it was stored since
	gone                bool              // the value was lost and the index has not been enqueued since
	damaged             bool              // the value is stored but damaged
	owed                bool              // the value was promised or flushed, and not stored since
	deliveries          map[string]bool   // tokens of those since the first that counts; true: a fault accounts for it
	earlier             []map[string]bool // those of the tasks before: their failure may be marked late
	reopenedAt          time.Time         // when its record was last reopened
	refusals            map[string]int    // by process: how often the value that it calculated last found no room
	thrownAway          int               // values for which there was no room, and for which n has not failed yet
}

func newOracle(s *simulation) *oracle {
	o := &oracle{sim: s, accounts: make(map[core.Index]*account)}
	for _, n := range s.scenario.indices {
		o.accounts[n] = &account{calculationsAllowed: 1, deliveries: make(map[string]bool), refusals: make(map[string]int)}
	}
	return o
}

// with runs f on the account of n.
func (o *oracle) with(n core.Index, f func(*account)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f(o.accounts[n])
}

// submitting notes submissions that are tried, submitted those acknowledged.
func (o *oracle) submitting(indices []core.Index) {
	for _, n := range indices {
		o.with(n, func(a *account) { a.tried++ })
	}
}

func (o *oracle) submitted(indices []core.Index) {
	for _, n := range indices {
		o.with(n, func(a *account) { a.acknowledged++ })
	}
}

// acknowledged returns the number of submissions of n that succeeded.
func (o *oracle) acknowledged(n core.Index) (count int64) {
	o.with(n, func(a *account) { count = a.acknowledged })
	return count
}

// begin notes the start of a calculation by a process and returns how many have
// started. Each but the first must be accounted for by a fault.
func (o *oracle) begin(n core.Index, process string) (count uint64) {
	var excess bool
	o.with(n, func(a *account) {
		a.begun++
		delete(a.refusals, process)
		count, excess = a.begun, a.begun > a.calculationsAllowed
	})
	o.sim.mu.Lock()
	o.sim.trace = append(o.sim.trace, entry{at: time.Since(o.sim.start), who: "calculation", what: "starts", indices: []core.Index{n}})
	o.sim.mu.Unlock()
	if excess {
		o.sim.violated(n, "calculation %d starts, which no fault accounts for", count)
	}
	return count
}

// allowCalculation allows one more calculation of n.
func (o *oracle) allowCalculation(n core.Index) {
	o.with(n, func(a *account) { a.calculationsAllowed++ })
}

// delivered notes a delivery. With the first that counts, those before it do not
// count any more.
func (o *oracle) delivered(claim core.Claim) {
	o.with(claim.Index, func(a *account) {
		if claim.Delivery == 1 {
			a.earlier, a.deliveries = append(a.earlier, a.deliveries), make(map[string]bool)
		}
		a.deliveries[claim.Token] = false
	})
}

// allowDelivery notes that a fault accounts for a delivery.
func (o *oracle) allowDelivery(claim core.Claim) {
	o.with(claim.Index, func(a *account) {
		for _, counting := range append(a.earlier, a.deliveries) {
			if _, counts := counting[claim.Token]; counts {
				counting[claim.Token] = true
			}
		}
	})
}

// allow notes that a fault accounts for a delivery, and allows one more
// calculation.
func (o *oracle) allow(claim core.Claim) {
	o.allowCalculation(claim.Index)
	o.allowDelivery(claim)
}

// stored notes that the value of n is stored.
func (o *oracle) stored(n core.Index) {
	o.with(n, func(a *account) {
		a.there, a.gone, a.damaged, a.owed = true, false, false, false
		a.changes, a.storedAt, a.flushedAt = a.changes+1, time.Now(), time.Time{}
	})
}

// missed notes that the value of n was not found: if it was damaged, the cache
// has dropped it.
func (o *oracle) missed(n core.Index) { o.with(n, func(a *account) { a.damaged = false }) }

// changes returns how often the value of n was stored or lost, or n failed.
func (o *oracle) changes(n core.Index) (count int) {
	o.with(n, func(a *account) { count = a.changes })
	return count
}

// promised notes that a submitter was told that the value of n will come: it
// submitted n, or found it calculated with its value lost. changes is their number
// when the request began; a request that overlaps one proves nothing. (Reading a
// pending index is no new promise: if its value is evicted before it is marked
// calculated, the next read restores it.)
func (o *oracle) promised(n core.Index, changes int) {
	o.with(n, func(a *account) { a.owed = a.owed || a.changes == changes && !a.there && !a.damaged })
}

// owes reports whether the value of n was promised or lost, and not stored since.
func (o *oracle) owes(n core.Index) (owed bool) {
	o.with(n, func(a *account) { owed = a.owed && !a.there })
	return owed
}

// longThere reports whether the value of n has been stored for longer than a
// waiting request needs to find it without an event.
func (o *oracle) longThere(n core.Index) (there bool) {
	o.with(n, func(a *account) { there = a.there && time.Since(a.storedAt) > 8*time.Second })
	return there
}

// checkPromised checks, after convergence, that every value promised has been
// stored since, even if it was evicted later.
func (o *oracle) checkPromised() {
	for _, n := range o.sim.scenario.indices {
		var owed bool
		o.with(n, func(a *account) { owed = a.owed })
		if owed {
			o.sim.violated(n, "its value was promised and never stored")
		}
	}
}

// isThere reports whether the value of n is stored and undamaged.
func (o *oracle) isThere(n core.Index) (there bool) {
	o.with(n, func(a *account) { there = a.there })
	return there
}

// lost notes that the value of n is about to be evicted, or damaged. Each worker
// that has n, or will get it from the queue, may calculate it again.
func (o *oracle) lost(n core.Index, damaged bool) {
	chances, queued := o.sim.chances(n)
	o.with(n, func(a *account) {
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
func (o *oracle) flushed(n core.Index) {
	r := o.sim.record(n)
	wanted := r.Sequence > 0 && r.State != core.StateFailed // it may be deleted, or failed although the value was stored
	o.with(n, func(a *account) {
		a.owed = a.owed || a.there && wanted
		if a.there {
			a.flushedAt = time.Now()
		}
	})
	o.lost(n, false)
}

// enqueued notes that indices are in the queue.
func (o *oracle) enqueued(indices []core.Index) {
	for _, n := range indices {
		o.with(n, func(a *account) {
			if a.gone {
				a.gone = false
				a.calculationsAllowed++
			}
		})
	}
}

// reopened notes that the record of n is about to be reopened.
func (o *oracle) reopened(n core.Index) { o.with(n, func(a *account) { a.reopenedAt = time.Now() }) }

// deliveries returns those of n that count now, and before them those that counted
// earlier.
func (o *oracle) deliveries(n core.Index) (all []map[string]bool) {
	o.with(n, func(a *account) { all = append(slices.Clone(a.earlier), a.deliveries) })
	return all
}

// verdict is a worker's decision that an index has failed, or that its recovery is
// given up.
type verdict struct {
	index      core.Index
	reason     string
	lookedUp   time.Time         // when the worker read the record
	deliveries []map[string]bool // when it decided
}

// failed notes that a verdict takes effect. Faults must account for all the
// deliveries, and the index must not have been requested again in between.
func (o *oracle) failed(v verdict) {
	var died int
	var noRoom bool
	var reopenedAt time.Time
	late := o.sim.claims(v.index) // of the living that have expired are not given back yet
	o.with(v.index, func(a *account) {
		for _, some := range slices.Backward(v.deliveries) {
			if died = max(died, accountedFor(some, late)); died >= core.MaxDeliveries {
				clear(some)
				break
			}
		}
		reopenedAt = a.reopenedAt
		noRoom = a.thrownAway > 0
		a.thrownAway = max(0, a.thrownAway-1)
		a.owed = false
		a.changes++
	})
	if v.reason == "" {
		o.sim.violated(v.index, "failed without a reason")
	}
	if reopenedAt.After(v.lookedUp) {
		o.sim.violated(v.index, "failed although it was requested again since its record was read")
	}
	if died < core.MaxDeliveries && !noRoom {
		o.sim.violated(v.index, "failed after %d deliveries that faults account for: %s", died, v.reason)
	}
}

// accountedFor returns how many deliveries faults account for, or late has.
func accountedFor(deliveries map[string]bool, late []string) (count int) {
	for token, accounted := range deliveries {
		if accounted || slices.Contains(late, token) {
			count++
		}
	}
	return count
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
	chances = len(s.claims(n))
	if queued && (chances == 0 || !job.Claimed) {
		chances++
	}
	return chances, queued
}
