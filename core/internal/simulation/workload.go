package simulation

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// request is an operation that an API is working on.
type request struct {
	id        uint64
	submitter string
	unseen    map[core.Index]bool // values that it did not find in the cache
	restores  int                 // values that it has had calculated again

	disturbed atomic.Bool // a port call had a fault
	foundDone atomic.Bool // it read a record that is calculated

	overlapped bool          // another request of its process was under way meanwhile
	backlog    *core.Backlog // as last read
}

type requestKey struct{}

// requestOf returns the request that ctx belongs to, or nil.
func requestOf(ctx context.Context) *request {
	r, _ := ctx.Value(requestKey{}).(*request)
	return r
}

func (r *request) number() uint64 {
	if r == nil {
		return 0
	}
	return r.id
}

func (r *request) disturb() {
	if r != nil {
		r.disturbed.Store(true)
	}
}

// unseen notes the values that a request did not find.
func (s *simulation) unseen(r *request, indices []core.Index, found map[core.Index]core.Summary) {
	if r == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range indices {
		if _, there := found[n]; !there {
			r.unseen[n] = true
		}
	}
}

// to sends a request to an API and reports whether it answered without an error.
func (s *simulation) to(p *process, number uint64, send func(context.Context, *core.Service, *request) error) bool {
	r := &request{id: number, submitter: s.submitterOf(number), unseen: make(map[core.Index]bool)}
	s.mu.Lock()
	p.requests[r] = struct{}{}
	s.mu.Unlock()
	ctx, end := s.requestContext(p.ctx, r)
	defer end()
	p.enter(r)
	defer p.leave(r)
	service := p.service
	if s.mutant.Forgetful {
		service = p.newService()
	}
	err := send(ctx, service, r)
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
	delete(p.requests, r)
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
	for r := range p.requests {
		if r.unseen[n] {
			return true
		}
	}
	return false
}

// perform carries out an operation, if its API runs.
func (s *simulation) perform(op operation, number uint64) {
	if op.kind == submit {
		s.submitOperation(op, number)
		return
	}
	p := s.running(s.nodes[op.api])
	if p == nil {
		return
	}
	switch op.kind {
	case status, await:
		s.follow(p, number, op)
	case digits:
		s.read(p, number, op.indices[0])
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
	case overview:
		s.to(p, number, func(ctx context.Context, service *core.Service, r *request) error {
			service.Overview(ctx)
			return nil
		})
	}
}

// follow reads the status of an index, or awaits its value.
func (s *simulation) follow(p *process, number uint64, op operation) {
	n := op.indices[0]
	known, changes, began := s.oracle.acknowledged(n) > 0, s.oracle.changes(n), time.Now()
	var got core.Status
	var sent *request
	answered := s.to(p, number, func(ctx context.Context, service *core.Service, r *request) (err error) {
		sent = r
		if op.kind == status {
			got, err = service.Status(ctx, r.submitter, n)
		} else {
			got, err = service.Await(ctx, r.submitter, n, 20*time.Second)
		}
		s.checkKnown(n, known, err)
		return err
	})
	if !answered {
		return
	}
	s.checkStatus(got)
	if !got.State.Final() && sent.foundDone.Load() {
		s.oracle.promised(n, changes)
	}
	if op.kind == status && got.State == core.StateCalculated && !sent.disturbed.Load() {
		s.oracle.checkFresh(n, began)
	}
	if op.kind == await && !got.State.Final() && !sent.disturbed.Load() && s.oracle.longThere(n) && p.ctx.Err() == nil {
		s.violated(n, "its value is stored, and a submitter still waits for it")
	}
}

// read reads the digits of a value.
func (s *simulation) read(p *process, number uint64, n core.Index) {
	known, changes := s.oracle.acknowledged(n) > 0, s.oracle.changes(n)
	var err error
	var sent *request
	s.to(p, number, func(ctx context.Context, service *core.Service, r *request) error {
		sent = r
		err = s.readDigits(ctx, service, n)
		s.checkKnown(n, known, err)
		return err
	})
	if core.KindOf(err) == core.KindNotReady && !p.isDead() && sent.foundDone.Load() {
		s.oracle.promised(n, changes)
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
		statuses, err := service.Indices(ctx, 0, 5000)
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
