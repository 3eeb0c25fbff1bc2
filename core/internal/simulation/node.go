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
	clock   wallClock
}

func (s *simulation) newNode(kind string, number int) *node {
	return &node{name: fmt.Sprintf("%s%d", kind, number), clock: wallClock{start: s.start, drift: 1}}
}

// process is an API or a worker from its start to its end. When it crashes its
// context ends and none of its calls takes effect any more: it releases nothing
// and acknowledges nothing.
type process struct {
	sim  *simulation
	name string
	ctx  context.Context
	end  context.CancelFunc

	service    *core.Service        // of an API
	newService func() *core.Service // with the ports of the process

	// All below under the simulation's mutex.
	dead      bool
	paused    chan struct{}         // closed when it goes on; nil if it is not paused
	holding   map[string]core.Index // claims by token, as far as the process knows
	disturbed map[core.Index]bool   // indices under a fault, whose claims it need not release
	requests  map[*request]struct{} // not answered yet, or with an error
	running   map[core.Index]bool   // calculations
	underWay  map[*request]struct{} // requests
	restores  map[core.Index][]time.Time
}

var silent = slog.New(slog.DiscardHandler)

// keepRunning runs one process after the other until the simulation ends.
func (s *simulation) keepRunning(node *node) {
	for life := uint64(1); ; life++ {
		rng := newPRNG(s.seed, hash(node.name), life)
		absence := rng.between(200*time.Millisecond, 4*time.Second)
		if life == 1 {
			absence = rng.between(0, time.Second)
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
		underWay:  make(map[*request]struct{}),
		restores:  make(map[core.Index][]time.Time),
	}
}

// runAPI returns the function that runs an API.
func (s *simulation) runAPI(node *node) func(*process) {
	return func(p *process) {
		ports := s.mutant.service(p.caller("").ports())
		broadcaster := core.NewBroadcaster(ports.Events, silent)
		p.newService = func() *core.Service {
			return core.NewService(ports, broadcaster, core.Limits{MaxBacklog: s.scenario.maxBacklog, Memory: s.scenario.summaries}, silent)
		}
		p.service = p.newService()
		p.watch()
		s.mu.Lock()
		node.current = p
		s.mu.Unlock()
		broadcaster.Run(p.ctx)
	}
}

// runWorker returns the function that runs a worker and its reconciler.
func (s *simulation) runWorker(node *node) func(*process) {
	return func(p *process) {
		options := core.WorkerOptions{Concurrency: s.scenario.concurrency, Memory: s.scenario.memory, Clock: node.clock.now}
		workerCaller := p.caller("")
		workerCaller.works = true
		worker := core.NewWorker(s.mutant.worker(workerCaller.ports(), node.clock.now), options, silent)
		reconcilerCaller := p.caller("/reconciler")
		reconcilerCaller.reconciles = true
		reconciler := core.NewReconciler(s.mutant.reconciler(reconcilerCaller.ports()), core.ReconcilerOptions{Recovery: s.recoveryMode()}, silent)
		s.mu.Lock()
		node.current = p
		s.mu.Unlock()
		var both sync.WaitGroup
		both.Go(func() { worker.Run(p.ctx) })
		if !s.mutant.NoReconciler && (s.scenario.contention == nil || s.scenario.flooded) {
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
		for _, claim := range p.held() {
			s.oracle.allow(claim)
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
	for _, claim := range p.held() {
		s.oracle.allowCalculation(claim.Index)
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
		p.paused = nil
	}
	s.mu.Unlock()
	if wasPaused && p.ctx.Err() == nil {
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

// claims returns the tokens of the claims of n that the living processes have.
func (s *simulation) claims(n core.Index) (tokens []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, node := range s.nodes {
		if p := node.current; p != nil && !p.dead {
			tokens = append(tokens, p.tokens(n)...)
		}
	}
	return tokens
}

// tokens returns the tokens of the claims of n that the process has; s.mu is held.
func (p *process) tokens(n core.Index) (tokens []string) {
	for token, held := range p.holding {
		if held == n {
			tokens = append(tokens, token)
		}
	}
	return tokens
}

// allow notes that a fault accounts for the deliveries of n that the process has,
// and allows a calculation for each.
func (p *process) allow(n core.Index) {
	for range p.allowDeliveries(n) {
		p.sim.oracle.allowCalculation(n)
	}
}

// allowDeliveries notes that a fault accounts for the deliveries of n that the
// process has, and returns how many.
func (p *process) allowDeliveries(n core.Index) int {
	p.sim.mu.Lock()
	tokens := p.tokens(n)
	p.disturb(n)
	p.sim.mu.Unlock()
	for _, token := range tokens {
		p.sim.oracle.allowDelivery(core.Claim{Index: n, Token: token})
	}
	return len(tokens)
}

// stop shuts a process down gracefully: its calculations are interrupted and
// their claims released.
func (s *simulation) stop(p *process) {
	s.resume(p)
	s.traceEvent(p.name + " is stopped")
	for _, claim := range p.held() {
		s.oracle.allowCalculation(claim.Index)
	}
	p.end()
}

// checkReleased checks that a process that was stopped holds no claim.
func (p *process) checkReleased() {
	if p.isDead() {
		return
	}
	for _, claim := range p.held() {
		if !p.disturbed[claim.Index] {
			p.sim.violated(claim.Index, "%s was stopped without releasing it", p.name)
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
// allows for another delivery, and hold returns false.
func (c *caller) hold(call intercept.Call, f fault) (useful bool) {
	s := c.process.sim
	useless := f != noFault && f != slow
	for _, got := range *intercept.Result[[]core.Claim](call) {
		s.oracle.delivered(got)
		if useless {
			s.oracle.allow(got)
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
	return !useless
}

// miss notes that the caller does not learn of claims: they expire.
func (c *caller) miss(claims []core.Claim) {
	s := c.process.sim
	for _, claim := range claims {
		s.oracle.allow(claim)
		s.mu.Lock()
		c.process.disturb(claim.Index)
		s.mu.Unlock()
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

func (p *process) held() []core.Claim {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	claims := make([]core.Claim, 0, len(p.holding))
	for token, n := range p.holding {
		claims = append(claims, core.Claim{Index: n, Token: token})
	}
	return claims
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
