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

// node is where one process after the other lives: whoever dies there is
// replaced a little later.
type node struct {
	name    string
	run     func(*process) // works until the process's context ends
	current *process       // under the simulation's mutex
}

// process is one life of an API or a worker. When it dies its context ends and
// nothing that it still says reaches anybody: no release, no acknowledgement.
type process struct {
	sim  *simulation
	name string
	ctx  context.Context
	end  context.CancelFunc

	service *core.Service // of an API

	// All below under the simulation's mutex.
	dead      bool
	holding   map[string]core.Index // claims, by token, as far as it knows
	disturbed map[core.Index]bool   // indices that it need not hand back: a fault befell them
	asked     map[*request]struct{} // operations not answered yet, or with an error
}

var silent = slog.New(slog.DiscardHandler)

// keepRunning lives one process after the other until the simulation ends.
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
		s.traceEvent(p.name + " begins")
		node.run(p)
		p.end()
		p.checkHandedBack()
		s.mu.Lock()
		node.current = nil
		s.mu.Unlock()
		if s.ctx.Err() == nil {
			s.traceEvent(p.name + " is over")
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
		asked:     make(map[*request]struct{}),
	}
}

// runAPI is the life of an API.
func (s *simulation) runAPI(node *node) func(*process) {
	return func(p *process) {
		ports := s.mutant.service(p.caller("").ports())
		broadcaster := core.NewBroadcaster(ports.Events, silent)
		p.service = core.NewService(ports, broadcaster, core.Limits{}, silent)
		s.mu.Lock()
		node.current = p
		s.mu.Unlock()
		broadcaster.Run(p.ctx)
	}
}

// runWorker is the life of a worker and its reconciler.
func (s *simulation) runWorker(node *node) func(*process) {
	return func(p *process) {
		options := core.WorkerOptions{Concurrency: s.scenario.concurrency, ClaimPeriod: s.scenario.claimPeriod}
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

// crash ends a process on the spot.
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

// stop ends a process in good order: what it calculates is broken off.
func (s *simulation) stop(p *process) {
	s.traceEvent(p.name + " is stopped")
	for _, n := range p.held() {
		s.oracle.allowCalculation(n)
	}
	p.end()
}

// checkHandedBack sees that a process stopped in good order holds no claim.
func (p *process) checkHandedBack() {
	if p.isDead() {
		return
	}
	for _, n := range p.held() {
		if !p.disturbed[n] {
			p.sim.violated(n, "%s was stopped and did not hand it back", p.name)
		}
	}
}

// disturb notes that a fault befell an index in the hands of the process; s.mu is
// held.
func (p *process) disturb(n core.Index) { p.disturbed[n] = true }

// hold notes a claim, and that a fault may have made it useless from the start.
func (c *caller) hold(call intercept.Call, f fault) {
	got := *intercept.Result[core.Claim](call)
	s := c.process.sim
	useless := f != noFault && f != slow
	if useless {
		s.oracle.allow(got.Index)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.traceCall(c.name, call, got.Index, f)
	if f != lostReply && f != lateEffect { // else it does not know
		c.process.holding[got.Token] = got.Index
	}
	if useless {
		c.process.disturb(got.Index)
	}
}

// forget notes the end of a claim.
func (p *process) forget(c core.Claim) {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	delete(p.holding, c.Token)
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

// running returns the process that lives in a node, or nil.
func (s *simulation) running(node *node) *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := node.current; p != nil && !p.dead && p.ctx.Err() == nil {
		return p
	}
	return nil
}
