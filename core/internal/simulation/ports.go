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
		Queue:      s.queue,
		Workers:    &s.workers,
		Events:     &s.events,
		Calculator: calculator{c},
	}, c.refusePut, c.intercept, c.watchAdmission)
}

// intercept is the interceptor of all ports.
func (c *caller) intercept(ctx context.Context, call intercept.Call) error {
	switch call.Name {
	case "Calculator.Estimate", "Calculator.Calculate": // calculator has faults of its own
		return call.Next(ctx)
	case "WorkerRegistry.Announce":
		return c.announce(ctx, call)
	case "WorkQueue.Ready": // claim waits instead
		*intercept.Result[<-chan struct{}](call) = ready
		return nil
	case "ValueCache.Generation":
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
		return func(ctx context.Context, _ fault) error {
			n := first(call)
			already := p.sim.record(n).State == core.StateFailed
			err := call.Next(ctx)
			if *intercept.Result[bool](call) && !already {
				o.failed(n, *intercept.Arg[string](call), c.looked(n))
			}
			return err
		}
	case "ValueCache.Put":
		return func(ctx context.Context, _ fault) error {
			for _, n := range call.Indices() {
				o.stored(n)
				p.sim.afterPut(n)
			}
			return call.Next(ctx)
		}
	case "ValueCache.Summaries":
		return func(ctx context.Context, _ fault) error {
			c.lookOn(call.Indices())
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
				r.foundDone = r.foundDone || found.State == core.StateCalculated
			}
		}
	case "IndexStore.Unfinished":
		c.unfinished = nil
		if err == nil {
			c.unfinished = slices.Clone(*intercept.Result[[]core.Index](call))
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
	err := c.perform(ctx, call, func(ctx context.Context, f fault) error {
		err := call.Next(ctx)
		c.hold(call, f)
		return err
	})
	if err == nil && len(*intercept.Result[[]core.Claim](call)) == 0 &&
		c.process.sim.pause(ctx, time.Until(begin.Add(claimPause))) != nil {
		return givenUp(ctx)
	}
	return err
}

// announce reaches the queue at once, or not at all: no promise about indices
// depends on it, and it must not disturb what the seed has chosen.
func (c *caller) announce(ctx context.Context, call intercept.Call) error {
	s := c.process.sim
	c.process.awaitResumed(ctx)
	s.mu.Lock()
	dead, away := c.process.dead, s.redisAway > 0
	s.mu.Unlock()
	switch {
	case dead:
		return errDead
	case away:
		return errAway
	}
	return call.Next(ctx)
}

// publish loses events, or publishes them twice, if the seed says so.
func (c *caller) publish(ctx context.Context, call intercept.Call) error {
	s := c.process.sim
	d := newPRNG(s.seed, c.key, hash("events"), uint64(time.Now().UnixNano()))
	if s.inFaultPhase() && d.chance(s.scenario.rates.eventsLost) {
		return nil
	}
	if s.inFaultPhase() && d.chance(s.scenario.rates.eventsDoubled) {
		_ = call.Next(ctx)
	}
	return call.Next(ctx)
}

// awaitRound replaces the reconciler's pause, which is random and up to three
// seconds: its next round begins when the seed says, with a look at the cache's
// generation.
func (c *caller) awaitRound(ctx context.Context) {
	if !c.reconciles {
		return
	}
	s := c.process.sim
	d := newPRNG(s.seed, c.key, hash("round"), uint64(c.returned.UnixNano()))
	next := c.returned.Add(d.between(3*time.Second, 4*time.Second))
	_ = s.pause(ctx, time.Until(next))
}

// first returns the first index that a call is about, 0 if there is none.
func first(call intercept.Call) core.Index {
	if indices := call.Indices(); len(indices) > 0 {
		return indices[0]
	}
	return 0
}
