package simulation

import (
	"context"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// fault is what happens to a port call.
type fault int

const (
	noFault     fault = iota
	failed            // it fails without effect
	lostReply         // it takes effect but fails
	lateEffect        // it fails, and takes effect later
	slow              // it takes effect late
	slowReply         // it takes effect in time and returns late
	crashBefore       // the process crashes before it takes effect
	crashAfter        // the process crashes after it has taken effect
	unreachable       // the server is away
	processDead       // the process has crashed since the call began
	noRoom            // the cache has no room for the value
)

var faultNames = [...]string{
	"", "failed", "lost reply", "late effect", "slow", "slow reply", "crash before", "crash after", "unreachable", "process dead",
	"no room",
}

var (
	errDead = core.NewError(core.KindInternal, "The process has crashed.")
	errAway = core.NewError(core.KindUnavailable, "The server can't be reached.")
)

// perform makes a call under the fault that the seed chooses. effect is what the
// call does; it runs at an instant of its own, so that the seed and not the
// scheduler determines the order of effects.
func (c *caller) perform(ctx context.Context, call intercept.Call, effect func(context.Context, fault) error) error {
	s := c.process.sim
	if c.reconciles {
		defer func() { c.returned = time.Now() }()
	}
	d, alive := c.begin(ctx, call)
	if !alive {
		return givenUp(ctx)
	}
	c.process.awaitResumed(ctx)
	wait := d.between(50*time.Microsecond, 3*time.Millisecond)
	f := s.drawFault(&d, call)
	if f != noFault {
		c.noteFault(ctx, call, f)
	}
	if f == slow {
		wait += d.between(100*time.Millisecond, 3*s.scenario.lease)
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
		s.later(d.between(10*time.Millisecond, 2*s.scenario.lease), func() {
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
	if c.process.awaitResumed(ctx) && s.pause(ctx, d.between(50*time.Microsecond, 3*time.Millisecond)) != nil {
		return givenUp(ctx)
	}
	switch f {
	case lostReply:
		return errAway
	case crashAfter:
		s.crash(c.process)
		return errDead
	case slowReply:
		if s.pause(ctx, d.between(100*time.Millisecond, 3*s.scenario.lease)) != nil {
			return givenUp(ctx)
		}
	}
	return err
}

// arrive returns the fault of a call at the instant it would take effect: f,
// unless the caller has crashed or the server is away by then.
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
		c.process.disturb(call.Indices()...)
	}
	if call.Name != "WorkQueue.Claim" || f != noFault { // else hold traces it, with its index
		s.traceCall(c.name, call, f, call.Indices()...)
	}
	return f
}

// arriveLate reports whether a late effect happens: the server is there.
func (c *caller) arriveLate(call intercept.Call) bool {
	s := c.process.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away(call) {
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

// drawFault chooses the fault of a call.
func (s *simulation) drawFault(d *prng, call intercept.Call) fault {
	if !s.inFaultPhase() {
		return noFault
	}
	r := s.scenario.rates
	if call.Name == "IndexStore.MarkFailed" { // which is rare
		r.crash *= 100
	}
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

// noteFault records a fault, and has the oracle allow what follows from it.
func (c *caller) noteFault(ctx context.Context, call intercept.Call, f fault) {
	s := c.process.sim
	s.mu.Lock()
	s.faults++
	requestOf(ctx).disturb()
	c.process.disturb(call.Indices()...)
	if f == slow {
		s.traceCall(c.name+" (starts)", call, f, call.Indices()...)
	}
	s.mu.Unlock()
	for _, n := range call.Indices() {
		switch call.Name {
		case "WorkQueue.Renew":
			s.oracle.allow(n)
		case "WorkQueue.Acknowledge", "WorkQueue.Release":
			s.oracle.allowDelivery(n)
		}
	}
}
