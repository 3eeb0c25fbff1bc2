package simulation

import (
	"context"
	"slices"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// ports returns the ports as the caller has them. They are those in memory,
// seen through everything that may go wrong on the way.
func (c *caller) ports() core.Ports {
	s := c.process.sim
	return core.Ports{
		Store:      storePort{&s.store, c},
		Cache:      cachePort{&s.cache, c},
		Queue:      queuePort{s.queue, c},
		Events:     eventsPort{c},
		Calculator: calculator{c},
	}
}

type storePort struct {
	core.IndexStore
	caller *caller
}

func (p storePort) Record(ctx context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
	return call(ctx, p.caller, record, submissions[0].Index, func(ctx context.Context, f fault) ([]core.Record, error) {
		if f != lateEffect {
			p.caller.process.checkReopenings(ctx, submissions)
		}
		return p.IndexStore.Record(ctx, at, submissions)
	})
}

func (p storePort) Reopen(ctx context.Context, n core.Index) error {
	return do(ctx, p.caller, reopen, n, func(ctx context.Context, _ fault) error { return p.IndexStore.Reopen(ctx, n) })
}

func (p storePort) Lookup(ctx context.Context, n core.Index) (core.Record, error) {
	found, err := call(ctx, p.caller, lookup, n, func(ctx context.Context, _ fault) (core.Record, error) { return p.IndexStore.Lookup(ctx, n) })
	if a := requestOf(ctx); a != nil && err == nil {
		a.foundDone = a.foundDone || found.State == core.StateCalculated
	}
	return found, err
}

func (p storePort) List(ctx context.Context, before int64, limit int) ([]core.Record, error) {
	return call(ctx, p.caller, listRecords, 0, func(ctx context.Context, _ fault) ([]core.Record, error) {
		return p.IndexStore.List(ctx, before, limit)
	})
}

func (p storePort) Unfinished(ctx context.Context, generation string, limit int) ([]core.Index, error) {
	indices, err := call(ctx, p.caller, unfinished, 0, func(ctx context.Context, _ fault) ([]core.Index, error) {
		return p.IndexStore.Unfinished(ctx, generation, limit)
	})
	p.caller.unfinished = indices
	return indices, err
}

func (p storePort) MarkCalculated(ctx context.Context, n core.Index, revision int64, generation string) (bool, error) {
	return call(ctx, p.caller, markCalculated, n, func(ctx context.Context, _ fault) (bool, error) {
		return p.IndexStore.MarkCalculated(ctx, n, revision, generation)
	})
}

func (p storePort) MarkFailed(ctx context.Context, n core.Index, revision int64, reason string) (bool, error) {
	return call(ctx, p.caller, markFailed, n, func(ctx context.Context, _ fault) (bool, error) {
		done, err := p.IndexStore.MarkFailed(ctx, n, revision, reason)
		if done {
			p.caller.process.sim.oracle.failed(n, reason)
		}
		return done, err
	})
}

type cachePort struct {
	core.ValueCache
	caller *caller
}

func (p cachePort) Put(ctx context.Context, v core.Value) error {
	return do(ctx, p.caller, put, v.Index, func(ctx context.Context, _ fault) error {
		p.caller.process.sim.oracle.stored(v.Index)
		p.caller.process.sim.afterPut(v.Index)
		return p.ValueCache.Put(ctx, v)
	})
}

func (p cachePort) Summaries(ctx context.Context, indices ...core.Index) (map[core.Index]core.Summary, error) {
	found, err := call(ctx, p.caller, summaries, indices[0], func(ctx context.Context, _ fault) (map[core.Index]core.Summary, error) {
		found, err := p.ValueCache.Summaries(ctx, indices...)
		for _, n := range indices {
			if _, there := found[n]; !there {
				p.caller.process.sim.oracle.missed(n)
			}
		}
		return found, err
	})
	p.caller.process.sim.unseen(requestOf(ctx), indices, found)
	return found, err
}

func (p cachePort) Digits(ctx context.Context, n core.Index, first, count int64) ([]byte, error) {
	return call(ctx, p.caller, readDigits, n, func(ctx context.Context, _ fault) ([]byte, error) {
		digits, err := p.ValueCache.Digits(ctx, n, first, count)
		if err != nil {
			p.caller.process.sim.oracle.missed(n)
		}
		return digits, err
	})
}

func (p cachePort) List(ctx context.Context, after core.Position, limit int) ([]core.Summary, error) {
	return call(ctx, p.caller, listValues, 0, func(ctx context.Context, _ fault) ([]core.Summary, error) {
		return p.ValueCache.List(ctx, after, limit)
	})
}

// Generation is also what each round of a reconciler begins with.
func (p cachePort) Generation(ctx context.Context) (string, error) {
	if p.caller.reconciles {
		p.caller.awaitRound(ctx)
	}
	return call(ctx, p.caller, generation, 0, func(ctx context.Context, _ fault) (string, error) { return p.ValueCache.Generation(ctx) })
}

// awaitRound swallows the reconciler's pause, which is random and up to three
// seconds: its next round begins when the seed says.
func (c *caller) awaitRound(ctx context.Context) {
	s := c.process.sim
	d := newPRNG(s.seed, c.key, hash("round"), uint64(c.returned.UnixNano()))
	next := c.returned.Add(d.between(3*time.Second, 4*time.Second))
	_ = s.pause(ctx, time.Until(next))
}

type queuePort struct {
	core.WorkQueue
	caller *caller
}

func (p queuePort) Enqueue(ctx context.Context, client string, tasks ...core.Task) (int, error) {
	var wanted []core.Index // by a client; a reconciler may only want what is unfinished
	for _, t := range tasks {
		wanted = append(wanted, t.Index)
	}
	if p.caller.reconciles {
		wanted = p.caller.unfinished
	}
	return call(ctx, p.caller, enqueue, tasks[0].Index, func(ctx context.Context, _ fault) (int, error) {
		added, err := p.WorkQueue.Enqueue(ctx, client, tasks...)
		p.caller.process.sim.oracle.enqueued(wanted)
		return added, err
	})
}

func (p queuePort) Backlog(ctx context.Context, client string) (core.Backlog, error) {
	return call(ctx, p.caller, backlog, 0, func(ctx context.Context, _ fault) (core.Backlog, error) {
		return p.WorkQueue.Backlog(ctx, client)
	})
}

// Claim looks at the queue when it is called and not again: were it woken with
// all others that wait, the scheduler would choose who gets the work.
func (p queuePort) Claim(ctx context.Context, wait time.Duration) (core.Claim, error) {
	end := time.Now().Add(wait)
	got, err := call(ctx, p.caller, claim, 0, func(ctx context.Context, f fault) (core.Claim, error) {
		got, err := p.WorkQueue.Claim(ctx, 0)
		if err == nil {
			p.caller.hold(got, f)
		}
		return got, err
	})
	if core.IsNotFound(err) && p.caller.process.sim.pause(ctx, time.Until(end)) != nil {
		return core.Claim{}, givenUp(ctx)
	}
	return got, err
}

func (p queuePort) Renew(ctx context.Context, c core.Claim, progress float64) error {
	err := do(ctx, p.caller, renew, c.Index, func(ctx context.Context, _ fault) error { return p.WorkQueue.Renew(ctx, c, progress) })
	if core.IsNotFound(err) {
		p.caller.process.forget(c)
	}
	return err
}

func (p queuePort) Acknowledge(ctx context.Context, c core.Claim) error {
	return do(ctx, p.caller, acknowledge, c.Index, func(ctx context.Context, _ fault) error {
		p.caller.process.forget(c)
		return p.WorkQueue.Acknowledge(ctx, c)
	})
}

func (p queuePort) Release(ctx context.Context, c core.Claim) error {
	return do(ctx, p.caller, release, c.Index, func(ctx context.Context, _ fault) error {
		p.caller.process.forget(c)
		return p.WorkQueue.Release(ctx, c)
	})
}

func (p queuePort) Jobs(ctx context.Context, indices ...core.Index) (map[core.Index]core.Job, error) {
	return call(ctx, p.caller, jobs, indices[0], func(ctx context.Context, _ fault) (map[core.Index]core.Job, error) {
		return p.WorkQueue.Jobs(ctx, indices...)
	})
}

// Announce reaches the queue at once, or not at all: no promise about indices
// depends on it, and it is not to disturb what the seed has chosen.
func (p queuePort) Announce(ctx context.Context, worker string, lasting time.Duration) error {
	s := p.caller.process.sim
	s.mu.Lock()
	dead, away := p.caller.process.dead, s.redisAway > 0
	s.mu.Unlock()
	switch {
	case dead:
		return errDead
	case away:
		return errAway
	}
	return p.WorkQueue.Announce(ctx, worker, lasting)
}

type eventsPort struct{ caller *caller }

func (p eventsPort) Publish(ctx context.Context, events ...core.Event) error {
	s := p.caller.process.sim
	return do(ctx, p.caller, publish, events[0].Index, func(ctx context.Context, _ fault) error {
		d := newPRNG(s.seed, p.caller.key, hash("events"), uint64(time.Now().UnixNano()))
		if s.inFaultPhase() && d.chance(s.scenario.rates.eventsLost) {
			return nil
		}
		if s.inFaultPhase() && d.chance(s.scenario.rates.eventsDoubled) {
			events = slices.Concat(events, events)
		}
		return s.events.Publish(ctx, events...)
	})
}

// Subscribe returns a channel that is closed when the events go away.
func (p eventsPort) Subscribe(ctx context.Context) (<-chan core.Event, error) {
	s := p.caller.process.sim
	return call(ctx, p.caller, subscribe, 0, func(context.Context, fault) (<-chan core.Event, error) {
		return s.events.Subscribe(s.untilRedisGoes(ctx))
	})
}
