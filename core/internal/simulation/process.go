package simulation

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// slot is where one process after the other lives: whoever dies there is
// replaced a little later.
type slot struct {
	name    string
	live    func(*process) // works until the process's context ends
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
	dead    bool
	holding map[string]core.Index // claims, by token, as far as it knows
	spoiled map[core.Index]bool   // indices that it need not hand back: a fault befell them
	asked   map[*asking]struct{}  // questions not answered yet, or with an error
}

var silent = slog.New(slog.DiscardHandler)

// keepAlive lives one process after the other until the simulation ends.
func (s *simulation) keepAlive(slot *slot) {
	for life := uint64(1); ; life++ {
		d := throw(s.seed, word(slot.name), life)
		absence := d.between(200*time.Millisecond, 4*time.Second)
		if life == 1 {
			absence = d.between(0, time.Second)
		}
		if s.pause(s.ctx, absence) != nil {
			return
		}
		p := s.newProcess(fmt.Sprintf("%s.%d", slot.name, life))
		s.happens(p.name + " begins")
		slot.live(p)
		p.end()
		p.checkHandedBack()
		s.mu.Lock()
		slot.current = nil
		s.mu.Unlock()
		if s.ctx.Err() == nil {
			s.happens(p.name + " is over")
		}
	}
}

func (s *simulation) newProcess(name string) *process {
	ctx, end := context.WithCancel(s.ctx)
	return &process{
		sim:     s,
		name:    name,
		ctx:     ctx,
		end:     end,
		holding: make(map[string]core.Index),
		spoiled: make(map[core.Index]bool),
		asked:   make(map[*asking]struct{}),
	}
}

// liveAsAPI is the life of an API.
func (s *simulation) liveAsAPI(slot *slot) func(*process) {
	return func(p *process) {
		ports := s.plant.service(p.caller("").ports())
		broadcaster := core.NewBroadcaster(ports.Events, silent)
		p.service = core.NewService(ports, broadcaster, core.Limits{}, silent)
		s.mu.Lock()
		slot.current = p
		s.mu.Unlock()
		broadcaster.Run(p.ctx)
	}
}

// liveAsWorker is the life of a worker and its reconciler.
func (s *simulation) liveAsWorker(slot *slot) func(*process) {
	return func(p *process) {
		options := core.WorkerOptions{Concurrency: s.plan.concurrency, ClaimPeriod: s.plan.claimPeriod}
		worker := core.NewWorker(s.plant.worker(p.caller("").ports()), options, silent)
		reconcilerCaller := p.caller("/reconciler")
		reconcilerCaller.reconciles = true
		reconciler := core.NewReconciler(s.plant.reconciler(reconcilerCaller.ports()), silent)
		s.mu.Lock()
		slot.current = p
		s.mu.Unlock()
		var both sync.WaitGroup
		both.Go(func() { worker.Run(p.ctx) })
		if !s.plant.NoReconciler {
			both.Go(func() { reconciler.Run(p.ctx) })
		}
		both.Wait()
	}
}

// caller returns a part of the process that makes port calls.
func (p *process) caller(part string) *caller {
	name := p.name + part
	return &caller{process: p, name: name, key: word(name), calls: make(map[callKey]uint64)}
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
		s.happens(p.name + " crashes")
		for _, n := range p.held() {
			s.ledger.excuse(n)
		}
	}
	p.end()
}

// stop ends a process in good order: what it calculates is broken off.
func (s *simulation) stop(p *process) {
	s.happens(p.name + " is stopped")
	for _, n := range p.held() {
		s.ledger.excuseCalculation(n)
	}
	p.end()
}

// checkHandedBack sees that a process stopped in good order holds no claim.
func (p *process) checkHandedBack() {
	if p.isDead() {
		return
	}
	for _, n := range p.held() {
		if !p.spoiled[n] {
			p.sim.violated(n, "%s was stopped and did not hand it back", p.name)
		}
	}
}

// spoil notes that a fault befell an index in the hands of the process; s.mu is
// held.
func (p *process) spoil(n core.Index) { p.spoiled[n] = true }

// hold notes a claim, and that a fault may have made it useless from the start.
func (c *caller) hold(got core.Claim, f fate) {
	s := c.process.sim
	useless := f != fine && f != slow
	if useless {
		s.ledger.excuse(got.Index)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(c.name, claim, got.Index, f)
	if f != unanswered && f != belated { // else it does not know
		c.process.holding[got.Token] = got.Index
	}
	if useless {
		c.process.spoil(got.Index)
	}
}

// letGo notes the end of a claim.
func (p *process) letGo(c core.Claim) {
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
