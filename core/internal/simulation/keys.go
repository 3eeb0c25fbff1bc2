package simulation

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// maxOperations bounds the operations of a scenario. Requests that repeat operation
// i are numbered i+maxOperations, i+2·maxOperations and so on.
const maxOperations = 1 << 20

// repeat gives submissions of some scenarios keys, with which they are sent
// several times.
func (sc *scenario) repeat(seed uint64) {
	rng := newPRNG(seed, hash("keys"))
	sc.keyed = from(&rng, 0, 0, 0.3, 1)
	if sc.contention != nil || sc.loss != nil { // they time single requests
		sc.keyed = 0
	}
}

// outcome is what is known of a request that was sent.
type outcome int

const (
	notSent   outcome = iota // its API did not run
	cancelled                // it ended with its connection, and records nothing
	unknown                  // it may have taken effect
	answered
)

// submitOperation carries out an operation that submits.
func (s *simulation) submitOperation(op operation, number uint64) {
	s.oracle.submitting(op.indices)
	sendings := []sending{{number: number, api: op.api}}
	key := ""
	if rng := newPRNG(s.seed, hash("repeats"), number); rng.chance(s.scenario.keyed) {
		key = fmt.Sprint("key ", number)
		sendings = append(sendings, s.repetitions(&rng, sendings[0])...)
	}
	var acknowledge sync.Once
	outcomes := make([]outcome, len(sendings))
	var all sync.WaitGroup
	for i, one := range sendings {
		all.Go(func() {
			if one.after > 0 && s.pause(s.ctx, one.after) != nil {
				return
			}
			p := s.running(s.nodes[one.api])
			if p == nil {
				return
			}
			outcomes[i] = s.submit(p, one.number, key, op.indices, func() {
				acknowledge.Do(func() { s.oracle.submitted(op.indices) })
			})
		})
	}
	all.Wait()
	for _, o := range outcomes {
		if o > cancelled {
			return
		}
	}
	s.oracle.withdrawn(op.indices)
}

// sending is one of the times that a submission is sent.
type sending struct {
	number uint64
	api    int
	after  time.Duration
}

// repetitions chooses when and where a submission with a key is sent again: after
// the first time ended, as clients do, or while it is under way, as proxies do.
func (s *simulation) repetitions(rng *prng, first sending) (more []sending) {
	for i := range 1 + rng.below(3) {
		more = append(more, sending{
			number: first.number + uint64(i+1)*maxOperations,
			api:    (first.api + rng.below(s.scenario.apis)) % s.scenario.apis,
			after:  rng.between(time.Millisecond, from(rng, 20*time.Millisecond, time.Second, 10*time.Second)),
		})
	}
	return more
}

// submit submits indices, calls acknowledged if that succeeds, and checks that what
// is acknowledged is recorded.
func (s *simulation) submit(p *process, number uint64, key string, indices []core.Index, acknowledged func()) outcome {
	s.arrives(indices)
	changes := make([]int, len(indices))
	for i, n := range indices {
		changes[i] = s.oracle.changes(n)
	}
	var sent *request
	var statuses []core.Status
	ends := unknown
	succeeded := s.to(p, number, func(ctx context.Context, service *core.Service, r *request) (err error) {
		sent = r
		if key == "" {
			statuses, err = service.Submit(ctx, r.submitter, indices...)
		} else {
			statuses, err = service.SubmitOnce(ctx, r.submitter, key, indices...)
		}
		switch core.KindOf(err) {
		case core.KindCanceled:
			if !p.isDead() {
				ends = cancelled
			}
		case core.KindInvalid:
			s.violated(indices[0], "a submission is refused: %v", err)
		}
		if refusal := new(core.Error); errors.As(err, &refusal) && refusal.Wait > 0 {
			s.checkRefusal(r, indices)
		}
		return err
	})
	if !succeeded {
		return ends
	}
	acknowledged()
	for i, n := range indices {
		s.checkRecord(n)
		s.checkStatus(statuses[i])
		if !statuses[i].State.Final() {
			s.oracle.promised(n, changes[i])
			if len(indices) == 1 {
				s.expect(n, s.submittedTo(n))
			}
		}
		if !sent.unseen[n] && statuses[i].State != core.StateCalculated {
			s.violated(n, "its value is stored, and a submission is told that it is %v", statuses[i].State)
		}
	}
	return answered
}
