package simulation

import (
	"context"
	"slices"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// ports returns the caller's ports: those in memory, behind the faults and
// watched by the oracle.
func (c *caller) ports() core.Ports {
	s := c.process.sim
	return intercept.Ports(core.Ports{
		Store:      &s.store,
		Cache:      &s.cache,
		Queue:      s.served,
		Workers:    &s.workers,
		Events:     &s.events,
		Calculator: calculator{c},
	}, c.limitReconciler, c.findRoom, c.intercept, c.watchAdmission)
}

// intercept is the interceptor of all ports.
func (c *caller) intercept(ctx context.Context, call intercept.Call) error {
	switch call.Name {
	case "Calculator.Estimate", "Calculator.Calculate": // calculator has faults of its own
		return call.Next(ctx)
	case "WorkQueue.Ready": // claim waits instead
		*intercept.Result[<-chan struct{}](call) = ready
		return nil
	case "WorkQueue.Backlog":
		c.awaitRound(ctx)
	case "WorkQueue.Claim":
		return c.claim(ctx, call)
	}
	err := c.perform(ctx, call, c.effect(ctx, call))
	c.learn(ctx, call, err)
	return err
}

// effect returns the function that makes a call of the ports in memory, and
// tells the oracle.
func (c *caller) effect(ctx context.Context, call intercept.Call) func(context.Context, fault) error {
	p := c.process
	o := p.sim.oracle
	switch call.Name {
	case "IndexStore.Record":
		return func(ctx context.Context, f fault) error {
			submissions := *intercept.Arg[[]core.Submission](call)
			if f != lateEffect {
				p.checkReopenings(ctx, submissions)
			}
			for _, sub := range submissions {
				if sub.Reopen {
					o.reopened(sub.Index)
				}
			}
			return call.Next(ctx)
		}
	case "IndexStore.Reopen":
		return func(ctx context.Context, _ fault) error {
			o.reopened(first(call))
			return call.Next(ctx)
		}
	case "IndexStore.Lookup":
		return func(ctx context.Context, _ fault) error {
			c.look(call.Indices())
			return call.Next(ctx)
		}
	case "IndexStore.MarkFailed":
		v := c.verdict(first(call), *intercept.Arg[string](call))
		return func(ctx context.Context, _ fault) error {
			already := p.sim.record(v.index).State == core.StateFailed
			err := call.Next(ctx)
			if *intercept.Result[bool](call) && !already {
				o.failed(v)
			}
			return err
		}
	case "IndexStore.MarkCalculated":
		var verdicts []verdict
		for _, n := range call.Indices() {
			verdicts = append(verdicts, c.verdict(n, "not recovered"))
		}
		return func(ctx context.Context, _ fault) error {
			given := c.givenUp(call)
			err := call.Next(ctx)
			for _, v := range verdicts {
				if slices.Contains(given, v.index) && (*intercept.Result[map[core.Index]bool](call))[v.index] {
					o.failed(v)
				}
			}
			return err
		}
	case "ValueCache.Put":
		return func(ctx context.Context, _ fault) error {
			for _, n := range call.Indices() {
				p.sim.makeRoom(n)
				o.stored(n)
				p.sim.afterPut(n)
			}
			return call.Next(ctx)
		}
	case "ValueCache.Summaries":
		c.lookOn(call.Indices())
		return func(ctx context.Context, _ fault) error {
			err := call.Next(ctx)
			found := *intercept.Result[map[core.Index]core.Summary](call)
			for _, n := range call.Indices() {
				if _, there := found[n]; !there {
					o.missed(n)
				}
			}
			return err
		}
	case "ValueCache.Digits":
		return func(ctx context.Context, _ fault) error {
			err := call.Next(ctx)
			if err != nil {
				o.missed(first(call))
			}
			return err
		}
	case "WorkQueue.Enqueue":
		wanted := call.Indices() // by a submitter; a reconciler may only want what is unfinished
		if c.reconciles {
			wanted = c.unfinished
		}
		return func(ctx context.Context, _ fault) error {
			err := call.Next(ctx)
			o.enqueued(wanted)
			return err
		}
	case "WorkQueue.Acknowledge", "WorkQueue.Release":
		return func(ctx context.Context, _ fault) error {
			p.forget(*intercept.Arg[[]core.Claim](call))
			return call.Next(ctx)
		}
	case "Events.Publish":
		return func(ctx context.Context, _ fault) error { return c.publish(ctx, call) }
	case "Events.Subscribe":
		return func(context.Context, fault) error { return call.Next(p.sim.untilRedisGoes(ctx)) }
	}
	return func(ctx context.Context, _ fault) error { return call.Next(ctx) }
}

// learn notes what the caller knows once a call has returned.
func (c *caller) learn(ctx context.Context, call intercept.Call, err error) {
	switch call.Name {
	case "IndexStore.Lookup":
		if r := requestOf(ctx); r != nil && err == nil {
			for _, found := range *intercept.Result[map[core.Index]core.Record](call) {
				if found.State == core.StateCalculated {
					r.foundDone.Store(true)
				}
			}
		}
	case "WorkQueue.Backlog":
		if c.reconciles {
			c.unfinished, c.began = nil, time.Now() // a round begins
		}
	case "IndexStore.Pending", "IndexStore.Lost":
		if err == nil && c.reconciles {
			c.unfinished = append(c.unfinished, *intercept.Result[[]core.Index](call)...)
		}
	case "ValueCache.Summaries":
		var found map[core.Index]core.Summary
		if err == nil {
			found = *intercept.Result[map[core.Index]core.Summary](call)
		}
		c.process.sim.unseen(requestOf(ctx), call.Indices(), found)
	}
}

// claimPause is the time between two attempts of a caller to claim a task while
// there is none.
const claimPause = time.Second

// ready is closed.
var ready = func() <-chan struct{} { ch := make(chan struct{}); close(ch); return ch }()

// claim waits if there is nothing to claim, and Ready does not: were all that
// wait woken by an arrival, the scheduler would choose who gets the work.
func (c *caller) claim(ctx context.Context, call intercept.Call) error {
	begin := time.Now()
	var claims []core.Claim
	err := c.perform(ctx, call, func(ctx context.Context, f fault) error {
		err := call.Next(ctx)
		if c.hold(call, f) {
			claims = *intercept.Result[[]core.Claim](call)
		}
		return err
	})
	if err != nil { // the process was stopped before it learned of them
		c.miss(claims)
	}
	if err == nil && len(*intercept.Result[[]core.Claim](call)) == 0 &&
		c.process.sim.pause(ctx, time.Until(begin.Add(claimPause))) != nil {
		return givenUp(ctx)
	}
	return err
}

// publish loses events, or publishes them twice, if the seed says so.
func (c *caller) publish(ctx context.Context, call intercept.Call) error {
	s := c.process.sim
	rng := newPRNG(s.seed, c.key, hash("events"), uint64(time.Now().UnixNano()))
	if s.inFaultPhase() && rng.chance(s.scenario.rates.eventsLost) {
		s.coverCall(call, eventsLost)
		return nil
	}
	if s.inFaultPhase() && rng.chance(s.scenario.rates.eventsDoubled) {
		s.coverCall(call, eventsDoubled)
		_ = call.Next(ctx)
	}
	return call.Next(ctx)
}

// awaitRound replaces the reconciler's pause, of which up to two seconds are random:
// its next round begins when the seed says, with a look at the backlog.
func (c *caller) awaitRound(ctx context.Context) {
	if !c.reconciles {
		return
	}
	s := c.process.sim
	rng := newPRNG(s.seed, c.key, hash("round"), uint64(c.returned.UnixNano()))
	rest := max(time.Second, min(5*c.returned.Sub(c.began), 8*time.Second)) // as the reconciler has it
	next := c.returned.Add(rest + rng.between(2*time.Second, 3*time.Second))
	_ = s.pause(ctx, time.Until(next))
}

// first returns the first index that a call is about, 0 if there is none.
func first(call intercept.Call) core.Index {
	if indices := call.Indices(); len(indices) > 0 {
		return indices[0]
	}
	return 0
}

// verdict returns what the caller decides now about n.
func (c *caller) verdict(n core.Index, reason string) verdict {
	return verdict{index: n, reason: reason, lookedUp: c.looked(n), deliveries: c.process.sim.oracle.deliveries(n)}
}

// givenUp returns those indices of a call of MarkCalculated whose values were lost
// and are not stored: their recovery has failed, and they are left until they are
// requested.
func (c *caller) givenUp(call intercept.Call) (given []core.Index) {
	s := c.process.sim
	if generation, err := s.cache.Generation(s.ctx); err != nil || generation != *intercept.Arg[string](call) {
		return nil // they stay lost
	}
	for _, n := range call.Indices() {
		if s.record(n).State == core.StateCalculated && s.oracle.owes(n) {
			given = append(given, n)
		}
	}
	return given
}
