package simulation

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// node runs one process at a time; a process that ends is replaced after a while.
type node struct {
	name    string
	run     func(*process) // works until the process's context ends
	current *process       // under the simulation's mutex
}

// process is an API or a worker from its start to its end. When it crashes its
// context ends and none of its calls takes effect any more: it releases nothing
// and acknowledges nothing.
type process struct {
	sim  *simulation
	name string
	ctx  context.Context
	end  context.CancelFunc

	service *core.Service // of an API

	// All below under the simulation's mutex.
	dead      bool
	paused    chan struct{}         // closed when it goes on; nil if it is not paused
	resumedAt time.Time             // when it last went on
	holding   map[string]core.Index // claims by token, as far as the process knows
	disturbed map[core.Index]bool   // indices under a fault, whose claims it need not release
	requests  map[*request]struct{} // not answered yet, or with an error
	running   map[core.Index]bool   // calculations
}

var silent = slog.New(slog.DiscardHandler)

// keepRunning runs one process after the other until the simulation ends.
func (s *simulation) keepRunning(node *node) {
	for life := uint64(1); ; life++ {
		d := newPRNG(s.seed, hash(node.name), life)
		absence := d.between(200*time.Millisecond, 4*time.Second)
		if life == 1 {
			absence = d.between(0, time.Second)
		}
		if s.pause(s.ctx, absence) != nil {
			return
		}
		p := s.newProcess(fmt.Sprintf("%s.%d", node.name, life))
		s.traceEvent(p.name + " starts")
		node.run(p)
		p.end()
		p.checkReleased()
		s.mu.Lock()
		node.current = nil
		s.mu.Unlock()
		if s.ctx.Err() == nil {
			s.traceEvent(p.name + " has ended")
		}
	}
}

func (s *simulation) newProcess(name string) *process {
	ctx, end := context.WithCancel(s.ctx)
	return &process{
		sim:       s,
		name:      name,
		ctx:       ctx,
		end:       end,
		holding:   make(map[string]core.Index),
		disturbed: make(map[core.Index]bool),
		requests:  make(map[*request]struct{}),
		running:   make(map[core.Index]bool),
	}
}

// runAPI returns the function that runs an API.
func (s *simulation) runAPI(node *node) func(*process) {
	return func(p *process) {
		ports := s.mutant.service(p.caller("").ports())
		broadcaster := core.NewBroadcaster(ports.Events, silent)
		p.service = core.NewService(ports, broadcaster, core.Limits{MaxBacklog: s.scenario.maxBacklog}, silent)
		s.mu.Lock()
		node.current = p
		s.mu.Unlock()
		broadcaster.Run(p.ctx)
	}
}

// runWorker returns the function that runs a worker and its reconciler.
func (s *simulation) runWorker(node *node) func(*process) {
	return func(p *process) {
		options := core.WorkerOptions{Concurrency: s.scenario.concurrency, Memory: s.scenario.memory}
		worker := core.NewWorker(s.mutant.worker(p.caller("").ports()), options, silent)
		reconcilerCaller := p.caller("/reconciler")
		reconcilerCaller.reconciles = true
		reconciler := core.NewReconciler(s.mutant.reconciler(reconcilerCaller.ports()), silent)
		s.mu.Lock()
		node.current = p
		s.mu.Unlock()
		var both sync.WaitGroup
		both.Go(func() { worker.Run(p.ctx) })
		if !s.mutant.NoReconciler {
			both.Go(func() { reconciler.Run(p.ctx) })
		}
		both.Wait()
	}
}

func (p *process) isDead() bool {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	return p.dead
}

// crash kills a process. Its claims expire.
func (s *simulation) crash(p *process) {
	s.mu.Lock()
	died := !p.dead
	if died {
		p.dead = true
		s.crashes++
	}
	s.mu.Unlock()
	if died {
		s.traceEvent(p.name + " crashes")
		for _, n := range p.held() {
			s.oracle.allow(n)
		}
	}
	p.end()
}

// pauseProcess stops all that a process does for a time. What it holds may be
// taken over meanwhile, but that must not count as a death.
func (s *simulation) pauseProcess(p *process, lasts time.Duration) {
	s.mu.Lock()
	isPaused := p.paused != nil
	if !isPaused {
		p.paused = make(chan struct{})
	}
	s.mu.Unlock()
	if isPaused {
		return
	}
	s.traceEvent(p.name + " is paused")
	for _, n := range p.held() {
		s.oracle.allowCalculation(n)
	}
	_ = s.pause(p.ctx, lasts)
	s.resume(p)
}

// resume lets a process go on that is paused.
func (s *simulation) resume(p *process) {
	s.mu.Lock()
	wasPaused := p.paused != nil
	if wasPaused {
		close(p.paused)
		p.paused, p.resumedAt = nil, time.Now()
	}
	s.mu.Unlock()
	if wasPaused {
		s.traceEvent(p.name + " goes on")
	}
}

// awaitResumed waits while the process is paused and reports whether it was.
func (p *process) awaitResumed(ctx context.Context) (waited bool) {
	for ctx.Err() == nil {
		p.sim.mu.Lock()
		paused := p.paused
		p.sim.mu.Unlock()
		if paused == nil {
			break
		}
		waited = true
		requestOf(ctx).disturb()
		select {
		case <-paused:
		case <-ctx.Done():
		}
	}
	return waited
}

// useMemory notes that a calculation runs until the returned function is called,
// and checks that all that run fit into the memory of the process.
func (p *process) useMemory(n core.Index) (end func()) {
	p.sim.mu.Lock()
	p.running[n] = true
	var bytes int64
	for m := range p.running {
		bytes += int64(m.Abs()) << 20
	}
	count, memory := len(p.running), p.sim.scenario.memory
	p.sim.mu.Unlock()
	if memory > 0 && bytes > memory {
		p.sim.violated(n, "%d calculations that need %d MiB run at a time; the worker has %d MiB", count, bytes>>20, memory>>20)
	}
	return func() {
		p.sim.mu.Lock()
		defer p.sim.mu.Unlock()
		delete(p.running, n)
	}
}

// lately returns how many processes are paused, or were a moment ago: they may
// not yet have given back what they lost.
func (s *simulation) lately() (count int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, node := range s.nodes {
		if p := node.current; p != nil && (p.paused != nil || time.Since(p.resumedAt) < 5*time.Second) {
			count++
		}
	}
	return count
}

// stop shuts a process down gracefully: its calculations are interrupted and
// their claims released.
func (s *simulation) stop(p *process) {
	s.resume(p)
	s.traceEvent(p.name + " is stopped")
	for _, n := range p.held() {
		s.oracle.allowCalculation(n)
	}
	p.end()
}

// checkReleased checks that a process that was stopped holds no claim.
func (p *process) checkReleased() {
	if p.isDead() {
		return
	}
	for _, n := range p.held() {
		if !p.disturbed[n] {
			p.sim.violated(n, "%s was stopped without releasing it", p.name)
		}
	}
}

// disturb notes that a call of the process about the indices had a fault; s.mu is
// held.
func (p *process) disturb(indices ...core.Index) {
	for _, n := range indices {
		p.disturbed[n] = true
	}
}

// hold notes the claims that a call returns. A fault other than slow means that
// its caller never learns of them or may not live to work on them: the oracle
// allows for another delivery.
func (c *caller) hold(call intercept.Call, f fault) {
	s := c.process.sim
	useless := f != noFault && f != slow
	for _, got := range *intercept.Result[[]core.Claim](call) {
		if useless {
			s.oracle.allow(got.Index)
		}
		s.mu.Lock()
		s.traceCall(c.name, call, f, got.Index)
		isPaused := c.process.paused != nil
		if f != lostReply && f != lateEffect { // else the caller does not know of it
			c.process.holding[got.Token] = got.Index
		}
		if useless {
			c.process.disturb(got.Index)
		}
		s.mu.Unlock()
		if isPaused {
			s.oracle.allowCalculation(got.Index)
		}
	}
}

// forget notes the end of claims.
func (p *process) forget(claims []core.Claim) {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	for _, c := range claims {
		delete(p.holding, c.Token)
	}
}

func (p *process) held() []core.Index {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	indices := make([]core.Index, 0, len(p.holding))
	for _, n := range p.holding {
		indices = append(indices, n)
	}
	return indices
}

// running returns the process that runs on a node, nil if there is none.
func (s *simulation) running(node *node) *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := node.current; p != nil && !p.dead && p.ctx.Err() == nil {
		return p
	}
	return nil
}
