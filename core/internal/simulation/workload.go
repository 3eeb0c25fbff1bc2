package simulation

import (
	"context"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// request is an operation that an API is working on.
type request struct {
	id        uint64
	submitter string
	unseen    map[core.Index]bool // values that it did not find in the cache
	restores  int                 // values that it has had calculated again

	disturbed bool // a port call had a fault
	foundDone bool // it read a record that is calculated
}

type requestKey struct{}

// requestOf returns the request that ctx belongs to, or nil.
func requestOf(ctx context.Context) *request {
	a, _ := ctx.Value(requestKey{}).(*request)
	return a
}

func (a *request) number() uint64 {
	if a == nil {
		return 0
	}
	return a.id
}

func (a *request) disturb() {
	if a != nil {
		a.disturbed = true
	}
}

// unseen notes the values that a request did not find.
func (s *simulation) unseen(a *request, indices []core.Index, found map[core.Index]core.Summary) {
	if a == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range indices {
		if _, there := found[n]; !there {
			a.unseen[n] = true
		}
	}
}

// to sends a request to an API and reports whether it answered without an error.
func (s *simulation) to(p *process, number uint64, send func(context.Context, *core.Service, *request) error) bool {
	a := &request{id: number, submitter: s.submitterOf(number), unseen: make(map[core.Index]bool)}
	s.mu.Lock()
	p.requests[a] = struct{}{}
	s.mu.Unlock()
	ctx, end := s.requestContext(p.ctx, a)
	defer end()
	err := send(ctx, p.service, a)
	if p.isDead() {
		return false
	}
	if err != nil {
		if core.KindOf(err) == core.KindInternal {
			s.violated(0, "a submitter got an internal error: %v", err)
		}
		return false
	}
	s.mu.Lock()
	delete(p.requests, a)
	s.mu.Unlock()
	return true
}

// checkReopenings checks submissions about to be recorded: one whose value is
// stored, and was found, must not make its index pending.
func (p *process) checkReopenings(ctx context.Context, submissions []core.Submission) {
	for _, sub := range submissions {
		records, err := p.sim.store.Lookup(ctx, sub.Index)
		if sub.Reopen && err == nil && records[sub.Index].State == core.StateCalculated && p.sim.oracle.isThere(sub.Index) && !p.looksFor(sub.Index) {
			p.sim.violated(sub.Index, "its value is stored, and a submission makes it pending")
		}
	}
}

func (p *process) looksFor(n core.Index) bool {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	for a := range p.requests {
		if a.unseen[n] {
			return true
		}
	}
	return false
}

// perform carries out an operation, if its API runs.
func (s *simulation) perform(q operation, number uint64) {
	p := s.running(s.nodes[q.api])
	if p == nil {
		return
	}
	switch q.kind {
	case submit:
		s.submit(p, number, q.indices)
	case status, await:
		s.follow(p, number, q)
	case digits:
		s.read(p, number, q.indices[0])
	case list:
		s.list(p, number)
	case values:
		s.to(p, number, func(ctx context.Context, service *core.Service, _ *request) error {
			found, err := service.Values(ctx, core.Position{}, 1000)
			for _, v := range found {
				s.checkSummary(v)
			}
			return err
		})
	}
}

// follow reads the status of an index, or awaits its value.
func (s *simulation) follow(p *process, number uint64, q operation) {
	n := q.indices[0]
	known, changes := s.oracle.acknowledged(n) > 0, s.oracle.changes(n)
	var got core.Status
	var sent *request
	answered := s.to(p, number, func(ctx context.Context, service *core.Service, a *request) (err error) {
		sent = a
		if q.kind == status {
			got, err = service.Status(ctx, a.submitter, n)
		} else {
			got, err = service.Await(ctx, a.submitter, n, 20*time.Second)
		}
		s.checkKnown(n, known, err)
		return err
	})
	if !answered {
		return
	}
	s.checkStatus(got)
	if !got.State.Final() && sent.foundDone {
		s.oracle.promised(n, changes)
	}
	if q.kind == await && !got.State.Final() && !sent.disturbed && s.oracle.longThere(n) && p.ctx.Err() == nil {
		s.violated(n, "its value is stored, and a submitter still waits for it")
	}
}

// read reads the digits of a value.
func (s *simulation) read(p *process, number uint64, n core.Index) {
	known, changes := s.oracle.acknowledged(n) > 0, s.oracle.changes(n)
	var err error
	var sent *request
	s.to(p, number, func(ctx context.Context, service *core.Service, a *request) error {
		sent = a
		err = s.readDigits(ctx, service, n)
		s.checkKnown(n, known, err)
		return err
	})
	if core.KindOf(err) == core.KindNotReady && !p.isDead() && sent.foundDone {
		s.oracle.promised(n, changes)
	}
}

// submit submits indices and checks that what is acknowledged is recorded.
func (s *simulation) submit(p *process, number uint64, indices []core.Index) {
	s.oracle.submitting(indices)
	changes := make([]int, len(indices))
	for i, n := range indices {
		changes[i] = s.oracle.changes(n)
	}
	var sent *request
	var statuses []core.Status
	answered := s.to(p, number, func(ctx context.Context, service *core.Service, a *request) (err error) {
		sent = a
		statuses, err = service.Submit(ctx, a.submitter, indices...)
		if core.KindOf(err) == core.KindCanceled && !p.isDead() {
			s.oracle.withdrawn(indices)
		}
		return err
	})
	if !answered {
		return
	}
	s.oracle.submitted(indices)
	for i, n := range indices {
		s.checkRecord(n)
		s.checkStatus(statuses[i])
		if !statuses[i].State.Final() {
			s.oracle.promised(n, changes[i])
		}
		if !sent.unseen[n] && statuses[i].State != core.StateCalculated {
			s.violated(n, "its value is stored, and a submission is told that it is %v", statuses[i].State)
		}
	}
}

// list lists all records and checks that every acknowledged index is among them.
func (s *simulation) list(p *process, number uint64) {
	var expected []core.Index
	for _, n := range s.scenario.indices {
		if s.oracle.acknowledged(n) > 0 {
			expected = append(expected, n)
		}
	}
	listed := make(map[core.Index]bool)
	answered := s.to(p, number, func(ctx context.Context, service *core.Service, _ *request) error {
		statuses, err := service.Indices(ctx, 0, 1000)
		for _, status := range statuses {
			listed[status.Index] = true
		}
		return err
	})
	for _, n := range expected {
		if answered && !listed[n] {
			s.violated(n, "submitted but not in the list")
		}
	}
}

// readDigits reads and checks all digits of a value.
func (s *simulation) readDigits(ctx context.Context, service *core.Service, n core.Index) error {
	want := truthText[n.Abs()]
	got, err := service.Digits(ctx, requestOf(ctx).submitter, n, 0, int64(len(want)))
	if err == nil && string(got) != want {
		s.violated(n, "the digits %s were served", got)
	}
	return err
}
