package simulation

import (
	"context"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// method is a method of a port.
type method int

const (
	record method = iota
	reopen
	lookup
	listRecords
	unfinished
	markCalculated
	markFailed
	put // from here on the methods of what Redis is in reality
	summaries
	readDigits
	listValues
	generation
	enqueue
	backlog
	claim
	renew
	acknowledge
	release
	jobs
	publish
	subscribe
	begun // no method: a calculation that begins
)

var methodNames = [...]string{
	"Record", "Reopen", "Lookup", "List", "Unfinished", "MarkCalculated", "MarkFailed",
	"Put", "Summaries", "Digits", "Values", "Generation",
	"Enqueue", "Backlog", "Claim", "Renew", "Acknowledge", "Release", "Jobs", "Publish", "Subscribe", "begins",
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

// call makes a port call and lets happen to it what the seed wants. effect is
// what the call does; it runs at an instant of its own, so that the order of
// effects is that of the instants and not the scheduler's.
func call[T any](ctx context.Context, c *caller, m method, n core.Index, effect func(context.Context, fault) (T, error)) (T, error) {
	var none T
	s := c.process.sim
	if c.reconciles {
		defer func() { c.returned = time.Now() }()
	}
	d, made := c.begin(ctx, m, n)
	if !made {
		return none, givenUp(ctx)
	}
	wait := d.between(50*time.Microsecond, 3*time.Millisecond)
	f := s.drawFault(&d)
	if f != noFault {
		s.noteFault(ctx, c, m, n, f)
	}
	if f == slow {
		wait += d.between(100*time.Millisecond, 3*s.scenario.claimPeriod)
	}
	if s.pause(ctx, wait) != nil {
		return none, givenUp(ctx)
	}
	f = c.arrive(ctx, m, n, f)
	undisturbed := context.WithoutCancel(ctx)
	switch f {
	case processDead:
		return none, errDead
	case failed, unreachable:
		return none, errAway
	case lateEffect:
		s.later(d.between(10*time.Millisecond, 2*s.scenario.claimPeriod), func() {
			if s.arriveLate(c, m, n) {
				_, _ = effect(undisturbed, f)
			}
		})
		return none, errAway
	case crashBefore:
		s.crash(c.process)
		return none, errDead
	}
	result, err := effect(undisturbed, f)
	switch f {
	case lostReply:
		return none, errAway
	case crashAfter:
		s.crash(c.process)
		return none, errDead
	case slowReply:
		if s.pause(ctx, d.between(100*time.Millisecond, 3*s.scenario.claimPeriod)) != nil {
			return none, givenUp(ctx)
		}
	}
	return result, err
}

// arrive tells what becomes of a call on arrival, now that it is known who is
// dead or away, and notes it.
func (c *caller) arrive(ctx context.Context, m method, n core.Index, f fault) fault {
	s := c.process.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case c.process.dead:
		return processDead
	case s.away(m):
		f = unreachable
		requestOf(ctx).disturb()
		c.process.disturb(n)
	}
	if m != claim || f != noFault { // else it is noted when it got something
		s.traceCall(c.name, m, n, f)
	}
	return f
}

// arriveLate reports whether a call whose caller no longer waits takes effect.
func (s *simulation) arriveLate(c *caller, m method, n core.Index) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away(m) {
		return false
	}
	s.traceCall(c.name+" (late effect)", m, n, noFault)
	return true
}

// do is call for methods that return an error only.
func do(ctx context.Context, c *caller, m method, n core.Index, effect func(context.Context, fault) error) error {
	_, err := call(ctx, c, m, n, func(ctx context.Context, f fault) (struct{}, error) { return struct{}{}, effect(ctx, f) })
	return err
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

// fault keeps account of a fault: it allows what follows from it.
func (s *simulation) noteFault(ctx context.Context, c *caller, m method, n core.Index, f fault) {
	s.mu.Lock()
	s.faults++
	requestOf(ctx).disturb()
	c.process.disturb(n)
	if f == slow {
		s.traceCall(c.name+" (begins)", m, n, f)
	}
	s.mu.Unlock()
	switch m {
	case renew:
		s.oracle.allow(n)
	case acknowledge, release:
		s.oracle.allowDelivery(n)
	}
}
