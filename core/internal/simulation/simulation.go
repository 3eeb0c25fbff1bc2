// Package simulation runs the domain through its worst days: APIs, workers and
// reconcilers on ports in memory that fail, delay, forget and take their
// callers down with them, all chosen from one seed, in virtual time. It keeps
// account of what is promised and of what the faults excuse.
//
// The same seed is the same run, call by call. It can be because every port
// call takes effect at an instant of its own, and because what becomes of a call
// is chosen from the seed and from what the call is, never from a generator that
// goroutines share.
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
	// patience is how long everything may take to come right once the faults
	// are over.
	patience = 10 * time.Minute
	// answerTime is how long a value that is asked for may take then.
	answerTime = 3 * time.Minute
)

// Run runs the seed on the domain, changed by the plant, and reports.
func Run(t *testing.T, seed uint64, plant Plant) Report {
	t.Helper()
	var s *simulation
	synctest.Test(t, func(*testing.T) {
		s = newSimulation(seed, plant)
		s.run()
	})
	return Report{
		Seed:       seed,
		Calls:      s.calls,
		Faults:     s.faults,
		Crashes:    s.crashes,
		Incidents:  len(s.plan.incidents),
		Indices:    len(s.plan.indices),
		Lasted:     s.lasted,
		trace:      s.trace,
		violations: s.violations,
	}
}

// Plant is a change to the domain, to see that the simulation finds it. Each
// function returns the ports that a part of the domain gets in place of its own.
type Plant struct {
	Service, Worker, Reconciler func(core.Ports) core.Ports

	NoReconciler bool
}

func (p Plant) service(ports core.Ports) core.Ports    { return changed(p.Service, ports) }
func (p Plant) worker(ports core.Ports) core.Ports     { return changed(p.Worker, ports) }
func (p Plant) reconciler(ports core.Ports) core.Ports { return changed(p.Reconciler, ports) }

func changed(change func(core.Ports) core.Ports, ports core.Ports) core.Ports {
	if change == nil {
		return ports
	}
	return change(ports)
}

type simulation struct {
	seed  uint64
	plan  plan
	plant Plant

	store  memory.IndexStore
	cache  memory.ValueCache
	queue  *memory.WorkQueue
	events memory.Events
	ledger *ledger
	slots  []*slot // APIs first

	start time.Time
	ctx   context.Context
	end   context.CancelFunc
	all   sync.WaitGroup

	mu                   sync.Mutex
	taken                map[time.Time]struct{} // instants
	storeAway, redisAway int
	subscriptions        []context.CancelFunc
	toCome               int // calls that take effect later, and open questions
	calls                int
	faults               int
	crashes              int
	lasted               time.Duration
	trace                []entry
	violations           []violation
}

func newSimulation(seed uint64, plant Plant) *simulation {
	s := &simulation{
		seed:  seed,
		plan:  draw(seed),
		plant: plant,
		start: time.Now(),
		taken: make(map[time.Time]struct{}),
	}
	s.ctx, s.end = context.WithCancel(context.Background())
	s.queue = memory.NewWorkQueue(s.plan.claimPeriod)
	s.ledger = newLedger(s)
	for i := range s.plan.apis {
		slot := &slot{name: fmt.Sprintf("api%d", i+1)}
		slot.live = s.liveAsAPI(slot)
		s.slots = append(s.slots, slot)
	}
	for i := range s.plan.workers {
		slot := &slot{name: fmt.Sprintf("worker%d", i+1)}
		slot.live = s.liveAsWorker(slot)
		s.slots = append(s.slots, slot)
	}
	return s
}

// run lets everything happen, and then waits for it to come right.
func (s *simulation) run() {
	for _, slot := range s.slots {
		s.all.Go(func() { s.keepAlive(slot) })
	}
	for _, i := range s.plan.incidents {
		s.all.Go(func() { s.befall(i) })
	}
	for i, q := range s.plan.questions {
		s.later(q.at, func() { s.ask(q, uint64(i)+1) })
	}
	_ = s.pause(s.ctx, s.plan.storm)
	if s.comesRight() {
		s.ledger.checkDebts()
		s.verify()
		s.comesRight()
	}
	for _, n := range s.plan.indices {
		s.checkRecord(n)
	}
	s.lasted = time.Since(s.start)
	s.checkWorkers(s.plan.workers)
	s.end()
	s.all.Wait()
	time.Sleep(time.Minute) // calls that outlive their process have an end too
	s.checkWorkers(0)       // they were stopped, not killed
}

// checkWorkers sees that so many workers are announced: all that live, and after
// two claim periods none of the dead.
func (s *simulation) checkWorkers(want int) {
	var got int
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Second) {
		if got, _ = s.queue.Workers(s.ctx); got == want {
			return
		}
	}
	s.violated(0, "%d workers are announced, and there are %d", got, want)
}

// stormy reports whether there are still faults.
func (s *simulation) stormy() bool { return time.Since(s.start) < s.plan.storm }

// comesRight waits until every recorded index is calculated or failed and the
// queue is empty.
func (s *simulation) comesRight() bool {
	for end := time.Now().Add(patience); ; {
		generation, _ := s.cache.Generation(s.ctx)
		open, _ := s.store.Unfinished(s.ctx, generation, len(s.plan.indices))
		queued := s.inQueue()
		s.mu.Lock()
		toCome := s.toCome
		s.mu.Unlock()
		if len(open) == 0 && len(queued) == 0 && toCome == 0 {
			return true
		}
		if time.Now().After(end) {
			for _, n := range open {
				s.violated(n, "neither calculated nor failed after %v", patience)
			}
			for _, n := range queued {
				s.violated(n, "still in the queue after %v", patience)
			}
			if len(open) == 0 && len(queued) == 0 {
				s.violated(0, "%d questions not answered after %v", toCome, patience)
			}
			return false
		}
		_ = s.pause(s.ctx, time.Second)
	}
}

// verify asks for every value that was promised.
func (s *simulation) verify() {
	var all sync.WaitGroup
	for i, n := range s.plan.indices {
		if s.ledger.acknowledged(n) > 0 {
			all.Go(func() { s.verifyOne(n, uint64(1000+i)) })
		}
	}
	all.Wait()
}

func (s *simulation) verifyOne(n core.Index, number uint64) {
	slot := s.slots[int(n.Abs())%s.plan.apis]
	d := throw(s.seed, word("verify"), number)
	for begin := time.Now(); time.Since(begin) < answerTime; {
		var got core.Status
		var unread error
		p := s.present(slot)
		if p != nil && s.to(p, number, func(ctx context.Context, service *core.Service, _ *asking) (err error) {
			got, err = service.Await(ctx, n, answerTime)
			if err == nil && got.State == core.StateCalculated {
				unread = s.readDigits(ctx, service, n)
			}
			return err
		}) {
			s.checkStatus(got)
			switch {
			case got.State == core.StateFailed:
				return // and the ledger has seen why
			case got.State != core.StateCalculated:
				s.violated(n, "in the end it is %v", got.State)
				return
			case unread == nil:
				return
			}
		}
		_ = s.pause(s.ctx, d.between(time.Second, 2*time.Second))
	}
	s.violated(n, "its digits can't be read after %v", answerTime)
}

// pause waits until an instant that nobody else has, or the end of ctx, whose
// error it returns.
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
