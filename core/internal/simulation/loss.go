package simulation

import (
	"context"
	"slices"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// loss is a scenario that begins after all values were lost, or with many
// submissions that were cut short, while users submit others. It has no faults,
// and calculations take as long as was estimated: so the time is bounded that a
// newcomer waits.
type loss struct {
	before    []core.Index // submitted before the start, in this order
	pending   bool         // they were not enqueued; otherwise their values were lost
	onDemand  bool         // the reconcilers leave lost values until they are requested
	room      int          // number of values that the cache holds; 0: no bound
	few       int          // number of unfinished indices that a reconciler reads at a time; 0: as many as it wants
	newcomers map[core.Index]time.Time
	over      bool // the promised values are being verified; under the simulation's mutex
}

const (
	// lossCost is the cost of every task in a loss.
	lossCost = time.Second
	// newcomerBound bounds the time that a newcomer waits for its value while
	// others are recovered: it begins after what each slot works on.
	newcomerBound = 10 * time.Second
	// oldestBound bounds the time until the oldest of the submissions that were
	// cut short are enqueued.
	oldestBound = 25 * time.Second
	// recoveryBound bounds the work that a reconciler puts into the lane.
	recoveryBound = 30 * time.Second
)

// lose turns some scenarios into a loss.
func (sc *scenario) lose(seed uint64) {
	rng := newPRNG(seed, hash("loss"))
	if !rng.chance(0.05) {
		return
	}
	*sc = scenario{
		apis: sc.apis, workers: sc.workers, concurrency: 1, lease: sc.lease,
		faultPhase: 2 * time.Minute,
		clocks:     clocks{drift: 1},
		pressure:   pressure{submitters: 4, estimates: make(map[core.Index]time.Duration)},
		loss:       &loss{newcomers: make(map[core.Index]time.Time)},
	}
	draw := func(count int) []core.Index {
		var drawn []core.Index
		for len(drawn) < count {
			n := core.Index(rng.below(2*largest+1) - largest)
			if _, taken := sc.estimates[n]; !taken {
				sc.estimates[n] = lossCost
				sc.indices, drawn = append(sc.indices, n), append(drawn, n)
			}
		}
		return drawn
	}
	submitAt := func(n core.Index, at time.Duration) {
		sc.operations = append(sc.operations, operation{at: at, kind: submit, api: rng.below(sc.apis), indices: []core.Index{n}})
	}
	if rng.chance(0.25) { // a stream of submissions that the workers can't keep up with
		sc.before, sc.pending, sc.few = draw(10), true, 2
		for i, n := range draw(60 * sc.workers) {
			submitAt(n, 2*time.Second+time.Duration(i)*600*time.Millisecond/time.Duration(sc.workers))
		}
		return
	}
	sc.before = draw(80)
	sc.onDemand = rng.chance(0.2)
	sc.room = from(&rng, 0, 40)
	for _, n := range draw(4) {
		submitAt(n, rng.between(10*time.Second, 40*time.Second))
		sc.newcomers[n] = time.Time{}
	}
}

// recoveryMode returns the mode of the reconcilers.
func (s *simulation) recoveryMode() core.RecoveryMode {
	if l := s.scenario.loss; l != nil && l.onDemand {
		return core.RecoverOnDemand
	}
	return core.RecoverEagerly
}

// beginLoss records what was submitted before the start.
func (s *simulation) beginLoss() {
	l := s.scenario.loss
	if l == nil {
		return
	}
	s.oracle.submitting(l.before)
	for i, n := range l.before {
		at := s.start.Add(time.Duration(i-len(l.before)) * time.Second)
		records, _ := s.store.Record(s.ctx, at, []core.Submission{{Index: n, Count: 1, Reopen: true}})
		if !l.pending {
			_, _ = s.store.MarkCalculated(s.ctx, "lost", core.Mark{Index: n, Revision: records[0].Revision})
		}
		if l.pending || !l.onDemand && l.room == 0 {
			s.oracle.promised(n, 0)
		}
	}
	s.oracle.submitted(l.before)
	if l.pending {
		s.later(oldestBound, s.checkOldest)
	}
}

// checkOldest checks that the submissions longest ago are enqueued, or done.
func (s *simulation) checkOldest() {
	oldest := s.scenario.before[:s.scenario.few]
	jobs, _ := s.queue.Jobs(s.ctx, oldest...)
	for _, n := range oldest {
		if _, queued := jobs[n]; !queued && s.record(n).State == core.StatePending {
			s.violated(n, "not enqueued after %v behind submissions that keep arriving", oldestBound)
		}
	}
}

// endLoss checks what was recovered, before all values are requested. Where there
// is room for some, these must be the ones that were last submitted.
func (s *simulation) endLoss() {
	l := s.scenario.loss
	if l == nil {
		return
	}
	s.mu.Lock()
	l.over = true
	s.mu.Unlock()
	if l.pending {
		return
	}
	found, _ := s.cache.Summaries(s.ctx, l.before...)
	isThere := func(n core.Index) bool { _, there := found[n]; return there }
	oldest := slices.IndexFunc(l.before, isThere)
	switch {
	case l.onDemand && oldest >= 0:
		s.violated(l.before[oldest], "recovered although no one has requested it")
	case l.onDemand:
		return
	case oldest < 0:
		s.violated(l.before[len(l.before)-1], "nothing is recovered")
		return
	}
	for _, n := range l.before[oldest:] {
		if !isThere(n) {
			s.violated(n, "not recovered, and F(%d) is, which was submitted before it", l.before[oldest])
		}
	}
	if want := l.room / 2; len(found) < want {
		s.violated(l.before[0], "%d values are recovered into room for %d", len(found), l.room)
	}
}

// isOver reports whether the loss is over.
func (s *simulation) isOver() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.scenario.over
}

// mayStayLost reports whether lost values may stay so until they are requested.
func (s *simulation) mayStayLost() bool {
	l := s.scenario.loss
	return l != nil && (l.onDemand || l.room > 0)
}

// arrives notes that a newcomer is submitted.
func (s *simulation) arrives(indices []core.Index) {
	l := s.scenario.loss
	if l == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range indices {
		if _, is := l.newcomers[n]; is {
			l.newcomers[n] = time.Now()
		}
	}
}

// makeRoom notes that a value is about to be stored: of a newcomer it checks how
// long that took. A cache that is full evicts the last value of its list, which
// recovery must not bring about.
func (s *simulation) makeRoom(n core.Index) {
	l := s.scenario.loss
	if l == nil || s.isOver() {
		return
	}
	s.mu.Lock()
	since := l.newcomers[n]
	s.mu.Unlock()
	if waited := time.Since(since); !since.IsZero() && waited > newcomerBound {
		s.violated(n, "its value took %v while others were recovered; %v are allowed", waited, newcomerBound)
	}
	if l.room == 0 {
		return
	}
	stored, _ := s.cache.List(s.ctx, core.Position{}, l.room+1)
	if len(stored) < l.room {
		return
	}
	if s.record(n).State == core.StateCalculated {
		s.violated(n, "recovered into a cache that is full")
	}
	s.evict(stored[len(stored)-1].Index)
}

// limitReconciler is an interceptor that tells a reconciler the room of the cache,
// limits what it reads at a time, and checks how much it enqueues.
func (c *caller) limitReconciler(ctx context.Context, call intercept.Call) error {
	s, l := c.process.sim, c.process.sim.scenario.loss
	if l == nil || !c.reconciles {
		return call.Next(ctx)
	}
	if call.Name == "IndexStore.Pending" && l.few > 0 {
		*intercept.Arg[int](call) = l.few
	}
	err := call.Next(ctx)
	switch {
	case call.Name == "ValueCache.Room" && err == nil && l.room > 0 && !s.isOver():
		stored, _ := s.cache.List(s.ctx, core.Position{}, l.room)
		*intercept.Result[core.Room](call) = core.Room{Total: int64(l.room) << 10, Free: int64(l.room-len(stored)) << 10}
	case call.Name == "WorkQueue.Enqueue":
		backlog, _ := s.queue.Backlog(s.ctx, "")
		if bound := recoveryBound * time.Duration(s.scenario.workers); backlog.Recovery > bound {
			s.violated(first(call), "%v of work are enqueued for recovery; %v are allowed", backlog.Recovery, bound)
		}
	}
	return err
}
