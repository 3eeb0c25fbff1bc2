package simulation

import (
	"context"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// methods are the methods of the ports by number.
var methods = []string{
	"IndexStore.Record", "IndexStore.Reopen", "IndexStore.Lookup", "IndexStore.List", "IndexStore.Unfinished", "IndexStore.MarkCalculated", "IndexStore.MarkFailed",
	"ValueCache.Put", "ValueCache.Summaries", "ValueCache.Digits", "ValueCache.List", "ValueCache.Generation",
	"WorkQueue.Enqueue", "WorkQueue.Backlog", "WorkQueue.Claim", "WorkQueue.Renew", "WorkQueue.Acknowledge", "WorkQueue.Release", "WorkQueue.Jobs", "Events.Publish", "Events.Subscribe",
}

// fault is what becomes of a port call.
type fault int

const (
	noFault     fault = iota
	failed            // it fails without effect
	lostReply         // it takes effect, but its caller is told that it failed
	lateEffect        // its caller is told that it failed, then it takes effect
	slow              // it takes effect late
	slowReply         // its caller hears late of it
	crashBefore       // its process dies instead
	crashAfter        // its process dies when it has taken effect
	unreachable       // what it calls is away
	processDead       // its process is dead
)

var faultNames = [...]string{
	"", "failed", "lost reply", "late effect", "slow", "slow reply", "crash before", "crash after", "unreachable", "process dead",
}

var (
	errDead = core.NewError(core.KindInternal, "This process is dead.")
	errAway = core.NewError(core.KindUnavailable, "It can't be reached.")
)

// perform makes a call with the fault that the seed has for it. effect is what
// the call does; it runs at an instant of its own, so that the order of effects
// is that of the instants and not the scheduler's.
func (c *caller) perform(ctx context.Context, call intercept.Call, effect func(context.Context, fault) error) error {
	s := c.process.sim
	if c.reconciles {
		defer func() { c.returned = time.Now() }()
	}
	d, alive := c.begin(ctx, call)
	if !alive {
		return givenUp(ctx)
	}
	wait := d.between(50*time.Microsecond, 3*time.Millisecond)
	f := s.drawFault(&d)
	if f != noFault {
		c.noteFault(ctx, call, f)
	}
	if f == slow {
		wait += d.between(100*time.Millisecond, 3*s.scenario.claimPeriod)
	}
	if s.pause(ctx, wait) != nil {
		return givenUp(ctx)
	}
	f = c.arrive(ctx, call, f)
	undisturbed := context.WithoutCancel(ctx)
	switch f {
	case processDead:
		return errDead
	case failed, unreachable:
		return errAway
	case lateEffect:
		s.later(d.between(10*time.Millisecond, 2*s.scenario.claimPeriod), func() {
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
	switch f {
	case lostReply:
		return errAway
	case crashAfter:
		s.crash(c.process)
		return errDead
	case slowReply:
		if s.pause(ctx, d.between(100*time.Millisecond, 3*s.scenario.claimPeriod)) != nil {
			return givenUp(ctx)
		}
	}
	return err
}

// arrive returns what becomes of a call on arrival, now that it is known who is
// dead or away, and traces it.
func (c *caller) arrive(ctx context.Context, call intercept.Call, f fault) fault {
	s := c.process.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case c.process.dead:
		return processDead
	case s.away(call):
		f = unreachable
		requestOf(ctx).disturb()
		c.process.disturb(first(call))
	}
	if call.Name != "WorkQueue.Claim" || f != noFault { // else it is traced when it got something
		s.traceCall(c.name, call, first(call), f)
	}
	return f
}

// arriveLate reports whether a call whose caller no longer waits takes effect.
func (c *caller) arriveLate(call intercept.Call) bool {
	s := c.process.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away(call) {
		return false
	}
	s.traceCall(c.name+" (late effect)", call, first(call), noFault)
	return true
}

// givenUp is the error of a call whose caller did not wait for its end.
func givenUp(ctx context.Context) error {
	if ctx.Err() == nil {
		return errDead
	}
	return core.WrapError(core.KindUnavailable, "It took too long.", ctx.Err())
}

// drawFault chooses what becomes of a call.
func (s *simulation) drawFault(d *prng) fault {
	if !s.inFaultPhase() {
		return noFault
	}
	r := s.scenario.rates
	u := d.fraction()
	for _, f := range [...]struct {
		rate  float64
		fault fault
	}{
		{r.failed, failed}, {r.lostReply, lostReply}, {r.lateEffect, lateEffect}, {r.slow, slow},
		{r.slowReply, slowReply}, {r.crash / 2, crashBefore}, {r.crash / 2, crashAfter},
	} {
		if u < f.rate {
			return f.fault
		}
		u -= f.rate
	}
	return noFault
}

// noteFault notes a fault: the oracle allows what follows from it.
func (c *caller) noteFault(ctx context.Context, call intercept.Call, f fault) {
	s, n := c.process.sim, first(call)
	s.mu.Lock()
	s.faults++
	requestOf(ctx).disturb()
	c.process.disturb(n)
	if f == slow {
		s.traceCall(c.name+" (begins)", call, n, f)
	}
	s.mu.Unlock()
	switch call.Name {
	case "WorkQueue.Renew":
		s.oracle.allow(n)
	case "WorkQueue.Acknowledge", "WorkQueue.Release":
		s.oracle.allowDelivery(n)
	}
}
