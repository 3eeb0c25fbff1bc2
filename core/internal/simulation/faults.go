package simulation

import (
	"context"
	"fmt"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// fault is what happens to a port call.
type fault int

const (
	noFault           fault = iota
	failed                  // it fails without effect
	lostReply               // it takes effect but fails
	lateEffect              // it fails, and takes effect later
	slow                    // it takes effect late
	slowReply               // it takes effect in time and returns late
	crashBefore             // the process crashes before it takes effect
	crashAfter              // the process crashes after it has taken effect
	unreachable             // the server is away
	processDead             // the process has crashed since the call began
	noRoom                  // the cache has no room for the value
	eventsLost              // published events do not arrive
	eventsDoubled           // they arrive twice
	calculationFailed       // a calculation ends with an error
	refused                 // a worker's call fails without effect, as one that is wrong
	allRefused              // a port refuses all calls of workers
)

var faultNames = [...]string{
	"", "failed", "lost reply", "late effect", "slow", "slow reply", "crash before", "crash after", "unreachable", "process dead",
	"no room", "events lost", "events doubled", "calculation failed", "refused", "all refused",
}

// String returns the name of the fault, for the trace and the coverage.
func (f fault) String() string { return faultNames[f] }

var (
	errDead    = core.NewError(core.KindInternal, "The process has crashed.")
	errAway    = core.NewError(core.KindUnavailable, "The server can't be reached.")
	errRefused = core.NewError(core.KindInternal, "The server refused a command.")
)

// perform makes a call under the fault that the seed chooses. effect is what the
// call does; it runs at an instant of its own, so that the seed and not the
// scheduler determines the order of effects.
func (c *caller) perform(ctx context.Context, call intercept.Call, effect func(context.Context, fault) error) error {
	s := c.process.sim
	if c.reconciles {
		defer func() { c.returned = time.Now() }()
	}
	defer c.disturbSharers(ctx, call)
	begin := time.Now()
	rng, alive := c.begin(ctx, call)
	if !alive {
		return givenUp(ctx)
	}
	c.process.awaitResumed(ctx)
	wait := rng.between(50*time.Microsecond, 3*time.Millisecond)
	f := s.drawFault(&rng, call)
	if f == failed && c.works && len(call.Indices()) > 0 && rng.chance(refusals) {
		f = refused
	}
	if f != noFault {
		c.noteFault(ctx, call)
	}
	if f == slow {
		wait += rng.between(100*time.Millisecond, 3*s.scenario.lease)
	}
	if s.pauseRanked(ctx, wait, rng.state) != nil {
		return givenUp(ctx)
	}
	if f == unreachable {
		s.loseServer(call, rng.between(100*time.Millisecond, 3*s.scenario.lease))
	}
	undrawn := f == noFault
	if f = c.arrive(ctx, call, f, begin); f == unreachable && undrawn {
		s.oracle.allowFor(call)
	}
	undisturbed := context.WithoutCancel(ctx)
	switch f {
	case processDead:
		return errDead
	case failed, unreachable:
		return errAway
	case refused:
		c.process.refuse(call)
		return errRefused
	case allRefused:
		return errRefused
	case lateEffect:
		s.later(rng.between(10*time.Millisecond, 2*s.scenario.lease), func() {
			if c.arriveLate(call) {
				_ = effect(undisturbed, f)
			}
		})
		return errAway
	case crashBefore:
		s.crash(c.process)
		return errDead
	}
	err := effect(undisturbed, f)
	if c.process.awaitResumed(ctx) && s.pause(ctx, rng.between(50*time.Microsecond, 3*time.Millisecond)) != nil {
		return givenUp(ctx)
	}
	switch f {
	case lostReply:
		return errAway
	case crashAfter:
		s.crash(c.process)
		return errDead
	case slowReply:
		if s.pause(ctx, rng.between(100*time.Millisecond, 3*s.scenario.lease)) != nil {
			return givenUp(ctx)
		}
	}
	return err
}

// arrive returns the fault of a call at the instant it would take effect: f,
// unless the caller has crashed or the server is away by then.
func (c *caller) arrive(ctx context.Context, call intercept.Call, f fault, begin time.Time) fault {
	s := c.process.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case c.process.dead:
		return processDead
	case *s.outages(call) > 0:
		f = unreachable
		requestOf(ctx).disturb()
		c.process.disturb(call.Indices()...)
	case c.works && s.refusing[call.Port()] > 0 && call.Name != "ValueCache.Generation": // before the worker looks for the values
		f = allRefused
	}
	s.cover(call, f)
	if call.Name != "WorkQueue.Claim" || f != noFault { // else hold traces it, with its index
		if f == slow {
			call.Name += fmt.Sprintf(" of %v", begin.Sub(s.start))
		}
		s.traceCall(c.name, call, f, call.Indices()...)
	}
	return f
}

// arriveLate reports whether a late effect happens: the server is there.
func (c *caller) arriveLate(call intercept.Call) bool {
	s := c.process.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	if *s.outages(call) > 0 {
		return false
	}
	s.traceCall(c.name+" (late effect)", call, noFault, call.Indices()...)
	return true
}

// givenUp is the error of a call that its caller did not wait for.
func givenUp(ctx context.Context) error {
	if ctx.Err() == nil {
		return errDead
	}
	return core.WrapError(core.KindUnavailable, "The call took too long.", ctx.Err())
}

// refusals is the part of a worker's calls that fail which is refused.
const refusals = 0.3

// refuse allows what follows from the refusal of a call: the deliveries that it is
// about count, and a value that was not stored is calculated again.
func (p *process) refuse(call intercept.Call) {
	indices := call.Indices()
	if call.Name == "ValueCache.Put" {
		if len(indices) > 1 { // each is tried by itself
			return
		}
		p.sim.oracle.allowCalculation(indices[0])
	}
	for _, n := range indices {
		p.allowDeliveries(n)
	}
}

// rare are methods that are seldom called, and fail the more often.
var rare = map[string]bool{
	"IndexStore.List": true, "IndexStore.Ping": true, "IndexStore.Reopen": true,
	"ValueCache.List": true, "ValueCache.Ping": true,
	"WorkQueue.Ping": true, "WorkQueue.Release": true,
	"WorkerRegistry.List": true,
	"Events.Subscribe":    true,
}

// drawFault chooses the fault of a call.
func (s *simulation) drawFault(rng *prng, call intercept.Call) fault {
	if !s.inFaultPhase() {
		return noFault
	}
	r := s.scenario.rates
	switch name := call.Name; {
	case name == "IndexStore.MarkFailed":
		r.crash, r.unreachable = 100*r.crash, 100*r.unreachable
	case name == "ValueCache.Put" && s.scenario.natures[first(call)] == recovering: // at its last delivery
		r.failed = 0.4
	case name == "ValueCache.Put": // before its worker knows, the value may be evicted and the index submitted again
		r.slowReply = 4 * r.slowReply
	case rare[name]:
		r.failed, r.lostReply, r.lateEffect, r.slow, r.slowReply = 4*r.failed, 4*r.lostReply, 4*r.lateEffect, 4*r.slow, 4*r.slowReply
		r.crash, r.unreachable = 4*r.crash, 10*r.unreachable
	}
	u := rng.fraction()
	for _, f := range [...]struct {
		rate  float64
		fault fault
	}{
		{r.failed, failed}, {r.lostReply, lostReply}, {r.lateEffect, lateEffect}, {r.slow, slow},
		{r.slowReply, slowReply}, {r.unreachable, unreachable}, {r.crash / 2, crashBefore}, {r.crash / 2, crashAfter},
	} {
		if u < f.rate {
			return f.fault
		}
		u -= f.rate
	}
	return noFault
}

// noteFault records a fault, and has the oracle allow what follows from it.
func (c *caller) noteFault(ctx context.Context, call intercept.Call) {
	s := c.process.sim
	s.mu.Lock()
	s.faults++
	requestOf(ctx).disturb()
	c.process.disturb(call.Indices()...)
	s.mu.Unlock()
	s.oracle.allowFor(call)
}

// allowFor allows what follows from the failure of a call. Without a renewal a
// lease may expire, and another worker calculates too; its delivery does not count,
// because the worker that lost it gives it back. A task that is not acknowledged
// or released is delivered again.
func (o *oracle) allowFor(call intercept.Call) {
	switch call.Name {
	case "WorkQueue.Renew":
		for _, n := range call.Indices() {
			o.allowCalculation(n)
		}
	case "WorkQueue.Acknowledge", "WorkQueue.Release":
		for _, claim := range *intercept.Arg[[]core.Claim](call) {
			o.allowDelivery(claim)
		}
	}
}
