package simulation

import (
	"context"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// remember gives the APIs of most scenarios memory for summaries: for about ten, or
// for all. Where submitters leave, it would be the scheduler's choice who makes the
// call that they share.
func (sc *scenario) remember(seed uint64) {
	rng := newPRNG(seed, hash("summaries"))
	sc.summaries = from[int64](&rng, 0, 8<<10, 16<<20)
	if sc.leaving > 0 {
		sc.summaries = 0
	}
	if sc.summaries > 0 && sc.contention == nil && sc.loss == nil && sc.maxBacklog == 0 && !sc.quick && rng.chance(0.05) {
		sc.readThroughFlush(&rng)
	}
}

// readThroughFlush has readers read one or two values all the time, while the cache is
// flushed. There are no other faults, by which reads would fail.
func (sc *scenario) readThroughFlush(rng *prng) {
	sc.rates, sc.natures, sc.noRoom, sc.slow, sc.disk, sc.clocks = rates{}, nil, 0, false, fullDisk{}, clocks{drift: 1}
	sc.nemeses = []nemesis{{at: rng.between(sc.faultPhase/2, sc.faultPhase), kind: from(rng, cacheFlushed, redisFlushed)}}
	read := sc.indices[:1+rng.below(2)]
	sc.operations = append(sc.operations, operation{at: time.Second, kind: submit, api: rng.below(sc.apis), indices: read})
	for at := 2 * time.Second; at < sc.faultPhase; at += rng.between(100*time.Millisecond, time.Second) {
		sc.operations = append(sc.operations, operation{at: at, kind: status, api: rng.below(sc.apis), indices: []core.Index{from(rng, read...)}})
	}
}

// flushAge is more than it takes until a service notices that the cache was flushed.
const flushAge = 1100 * time.Millisecond

// checkFresh checks that a value which a request that began at the given time was told
// of had not been lost with all others long before.
func (o *oracle) checkFresh(n core.Index, began time.Time) {
	var flushedAt time.Time
	o.with(n, func(a *account) { flushedAt = a.flushedAt })
	if age := began.Sub(flushedAt); !flushedAt.IsZero() && age > flushAge {
		o.sim.violated(n, "told to be calculated %v after its value was flushed", age)
	}
}

// isShared reports whether requests of the process may share the call, which one of
// them makes.
func (c *caller) isShared(call intercept.Call) bool {
	return c.process.sim.scenario.summaries > 0 && (call.Name == "ValueCache.Summaries" || call.Name == "ValueCache.Generation")
}

// disturbSharers notes that the requests of a process may have waited for a call of one
// of them that had a fault.
func (c *caller) disturbSharers(ctx context.Context, call intercept.Call) {
	r := requestOf(ctx)
	if r == nil || !r.disturbed.Load() || !c.isShared(call) {
		return
	}
	c.process.sim.mu.Lock()
	defer c.process.sim.mu.Unlock()
	for other := range c.process.underWay {
		other.disturb()
	}
}
