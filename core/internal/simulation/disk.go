package simulation

import (
	"context"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// fullDisk is a disk that fills and frees again. While it is full there is no room
// for values above a size, and in some runs for nothing that is written.
type fullDisk struct {
	from, until time.Duration // until 0: it never fills
	fits        core.Index    // size of the largest index whose value has room
	all         bool          // no call that writes has room
	kind        core.Kind     // of the errors of calls other than Put
}

// fill fills the disk in some scenarios, but not in those whose admission is
// checked, and not where the workers are paused in turn: there it would account
// for deliveries that the pauses must not cost. A loss has no faults.
func (sc *scenario) fill(seed uint64) {
	rng := newPRNG(seed, hash("disk"))
	if sc.maxBacklog > 0 || sc.slow || sc.loss != nil || !rng.chance(0.25) {
		return
	}
	from := rng.between(0, sc.faultPhase/2)
	sc.disk = fullDisk{
		from:  from,
		until: from + rng.between(2*time.Second, 40*time.Second),
		fits:  core.Index(rng.below(largest)),
		all:   rng.chance(0.4),
		kind:  [...]core.Kind{core.KindUnavailable, core.KindOverloaded}[rng.below(2)],
	}
}

// isFull reports whether the disk is full.
func (s *simulation) isFull() bool {
	now, disk := time.Since(s.start), s.scenario.disk
	return s.inFaultPhase() && now >= disk.from && now < disk.until
}

// writes are the calls that need room, Put aside.
var writes = map[string]bool{
	"IndexStore.Record": true, "IndexStore.Reopen": true, "IndexStore.MarkCalculated": true, "IndexStore.MarkFailed": true,
	"WorkQueue.Enqueue": true, "WorkQueue.Claim": true, "WorkQueue.Renew": true, "WorkQueue.Acknowledge": true, "WorkQueue.Release": true,
	"Events.Publish": true,
}

// findRoom is an interceptor that finds no room for some values, and for nothing
// while the disk is full.
func (c *caller) findRoom(ctx context.Context, call intercept.Call) error {
	s := c.process.sim
	isPut := call.Name == "ValueCache.Put"
	if !isPut && !writes[call.Name] || !s.inFaultPhase() {
		return call.Next(ctx)
	}
	rng := keyOf(ctx, call).prng(c, uint64(time.Now().UnixNano()))
	refused := s.isFull() && (s.scenario.disk.all || isPut && first(call).Abs() > s.scenario.disk.fits)
	if isPut && rng.chance(s.scenario.noRoom) {
		refused = true
	}
	if !refused {
		return call.Next(ctx)
	}
	wait := rng.between(50*time.Microsecond, 3*time.Millisecond)
	if call.Name == "WorkQueue.Claim" {
		wait += claimPause
	}
	if s.pause(ctx, wait) != nil || c.process.isDead() {
		return givenUp(ctx)
	}
	c.noteFault(ctx, call)
	s.mu.Lock()
	s.cover(call, noRoom)
	s.traceCall(c.name, call, noRoom, call.Indices()...)
	s.mu.Unlock()
	if !isPut {
		return core.NewError(s.scenario.disk.kind, "The disk is full.")
	}
	if indices := call.Indices(); len(indices) == 1 { // several are tried once, and then each by itself
		s.oracle.refused(indices[0], c.process.name)
	}
	return core.NewError(core.KindOverloaded, "The cache is full.")
}

// maxPuts is how often a worker tries to store a value that finds no room.
const maxPuts = 6

// refused notes that the value of n that a process calculated found no room. After
// maxPuts times it is thrown away, and n may fail; the process must not go on with it.
func (o *oracle) refused(n core.Index, process string) {
	var refusals int
	o.with(n, func(a *account) {
		a.refusals[process]++
		if refusals = a.refusals[process]; refusals == maxPuts {
			a.calculationsAllowed++
			a.thrownAway++
		}
	})
	if refusals > maxPuts {
		o.sim.violated(n, "its value found no room %d times, and %s still tries to store it", refusals, process)
	}
}
