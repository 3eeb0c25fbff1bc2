package simulation

import (
	"fmt"
	"sync/atomic"
	"time"
)

// clocks is what a seed determines of the wall clocks of Redis and of the nodes.
type clocks struct {
	drift    float64 // speed of Redis' clock, compared to all others
	settings []clockSetting
}

// clockSetting is the setting of a wall clock.
type clockSetting struct {
	at   time.Duration
	node int // -1: Redis
	by   time.Duration
}

// setClocks adds clocks that drift and are set to some scenarios, and to some of
// these a worker that dies just before. An index that recovers at its last
// delivery must not have its deliveries excused.
func (sc *scenario) setClocks(seed uint64) {
	rng := newPRNG(seed, hash("clocks"))
	sc.clocks.drift = 1
	if sc.maxBacklog > 0 || sc.natures[sc.indices[2]] == recovering || !rng.chance(0.3) {
		return
	}
	sc.clocks.drift = from(&rng, 0.9, 1, 1.1)
	for range 1 + rng.below(4) {
		c := clockSetting{
			at:   rng.between(0, sc.faultPhase),
			node: rng.below(sc.apis+sc.workers+1) - 1,
			by:   from(&rng, -time.Hour, -2*sc.lease, -sc.lease/2, sc.lease/2, 2*sc.lease, time.Hour),
		}
		if rng.chance(0.3) {
			c.node = -1
			n := sc.drawNemesis(&rng)
			n.kind, n.which, n.at = crashed, sc.apis+rng.below(sc.workers), max(0, c.at-rng.between(0, sc.lease/2))
			sc.nemeses = append(sc.nemeses, n)
		}
		sc.clocks.settings = append(sc.clocks.settings, c)
	}
}

// wallClock is a clock that may be set.
type wallClock struct {
	start time.Time
	drift float64
	set   atomic.Int64 // nanoseconds by which it was set so far
}

func (w *wallClock) now() time.Time {
	elapsed := time.Duration(w.drift * float64(time.Since(w.start)))
	return w.start.Round(0).Add(elapsed + time.Duration(w.set.Load()))
}

// setClock waits for the time of a setting and sets the clock. When that of Redis
// is set ahead, leases expire: tasks that are claimed may be calculated once more,
// but no delivery of a living worker may count.
func (s *simulation) setClock(c clockSetting) {
	if s.pause(s.ctx, c.at) != nil {
		return
	}
	clock, name := &s.clock, "Redis"
	if c.node >= 0 {
		clock, name = &s.nodes[c.node].clock, s.nodes[c.node].name
	} else if c.by > 0 {
		for _, n := range s.inQueue() {
			s.oracle.allowCalculation(n)
		}
	}
	s.traceEvent(fmt.Sprintf("the clock of %s is set by %v", name, c.by))
	clock.set.Add(int64(c.by))
}
