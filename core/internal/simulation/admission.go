package simulation

import (
	"time"

	"github.com/pisano-dev/pisano/core"
)

// maxOverhead bounds the cost of a task beside its estimate.
const maxOverhead = 100 * time.Millisecond

// checkRefusal checks that a submission that was refused for want of room has
// found the backlog without room for it. That can be told of a request that was
// the only one of its process, where nothing else is in flight, and whose calls had
// no fault.
func (s *simulation) checkRefusal(r *request, indices []core.Index) {
	s.mu.Lock()
	alone, seen := !r.overlapped && !r.disturbed.Load(), r.backlog
	s.mu.Unlock()
	bound := s.scenario.maxBacklog
	if bound == 0 {
		bound = core.DefaultMaxBacklog
	}
	if !alone || seen == nil {
		return
	}
	var cost time.Duration
	counted := make(map[core.Index]bool)
	for _, n := range indices {
		if r.unseen[n] && !counted[n] {
			counted[n] = true
			cost += s.scenario.estimates[n] + maxOverhead
		}
	}
	if seen.Own+cost <= bound-seen.All-cost {
		s.violated(indices[0], "refused for want of room: it costs %v, the backlog is %v, %v of it %s's, and the bound %v", cost, seen.All, seen.Own, r.submitter, bound)
	}
}

// enter notes a request that begins, and leave one that ends.
func (p *process) enter(r *request) {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	for other := range p.underWay {
		other.overlapped, r.overlapped = true, true
	}
	p.underWay[r] = struct{}{}
}

func (p *process) leave(r *request) {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	delete(p.underWay, r)
}
