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
func (sc *scenario) push(seed uint64) {
	rng := newPRNG(seed, hash("pressure"))
	sc.pressure = pressure{submitters: 1, noRoom: from(&rng, 0, 0, 0, 0.1, 0.5)}
	if !rng.chance(0.25) {
		return
	}
	sc.maxBacklog = rng.between(5*time.Second, time.Minute)
	sc.submitters = 2 + rng.below(3)
	sc.leaving = from(&rng, 0, 0.2, 0.5)
	sc.estimates = make(map[core.Index]time.Duration)
	for _, n := range sc.indices {
		sc.estimates[n] = rng.between(sc.maxBacklog/40, sc.maxBacklog/4)
	}
	for range 20 + rng.below(60) {
		sc.operations = append(sc.operations, sc.drawOperation(&rng, sc.indices))
	}
	if rng.chance(0.5) {
		return
	}
	sc.rates = rates{evictedSoon: from(&rng, 0, 0.3, 0.9), eventsLost: from(&rng, 0, 0.5, 1)}
	sc.natures = nil
	sc.noRoom = 0
	sc.nemeses = nil
	for range rng.below(10) {
		n := sc.drawNemesis(&rng)
		n.kind = evicted
		sc.nemeses = append(sc.nemeses, n)
	}
}

// submitterOf returns the submitter of a request, the same for its repetitions.
func (s *simulation) submitterOf(number uint64) string {
	if s.scenario.isFlood(number) {
		return "the flood"
	}
	rng := newPRNG(s.seed, hash("submitter"), number%maxOperations)
	return fmt.Sprintf("submitter %d", rng.below(s.scenario.submitters))
}

// requestContext returns the context of a request, which ends when its submitter
// disconnects, and a function to call when it is answered.
func (s *simulation) requestContext(ctx context.Context, r *request) (context.Context, func()) {
	ctx, end := context.WithCancel(context.WithValue(ctx, requestKey{}, r))
	rng := newPRNG(s.seed, hash("leaves"), r.id)
	if s.inFaultPhase() && rng.chance(s.scenario.leaving) {
		after := rng.between(0, from(&rng, 5*time.Millisecond, 20*time.Millisecond, 10*time.Second))
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
func (o *oracle) withdrawn(indices []core.Index) {
	for _, n := range indices {
		o.with(n, func(a *account) { a.tried-- })
	}
}

// watchAdmission is an interceptor that sees the effects of calls. It checks that
// a request restores a value at most once, that what is enqueued is the work of
// its submitter, and that the backlog keeps its bound.
func (c *caller) watchAdmission(ctx context.Context, call intercept.Call) error {
	s := c.process.sim
	r := requestOf(ctx)
	if r != nil && call.Name == "IndexStore.Reopen" {
		c.process.checkRestores(first(call))
	}
	err := call.Next(ctx)
	if r == nil || err != nil {
		return err
	}
	switch call.Name {
	case "WorkQueue.Backlog":
		s.mu.Lock()
		r.backlog = intercept.Result[core.Backlog](call)
		s.mu.Unlock()
	case "IndexStore.Reopen":
		if r.restores++; r.restores > 1 {
			s.violated(first(call), "one request has it restored %d times", r.restores)
		}
	case "WorkQueue.Enqueue":
		if submitter := *intercept.Arg[string](call); submitter != r.submitter {
			s.violated(first(call), "enqueued as the work of %q for %s", submitter, r.submitter)
		}
		s.checkBacklog(r, *intercept.Arg[[]core.Task](call))
	}
	return err
}

// checkBacklog checks, as long as no fault has lost what admission counts, that
// the submitted work in the queue is within the bound. Each API may admit as much
// as the bound before it sees what the others admit. Of two submitters who want the
// same index at the same time one is charged for it, and it may be enqueued first
// for the other.
func (s *simulation) checkBacklog(r *request, enqueued []core.Task) {
	if s.scenario.maxBacklog == 0 || s.disturbed() {
		return
	}
	bound := s.scenario.maxBacklog * time.Duration(s.scenario.apis)
	restored, _ := s.queue.Backlog(s.ctx, "") // by the reconciler
	of, _ := s.queue.Backlog(s.ctx, r.submitter)
	own := of.Own
	s.mu.Lock()
	if r.overlapped {
		for _, t := range enqueued {
			own -= t.Cost
		}
	}
	s.mu.Unlock()
	if submitted := of.All - restored.Own; submitted > bound || own > bound/2 {
		s.violated(enqueued[0].Index, "the backlog is %v, %v of it %s's; the bound is %v", submitted, of.Own, r.submitter, bound)
	}
}

// disturbed reports whether anything but an eviction has happened so far.
func (s *simulation) disturbed() bool {
	for _, n := range s.scenario.nemeses {
		if n.kind != evicted && n.at <= time.Since(s.start) {
			return true
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults > 0 || s.crashes > 0 || s.scenario.rates.flushedSoon > 0
}
