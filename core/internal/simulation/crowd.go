package simulation

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// crowd is what a seed determines of large numbers: of indices, of readers of the
// same value, and of watchers.
type crowd struct {
	quick    bool // calculations take milliseconds
	watchers int  // of each API
}

// gather makes a few scenarios crowded.
func (sc *scenario) gather(seed uint64) {
	if sc.contention != nil || sc.loss != nil { // they have no faults, and bounds of their own
		return
	}
	rng := newPRNG(seed, hash("crowd"))
	switch u := rng.fraction(); {
	case u < 0.004:
		sc.submitThousands(&rng)
	case u < 0.008:
		sc.watchers = 1000 + rng.below(1000)
	case u < 0.06:
		sc.readAgain(&rng)
	}
}

// submitThousands replaces the submissions by large batches of many indices, and
// has the cache flushed in between.
func (sc *scenario) submitThousands(rng *prng) {
	sc.pressure = pressure{submitters: 1}
	sc.quick, sc.slow, sc.memory = true, false, 0
	taken := make(map[core.Index]bool)
	for _, n := range sc.indices {
		taken[n] = true
	}
	for count := 1000 + rng.below(1500); len(sc.indices) < count; {
		if n := core.Index(rng.below(2*len(truth)-1) - len(truth) + 1); !taken[n] {
			taken[n] = true
			sc.indices = append(sc.indices, n)
		}
	}
	for batch := range slices.Chunk(sc.indices, 1+rng.below(1000)) {
		sc.operations = append(sc.operations, operation{at: rng.between(0, sc.faultPhase), kind: submit, api: rng.below(sc.apis), indices: batch})
	}
	sc.nemeses = append(sc.nemeses, nemesis{at: rng.between(sc.faultPhase/2, sc.faultPhase), kind: from(rng, cacheFlushed, redisFlushed, partitionLost)})
}

// readAgain has readers read the same few values all the time, from a cache that
// loses them soon. There are no other faults: only then is it known how often a
// value may be calculated again.
func (sc *scenario) readAgain(rng *prng) {
	sc.rates, sc.natures, sc.nemeses = rates{evictedSoon: 0.9}, nil, nil
	sc.noRoom, sc.leaving, sc.slow, sc.disk, sc.clocks = 0, 0, false, fullDisk{}, clocks{drift: 1}
	sc.faultPhase = max(sc.faultPhase, 20*time.Second)
	looked := sc.indices[:1+rng.below(2)]
	sc.operations = append(sc.operations, operation{kind: submit, indices: looked, at: time.Second})
	for at := 2 * time.Second; at < sc.faultPhase; at += rng.between(50*time.Millisecond, 500*time.Millisecond) {
		sc.operations = append(sc.operations, operation{
			at: at, kind: from(rng, status, digits, await), api: rng.below(sc.apis), indices: []core.Index{from(rng, looked...)},
		})
	}
}

const (
	// restoreWindow and maxRestores bound how often one process has a value
	// calculated again: twice, then after 2 and after 4 more seconds.
	restoreWindow = 10 * time.Second
	maxRestores   = 4
)

// checkRestores checks that a process whose readers ask for n has n calculated
// again less and less often. It is called before the record is reopened.
func (p *process) checkRestores(n core.Index) {
	s := p.sim
	if s.record(n).State != core.StateCalculated || s.disturbed() {
		return // concurrent readers reopen it together
	}
	s.mu.Lock()
	p.restores[n] = append(slices.DeleteFunc(p.restores[n], func(at time.Time) bool { return time.Since(at) >= restoreWindow }), time.Now())
	count := len(p.restores[n])
	s.mu.Unlock()
	if count > maxRestores {
		s.violated(n, "%s has it calculated again %d times within %v", p.name, count, restoreWindow)
	}
}

// maxCompared bounds the watchers of an API whose events are compared.
const maxCompared = 20

// watch runs the watchers of an API until it ends. All of them have the same
// subscriptions, and of each the same newest events: those in between may be
// skipped.
func (p *process) watch() {
	if p.sim.scenario.watchers == 0 {
		return
	}
	var watchers sync.WaitGroup
	newest := make([][]map[subject]core.Event, p.sim.scenario.watchers) // by watcher and subscription
	for i := range newest {
		watchers.Go(func() {
			for p.ctx.Err() == nil {
				w := p.service.Watch(p.ctx)
				heard := hearing{begin: time.Now(), newest: make(map[subject]core.Event)}
				for {
					e, more := w.Next()
					if !more {
						break
					}
					if i < maxCompared {
						heard.note(e)
					}
				}
				if heard.settleBefore(p.ctx) {
					newest[i] = append(newest[i], heard.newest)
				}
			}
		})
	}
	p.sim.all.Go(func() {
		watchers.Wait()
		for i, known := range newest {
			if len(known) != len(newest[0]) || i < maxCompared && !slices.EqualFunc(known, newest[0], maps.Equal) {
				p.sim.violated(0, "watchers of %s know different events", p.name)
				return
			}
		}
	})
}

// hearing is what a watcher hears of one subscription after the instant at which it
// begins. Whether an event of that instant is heard is the scheduler's choice: those
// that came while a slow reply to the subscription was on its way are distributed as
// soon as the watchers may begin.
type hearing struct {
	begin  time.Time
	newest map[subject]core.Event
	at     time.Time    // of the last instant with events
	last   []core.Event // of that instant
}

func (h *hearing) note(e core.Event) {
	now := time.Now()
	if now.Equal(h.begin) {
		return
	}
	if !now.Equal(h.at) {
		h.settle()
		h.at = now
	}
	h.last = append(h.last, e)
}

func (h *hearing) settle() {
	for _, e := range h.last {
		h.newest[subject{e.Index, e.Kind == core.EventSeen}] = e
	}
	h.last = nil
}

// settleBefore settles what was heard, without the events of the instant at which ctx
// ends: whether they are heard is the scheduler's choice. So is a subscription that ends
// at the instant at which it begins, for which it returns false.
func (h *hearing) settleBefore(ctx context.Context) bool {
	if ctx.Err() == nil || !h.at.Equal(time.Now()) {
		h.settle()
	}
	return !h.begin.Equal(time.Now())
}

// subject is what an event is about, of which only the newest counts.
type subject struct {
	index core.Index
	seen  bool
}
