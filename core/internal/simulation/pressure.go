package simulation

import (
	"context"
	"fmt"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// pressure is what a seed determines of submitters that push and of room that runs
// out.
type pressure struct {
	maxBacklog time.Duration // of each API; 0 means the default, which no scenario exceeds
	estimates  map[core.Index]time.Duration
	submitters int
	leaving    float64 // probability that a submitter disconnects early
	noRoom     float64 // probability that a Put finds no room
}

// push adds pressure to some scenarios: a backlog that holds few tasks, many
// requests of several submitters, some of whom disconnect. Half of them have no
// other faults than evictions and lost events: only then can the bound be checked.
func (p *scenario) push(seed uint64) {
	d := newPRNG(seed, hash("pressure"))
	p.pressure = pressure{submitters: 1, noRoom: from(&d, 0, 0, 0, 0.1, 0.5)}
	if !d.chance(0.25) {
		return
	}
	p.maxBacklog = d.between(5*time.Second, time.Minute)
	p.submitters = 2 + d.below(3)
	p.leaving = from(&d, 0, 0.2, 0.5)
	p.estimates = make(map[core.Index]time.Duration)
	for _, n := range p.indices {
		p.estimates[n] = d.between(p.maxBacklog/40, p.maxBacklog/4)
	}
	for range 20 + d.below(60) {
		p.operations = append(p.operations, p.drawOperation(&d, p.indices))
	}
	if d.chance(0.5) {
		return
	}
	p.rates = rates{evictedSoon: from(&d, 0, 0.3, 0.9), eventsLost: from(&d, 0, 0.5, 1)}
	p.natures = nil
	p.noRoom = 0
	p.nemeses = nil
	for range d.below(10) {
		i := p.drawNemesis(&d)
		i.kind = evicted
		p.nemeses = append(p.nemeses, i)
	}
}

// submitterOf returns the submitter of a request.
func (s *simulation) submitterOf(number uint64) string {
	d := newPRNG(s.seed, hash("submitter"), number)
	return fmt.Sprintf("submitter %d", d.below(s.scenario.submitters))
}

// requestContext returns the context of a request, which ends when its submitter
// disconnects, and a function to call when it is answered.
func (s *simulation) requestContext(ctx context.Context, r *request) (context.Context, func()) {
	ctx, end := context.WithCancel(context.WithValue(ctx, requestKey{}, r))
	d := newPRNG(s.seed, hash("leaves"), r.id)
	if s.inFaultPhase() && d.chance(s.scenario.leaving) {
		after := d.between(0, from(&d, 5*time.Millisecond, 20*time.Millisecond, 10*time.Second))
		go func() {
			if s.pause(ctx, after) == nil {
				s.traceEvent(fmt.Sprintf("the submitter of request %d disconnects", r.id))
				end()
			}
		}()
	}
	return ctx, end
}

// withdrawn notes that submissions ended with their connection: they must not be
// recorded.
func (l *oracle) withdrawn(indices []core.Index) {
	for _, n := range indices {
		l.with(n, func(a *account) { a.tried-- })
	}
}

// refusePut is an interceptor that finds no room for some values.
func (c *caller) refusePut(ctx context.Context, call intercept.Call) error {
	s := c.process.sim
	if call.Name != "ValueCache.Put" || !s.inFaultPhase() {
		return call.Next(ctx)
	}
	d := newPRNG(s.seed, c.key, hash("no room"), uint64(first(call)), uint64(time.Now().UnixNano()))
	if !d.chance(s.scenario.noRoom) {
		return call.Next(ctx)
	}
	if s.pause(ctx, d.between(50*time.Microsecond, 3*time.Millisecond)) != nil || c.process.isDead() {
		return givenUp(ctx)
	}
	c.noteFault(ctx, call, noRoom)
	s.mu.Lock()
	s.traceCall(c.name, call, noRoom, call.Indices()...)
	s.mu.Unlock()
	for _, n := range call.Indices() {
		s.oracle.allow(n)
	}
	return core.NewError(core.KindOverloaded, "The cache is full.")
}

// watchAdmission is an interceptor that sees the effects of calls. It checks that
// a request restores a value at most once, that what is enqueued is the work of
// its submitter, and that the backlog keeps its bound.
func (c *caller) watchAdmission(ctx context.Context, call intercept.Call) error {
	s := c.process.sim
	err := call.Next(ctx)
	r := requestOf(ctx)
	if r == nil || err != nil {
		return err
	}
	switch call.Name {
	case "IndexStore.Reopen":
		if r.restores++; r.restores > 1 {
			s.violated(first(call), "one request has it restored %d times", r.restores)
		}
	case "WorkQueue.Enqueue":
		if submitter := *intercept.Arg[string](call); submitter != r.submitter {
			s.violated(first(call), "enqueued as the work of %q for %s", submitter, r.submitter)
		}
		s.checkBacklog(first(call), r.submitter)
	}
	return err
}

// checkBacklog checks, as long as no fault has lost what admission counts, that
// the submitted work in the queue is within the bound. Each API may admit as much
// as the bound before it sees what the others admit.
func (s *simulation) checkBacklog(n core.Index, submitter string) {
	if s.scenario.maxBacklog == 0 || s.disturbed() {
		return
	}
	bound := s.scenario.maxBacklog * time.Duration(s.scenario.apis)
	restored, _ := s.queue.Backlog(s.ctx, "") // by the reconciler
	of, _ := s.queue.Backlog(s.ctx, submitter)
	if submitted := of.All - restored.Own; submitted > bound || of.Own > bound/2 {
		s.violated(n, "the backlog is %v, %v of it %s's; the bound is %v", submitted, of.Own, submitter, bound)
	}
}

// disturbed reports whether anything but an eviction has happened so far.
func (s *simulation) disturbed() bool {
	for _, i := range s.scenario.nemeses {
		if i.kind != evicted && i.at <= time.Since(s.start) {
			return true
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults > 0 || s.crashes > 0 || s.scenario.rates.flushedSoon > 0
}
