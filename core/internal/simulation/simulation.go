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
	"fmt"
	"sync"
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
	var s *simulation
	synctest.Test(t, func(*testing.T) {
		s = newSimulation(seed, mutant)
		s.run()
	})
	return Report{
		Seed:       seed,
		Calls:      s.calls,
		Faults:     s.faults,
		Crashes:    s.crashes,
		Nemeses:    len(s.scenario.nemeses),
		Indices:    len(s.scenario.indices),
		Lasted:     s.lasted,
		trace:      s.trace,
		violations: s.violations,
	}
}

// Mutant is a defect put into the domain to prove that the simulation finds it.
// Each function returns the ports that a part of the domain gets in place of its
// own; nil changes nothing.
type Mutant struct {
	Service, Worker, Reconciler func(core.Ports) core.Ports

	NoReconciler bool
}

func (m Mutant) service(ports core.Ports) core.Ports    { return changed(m.Service, ports) }
func (m Mutant) worker(ports core.Ports) core.Ports     { return changed(m.Worker, ports) }
func (m Mutant) reconciler(ports core.Ports) core.Ports { return changed(m.Reconciler, ports) }

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
	workers memory.WorkerRegistry
	events  memory.Events
	oracle  *oracle
	nodes   []*node // APIs first

	start time.Time
	ctx   context.Context
	end   context.CancelFunc
	all   sync.WaitGroup

	mu                   sync.Mutex
	taken                map[time.Time]struct{} // instants in use, see pause
	storeAway, redisAway int
	subscriptions        []context.CancelFunc
	pending              int // calls that take effect later, and requests not answered
	calls                int
	faults               int
	crashes              int
	lasted               time.Duration
	trace                []entry
	violations           []violation
}

func newSimulation(seed uint64, mutant Mutant) *simulation {
	s := &simulation{
		seed:     seed,
		scenario: newScenario(seed),
		mutant:   mutant,
		start:    time.Now(),
		taken:    make(map[time.Time]struct{}),
	}
	s.ctx, s.end = context.WithCancel(context.Background())
	s.queue = memory.NewWorkQueue(s.scenario.lease)
	s.oracle = newOracle(s)
	for i := range s.scenario.apis {
		node := &node{name: fmt.Sprintf("api%d", i+1)}
		node.run = s.runAPI(node)
		s.nodes = append(s.nodes, node)
	}
	for i := range s.scenario.workers {
		node := &node{name: fmt.Sprintf("worker%d", i+1)}
		node.run = s.runWorker(node)
		s.nodes = append(s.nodes, node)
	}
	return s
}

// run runs the scenario, waits for convergence and checks every promise.
func (s *simulation) run() {
	for _, node := range s.nodes {
		s.all.Go(func() { s.keepRunning(node) })
	}
	for _, i := range s.scenario.nemeses {
		s.all.Go(func() { s.inject(i) })
	}
	for i, q := range s.scenario.operations {
		s.later(q.at, func() { s.perform(q, uint64(i)+1) })
	}
	_ = s.pause(s.ctx, s.scenario.faultPhase)
	if s.converges() {
		s.oracle.checkPromised()
		s.verify()
		s.converges()
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
		generation, _ := s.cache.Generation(s.ctx)
		open, _ := s.store.Unfinished(s.ctx, generation, len(s.scenario.indices))
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
	d := newPRNG(s.seed, hash("verify"), number)
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
		_ = s.pause(s.ctx, d.between(time.Second, 2*time.Second))
	}
	s.violated(n, "its digits can't be read after %v", answerTimeout)
}

// pause waits for d, and a little longer where another goroutine already wakes at
// that instant: no two act at the same time. When ctx ends first it returns its
// error.
func (s *simulation) pause(ctx context.Context, d time.Duration) error {
	s.mu.Lock()
	at := time.Now().Add(max(d, 1))
	for {
		if _, taken := s.taken[at]; !taken {
			break
		}
		at = at.Add(1)
	}
	s.taken[at] = struct{}{}
	s.mu.Unlock()
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
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
