// Package simulation runs the domain in virtual time under faults chosen from
// one seed. A scenario starts APIs, workers and reconcilers on ports in memory;
// submitters make requests; calls fail, are delayed, lose their
// reply or crash their caller; values are evicted and damaged, the queue and the
// cache are flushed, servers go away and come back. When the faults are over
// everything must converge. The oracle knows what was promised and what the
// faults allow; all else is a violation.
//
// The same seed is the same run, call by call: every port call takes effect at
// an instant of its own, and its fault is chosen from the seed and from what the
// call is, never from a generator that goroutines share.
package simulation

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/memory"
)

const (
	// convergenceTimeout bounds the time from the last fault until every index is
	// final and the queue is empty.
	convergenceTimeout = 10 * time.Minute
	// answerTimeout bounds the time that a requested value may take after that.
	answerTimeout = 3 * time.Minute
)

// Run simulates a seed on the domain as the mutant changes it.
func Run(t *testing.T, seed uint64, mutant Mutant) Report {
	t.Helper()
	begun := make(chan *simulation, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		synctest.Test(t, func(*testing.T) {
			s := newSimulation(seed, mutant)
			begun <- s
			s.run()
		})
	}()
	s := <-begun
	if standstill := s.awaitEnd(done); standstill != "" {
		s.violated(0, "a lock is held during a port call, and time stands still: %s", standstill)
	}
	return s.report()
}

func (s *simulation) report() Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Report{
		Seed:       s.seed,
		Calls:      s.calls,
		Faults:     s.faults,
		Crashes:    s.crashes,
		Nemeses:    len(s.scenario.nemeses),
		Indices:    len(s.scenario.indices),
		Lasted:     s.lasted,
		Coverage:   s.coverage,
		trace:      s.trace,
		violations: s.violations,
	}
}

// Mutant is a defect put into the domain to prove that the simulation finds it.
// Each function returns the ports that a part of the domain gets in place of its
// own; nil changes nothing.
type Mutant struct {
	Service, Worker, Reconciler func(core.Ports) core.Ports

	// Those that need the wall clock: of the node, or of the server of the queue.
	WorkerClock func(ports core.Ports, now func() time.Time) core.Ports
	QueueClock  func(queue core.WorkQueue, now func() time.Time) core.WorkQueue

	NoReconciler bool
	Forgetful    bool // a service remembers nothing from one request to the next
}

func (m Mutant) service(ports core.Ports) core.Ports    { return changed(m.Service, ports) }
func (m Mutant) reconciler(ports core.Ports) core.Ports { return changed(m.Reconciler, ports) }

func (m Mutant) worker(ports core.Ports, now func() time.Time) core.Ports {
	if m.WorkerClock != nil {
		ports = m.WorkerClock(ports, now)
	}
	return changed(m.Worker, ports)
}

func changed(change func(core.Ports) core.Ports, ports core.Ports) core.Ports {
	if change == nil {
		return ports
	}
	return change(ports)
}

type simulation struct {
	seed     uint64
	scenario scenario
	mutant   Mutant

	store   memory.IndexStore
	cache   memory.ValueCache
	queue   *memory.WorkQueue
	served  core.WorkQueue // queue as the mutant changes it
	clock   wallClock      // of Redis
	workers memory.WorkerRegistry
	events  memory.Events
	oracle  *oracle
	nodes   []*node // APIs first

	start time.Time
	ctx   context.Context
	end   context.CancelFunc
	all   sync.WaitGroup

	bubble string       // of synctest, in which the run is
	pauses atomic.Int64 // begun so far

	mu                   sync.Mutex
	sleepers             map[time.Time]*sleeper // by the instant at which they wake
	storeAway, redisAway int
	refusing             map[string]int // ports that refuse the calls of workers
	subscriptions        []context.CancelFunc
	pending              int // calls that take effect later, and requests not answered
	calls                int
	faults               int
	crashes              int
	lasted               time.Duration
	coverage             Coverage
	trace                []entry
	violations           []violation
}

func newSimulation(seed uint64, mutant Mutant) *simulation {
	s := &simulation{
		seed:     seed,
		scenario: newScenario(seed),
		mutant:   mutant,
		start:    time.Now(),
		bubble:   ownBubble(),
		sleepers: make(map[time.Time]*sleeper),
		coverage: make(Coverage),
		refusing: make(map[string]int),
	}
	s.ctx, s.end = context.WithCancel(context.Background())
	s.clock.start, s.clock.drift = s.start, s.scenario.clocks.drift
	s.queue = memory.NewWorkQueue(s.scenario.lease)
	s.queue.SetClock(s.clock.now)
	s.workers.SetClock(s.clock.now)
	s.served = s.queue
	if mutant.QueueClock != nil {
		s.served = mutant.QueueClock(s.queue, s.clock.now)
	}
	s.oracle = newOracle(s)
	for i := range s.scenario.apis {
		node := s.newNode("api", i+1)
		node.run = s.runAPI(node)
		s.nodes = append(s.nodes, node)
	}
	for i := range s.scenario.workers {
		node := s.newNode("worker", i+1)
		node.run = s.runWorker(node)
		s.nodes = append(s.nodes, node)
	}
	return s
}

// run runs the scenario, waits for convergence and checks every promise.
func (s *simulation) run() {
	s.recover()
	s.beginLoss()
	for _, node := range s.nodes {
		s.all.Go(func() { s.keepRunning(node) })
	}
	for _, n := range s.scenario.nemeses {
		s.all.Go(func() { s.inject(n) })
	}
	for _, c := range s.scenario.clocks.settings {
		s.all.Go(func() { s.setClock(c) })
	}
	for i, op := range s.scenario.operations {
		s.later(op.at, func() { s.perform(op, uint64(i)+1) })
	}
	_ = s.pause(s.ctx, s.scenario.faultPhase)
	if s.conclude() {
		s.beginAgain()
	}
	for _, n := range s.scenario.indices {
		s.checkRecord(n)
	}
	s.lasted = time.Since(s.start)
	s.checkWorkers(s.scenario.workers)
	s.end()
	s.all.Wait()
	time.Sleep(time.Minute) // calls that outlive their process end too
	s.checkWorkers(0)       // they were stopped, not killed
}

// conclude waits for convergence and checks that the promised values can be read. It
// reports whether all has converged.
func (s *simulation) conclude() bool {
	if !s.converges() {
		return false
	}
	s.endLoss()
	s.oracle.checkPromised()
	s.verify()
	return s.converges()
}

// checkWorkers checks that the number of workers announced becomes want: the
// living, and after the ttl of their announcements none of the dead.
func (s *simulation) checkWorkers(want int) {
	var got int
	for end := time.Now().Add(convergenceTimeout); time.Now().Before(end); time.Sleep(time.Second) {
		alive, _ := s.workers.List(s.ctx)
		if got = len(alive); got == want {
			return
		}
	}
	s.violated(0, "%d workers are announced, want %d", got, want)
}

// inFaultPhase reports whether faults are still injected.
func (s *simulation) inFaultPhase() bool { return time.Since(s.start) < s.scenario.faultPhase }

// converges waits until every recorded index is calculated or failed, the queue
// is empty and no request is left, and reports whether that happened in time.
func (s *simulation) converges() bool {
	for end := time.Now().Add(convergenceTimeout); ; {
		open := s.unfinished()
		queued := s.inQueue()
		s.mu.Lock()
		pending := s.pending
		s.mu.Unlock()
		if len(open) == 0 && len(queued) == 0 && pending == 0 {
			return true
		}
		if time.Now().After(end) {
			for _, n := range open {
				s.violated(n, "neither calculated nor failed after %v", convergenceTimeout)
			}
			for _, n := range queued {
				s.violated(n, "still in the queue after %v", convergenceTimeout)
			}
			if len(open) == 0 && len(queued) == 0 {
				s.violated(0, "%d requests not answered after %v", pending, convergenceTimeout)
			}
			return false
		}
		_ = s.pause(s.ctx, time.Second)
	}
}

// unfinished returns the indices that need a value without a request.
func (s *simulation) unfinished() []core.Index {
	generation, _ := s.cache.Generation(s.ctx)
	pending, _ := s.store.Pending(s.ctx, core.NewestFirst, len(s.scenario.indices))
	if s.mayStayLost() {
		return pending
	}
	lost, _ := s.store.Lost(s.ctx, generation, core.NewestFirst, len(s.scenario.indices))
	return append(pending, lost...)
}

// verify requests every value that was promised and compares its digits.
func (s *simulation) verify() {
	var all sync.WaitGroup
	for i, n := range s.scenario.indices {
		if s.oracle.acknowledged(n) > 0 {
			all.Go(func() { s.verifyOne(n, uint64(1000+i)) })
		}
	}
	all.Wait()
}

func (s *simulation) verifyOne(n core.Index, number uint64) {
	node := s.nodes[int(n.Abs())%s.scenario.apis]
	rng := newPRNG(s.seed, hash("verify"), number)
	for begin := time.Now(); time.Since(begin) < answerTimeout; {
		var got core.Status
		var unread error
		p := s.running(node)
		if p != nil && s.to(p, number, func(ctx context.Context, service *core.Service, r *request) (err error) {
			got, err = service.Await(ctx, r.submitter, n, answerTimeout)
			if err == nil && got.State == core.StateCalculated {
				r.restores = 0 // another request
				unread = s.readDigits(ctx, service, n)
			}
			return err
		}) {
			s.checkStatus(got)
			switch {
			case got.State == core.StateFailed:
				return // the oracle has checked the reason
			case got.State != core.StateCalculated:
				s.violated(n, "it is %v after convergence", got.State)
				return
			case unread == nil:
				return
			}
		}
		_ = s.pause(s.ctx, rng.between(time.Second, 2*time.Second))
	}
	s.violated(n, "its digits can't be read after %v", answerTimeout)
}

// sleeper is a goroutine that pauses.
type sleeper struct {
	lasts time.Duration // as requested
	rank  uint64        // tells it from others that sleep as long
	until time.Time     // under the simulation's mutex
}

// before reports whether a sleeper wakes first of two that would wake at one instant.
func (one *sleeper) before(other *sleeper) bool {
	if one.lasts == other.lasts {
		return one.rank <= other.rank
	}
	return one.lasts < other.lasts
}

// pause waits for d, and a little longer where another goroutine wakes at that
// instant: no two act at the same time. When ctx ends first it returns its error.
func (s *simulation) pause(ctx context.Context, d time.Duration) error {
	return s.pauseRanked(ctx, d, 0)
}

// pauseRanked is pause where many may choose the same time: of those that would
// wake at one instant the rank decides.
func (s *simulation) pauseRanked(ctx context.Context, d time.Duration, rank uint64) error {
	s.pauses.Add(1)
	d = max(d, 1)
	me := &sleeper{lasts: d, rank: rank}
	s.mu.Lock()
	s.schedule(me, time.Now().Add(d))
	s.mu.Unlock()
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		s.mu.Lock()
		left := time.Until(me.until)
		s.mu.Unlock()
		if left <= 0 {
			return nil
		}
		timer.Reset(left)
	}
}

// schedule lets a sleeper wake at an instant of its own, not before at. Of several
// that would wake at one instant the one with the longest sleep comes last, in
// whatever order they arrive (an ordered hash table: Amble and Knuth,
// "Ordered hash tables", The Computer Journal 17, 1974); s.mu is held.
func (s *simulation) schedule(one *sleeper, at time.Time) {
	for ; ; at = at.Add(1) {
		other, taken := s.sleepers[at]
		if taken && other.before(one) {
			continue
		}
		s.sleepers[at] = one
		one.until = at
		if !taken {
			return
		}
		one = other
	}
}

// later runs do after a time, unless the simulation ends first.
func (s *simulation) later(after time.Duration, do func()) {
	s.mu.Lock()
	s.pending++
	s.mu.Unlock()
	s.all.Go(func() {
		if s.pause(s.ctx, after) == nil {
			do()
		}
		s.mu.Lock()
		s.pending--
		s.mu.Unlock()
	})
}
