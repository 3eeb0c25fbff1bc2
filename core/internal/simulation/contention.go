package simulation

import (
	"time"

	"github.com/pisano-dev/pisano/core"
)

// contention is a scenario in which tasks of every lane compete for few workers.
// It has no faults, and calculations take as long as was estimated: so the time is
// bounded that a task waits.
type contention struct {
	lost    []core.Index // enqueued in LaneRecovery before the start
	flooded bool         // one submitter has many short indices waiting
	waits   map[core.Index]wait
	begun   map[core.Index]bool
}

// wait is an index that has to be calculated.
type wait struct {
	lane  core.Lane // in which it waits if the domain does as it must
	cost  time.Duration
	since time.Time
	bound time.Duration // of the time until its calculation begins
}

// contend turns some scenarios into contention: recovery has work for two minutes,
// users submit long indices for longer than that, short ones now and then, and some
// of those that were lost.
func (sc *scenario) contend(seed uint64) {
	rng := newPRNG(seed, hash("lanes"))
	if !rng.chance(0.05) {
		return
	}
	*sc = scenario{
		apis: sc.apis, workers: min(sc.workers, 2), concurrency: sc.concurrency, lease: sc.lease,
		faultPhase: 4 * time.Minute,
		clocks:     clocks{drift: 1},
		pressure:   pressure{maxBacklog: 2 * time.Hour, submitters: 4, estimates: make(map[core.Index]time.Duration)},
		contention: &contention{waits: make(map[core.Index]wait), begun: make(map[core.Index]bool)},
	}
	slots := sc.workers * sc.concurrency
	draw := func(count int, low, high time.Duration) []core.Index {
		var drawn []core.Index
		for len(drawn) < count {
			n := core.Index(rng.below(2*largest+1) - largest)
			if _, taken := sc.estimates[n]; !taken {
				sc.estimates[n] = rng.between(low, high)
				sc.indices, drawn = append(sc.indices, n), append(drawn, n)
			}
		}
		return drawn
	}
	submitAt := func(n core.Index, at time.Duration) {
		sc.operations = append(sc.operations, operation{at: at, kind: submit, api: rng.below(sc.apis), indices: []core.Index{n}})
	}
	sc.lost = draw(60*slots, time.Second, 3*time.Second)
	for _, n := range draw(30*slots, 4*time.Second, 10*time.Second) {
		submitAt(n, rng.between(5*time.Second, 90*time.Second))
	}
	for _, n := range draw(15, time.Millisecond, 15*time.Millisecond) {
		submitAt(n, rng.between(5*time.Second, 150*time.Second))
	}
	for range 3 {
		submitAt(from(&rng, sc.lost...), rng.between(5*time.Second, 30*time.Second))
	}
}

// recover enqueues what is to be recovered: indices that were submitted before.
func (s *simulation) recover() {
	c := s.scenario.contention
	if c == nil {
		return
	}
	s.oracle.submitting(c.lost)
	var submissions []core.Submission
	var tasks []core.Task
	for _, n := range c.lost {
		submissions = append(submissions, core.Submission{Index: n, Count: 1, Reopen: true})
		tasks = append(tasks, core.Task{Index: n, Cost: s.scenario.estimates[n], Lane: core.LaneRecovery})
	}
	_, _ = s.store.Record(s.ctx, time.Now(), submissions)
	_, _ = s.queue.Enqueue(s.ctx, "", tasks...)
	s.oracle.submitted(c.lost)
	for _, n := range c.lost {
		s.expect(n, core.LaneRecovery)
	}
}

// submittedTo returns the lane that an index belongs to once it was submitted.
func (s *simulation) submittedTo(n core.Index) core.Lane {
	if s.scenario.estimates[n] <= core.MaxShortCost {
		return core.LaneShort
	}
	return core.LaneLong
}

// expect notes that an index is to be calculated, which waits in the given lane
// from now on.
func (s *simulation) expect(n core.Index, lane core.Lane) {
	c := s.scenario.contention
	if c == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.begun[n] {
		return
	}
	before, waits := c.waits[n]
	now := wait{lane: lane, cost: s.scenario.estimates[n], since: time.Now(), bound: s.waitBound(n, lane)}
	if !waits || lane < before.lane {
		c.waits[n] = now
	}
}

// waitBound returns how long a task may wait at most that is enqueued now: the lane
// gets its share of the slots at least, however much waits in the others, and a task
// that is worked on ends before another begins. A short one has a slot that is
// reserved. s.mu is held.
func (s *simulation) waitBound(n core.Index, lane core.Lane) time.Duration {
	const (
		longest  = 10 * time.Second       // of all tasks
		overhead = 100 * time.Millisecond // of a task
		slack    = 5 * time.Second
	)
	var ahead time.Duration
	for m, other := range s.scenario.waits {
		if m != n && other.lane == lane {
			ahead += other.cost + overhead
		}
	}
	slots := time.Duration(s.scenario.workers * s.scenario.concurrency)
	switch lane {
	case core.LaneShort:
		if s.scenario.flooded { // the reconciler may enqueue as much, and another API
			return ahead + 3*floodShare
		}
		return ahead + slack
	case core.LaneLong:
		return (ahead+longest)*13/4/slots + 3*longest + slack
	}
	return (ahead+3*time.Second)*13/slots + 3*longest + slack
}

// begins notes that a calculation begins, and checks how long it was waited for.
func (s *simulation) begins(n core.Index) {
	c := s.scenario.contention
	if c == nil {
		return
	}
	s.mu.Lock()
	w, waits := c.waits[n]
	delete(c.waits, n)
	c.begun[n] = true
	s.mu.Unlock()
	if waited := time.Since(w.since); waits && waited > w.bound {
		s.violated(n, "it waited %v in lane %v; its share of the slots allows for %v", waited, w.lane, w.bound)
	}
}
