package core

import (
	"context"
	"slices"
	"sync"
	"time"
)

// maxSkip bounds how many tasks of a lane are claimed in vain to find one that
// fits.
const maxSkip = 15

// What a slot claims at a time. Tasks that cost little are worked on together,
// because each would take longer to deliver than to calculate; others wait for all
// of them.
const (
	maxClaims    = 100
	maxClaimCost = 50 * time.Millisecond
)

// slot is a place for one calculation at a time of a worker. Besides the slots for
// all lanes a worker has a reserved one, which serves LaneShort only: a short task
// does not wait until a long one ends.
type slot struct {
	*Worker
	reserved bool
	skip     [len(Lanes)]int    // tasks at the head of each lane that the worker must leave
	vain     [len(Lanes)]moment // when last none of the tasks of each lane fitted; zero if one did since
}

// vainPeriod is how long a lane of which nothing fits comes after the others.
const vainPeriod = 250 * time.Millisecond

// run claims and processes tasks, one batch after the other, until ctx ends.
func (s *slot) run(ctx context.Context) {
	var retry backoff
	var away moment // when the queue was first found to be away, if it is
	for ctx.Err() == nil {
		ready, begin := s.ports.Queue.Ready(), s.clock.now()
		if !away.isZero() && s.clock.since(away) > maxRenewPeriod || s.clock.jumped(2*maxRenewPeriod) {
			if !s.awaitOthers(ctx) {
				if away.isZero() {
					away = begin
				}
				retry.wait(ctx)
				continue
			}
			away = moment{}
			begin = s.clock.now()
		}
		claims, err := s.claim(ctx)
		if err == nil {
			away = moment{}
		}
		switch {
		case len(claims) > 0:
			if s.processSome(ctx, claims, begin) {
				retry.reset()
			} else {
				retry.wait(ctx)
			}
		case err == nil:
			retry.reset()
			select {
			case <-ready:
			case <-ctx.Done():
			}
		case ctx.Err() == nil:
			if away.isZero() {
				away = begin
			}
			s.log.WarnContext(ctx, "no task claimed; trying again", "error", err)
			retry.wait(ctx)
		}
	}
}

// claim claims tasks, after it has renewed the leases whose renewal is late: a
// batch, or one and as many more as had to be left in its lane.
func (s *slot) claim(ctx context.Context) ([]Claim, error) {
	if err := s.renewOverdue(ctx); err != nil {
		return nil, err
	}
	for lanes := s.order(); len(lanes) > 0; {
		same := 1 // lanes in which as many have to be left
		for same < len(lanes) && s.skip[lanes[same]] == s.skip[lanes[0]] {
			same++
		}
		limit := ClaimLimit{Count: maxClaims, Cost: maxClaimCost, Lanes: lanes[:same]}
		if skip := s.skip[lanes[0]]; skip > 0 {
			limit.Count, limit.Cost = 1+skip, 0
		}
		claims, err := s.ports.Queue.Claim(ctx, limit)
		if len(claims) > 0 || err != nil {
			return claims, err
		}
		lanes = lanes[same:]
	}
	return nil, nil
}

// order returns the lanes to claim from. Those of which nothing fitted come last.
func (s *slot) order() []Lane {
	if s.reserved {
		return []Lane{LaneShort}
	}
	lanes := s.lanes.order()
	slices.SortStableFunc(lanes, func(a, b Lane) int {
		switch va, vb := s.isVain(a), s.isVain(b); {
		case va == vb:
			return 0
		case va:
			return 1
		}
		return -1
	})
	return lanes
}

// processSome processes those of the claims, which are of one lane, that the worker
// has the memory for: the first that fits, and with it those that follow and need no
// allotment of their own. It releases the others, and returns false if the next claim
// should be delayed.
func (s *slot) processSome(ctx context.Context, claims []Claim, begin moment) (proceed bool) {
	var batch, rest []Claim
	var allotted *allotment
	unfit := 0
	largest := sync.OnceValues(func() (int64, bool) { return s.largestMemory(ctx) })
	for _, claim := range claims {
		switch {
		case s.reclaimed(ctx, claim, begin):
		case allotted == nil:
			if allotted = s.allot(claim, largest); allotted != nil {
				batch = append(batch, claim)
			} else {
				rest = append(rest, claim)
				unfit++
			}
		case s.joins(claim, batch, allotted):
			batch = append(batch, claim)
		default:
			rest = append(rest, claim)
		}
	}
	others := s.learn(claims, unfit)
	if allotted == nil {
		s.release(ctx, rest...)
		return others
	}
	if len(rest) > 0 {
		s.all.Go(func() { s.release(ctx, rest...) }) // the leases of the batch need to be kept meanwhile
	}
	return s.process(ctx, batch, begin, allotted)
}

// joins reports whether a claim is worked on together with those of the batch, and
// adds it to the allotment. What was delivered before stays alone: it may have killed its
// worker, and takes no others with it.
func (s *slot) joins(claim Claim, batch []Claim, allotted *allotment) bool {
	cost := claim.Cost
	for _, b := range batch {
		cost += b.Cost
	}
	if claim.Delivery > 1 || batch[0].Delivery > 1 || cost > maxClaimCost {
		return false
	}
	bytes := memoryFor(s.ports.Calculator.Estimate(claim.Index))
	return s.holds(bytes) && allotted.grow(bytes)
}

// isVain reports whether a lane was searched in vain a moment ago.
func (s *slot) isVain(lane Lane) bool {
	return !s.vain[lane].isZero() && s.clock.since(s.vain[lane]) < vainPeriod
}

// learn notes how many of the claims did not fit. A lane of which nothing was found
// to fit is tried after the others for a while; learn returns true if they are to
// be tried at once.
func (s *slot) learn(claims []Claim, unfit int) (others bool) {
	lane := claims[0].Lane
	searched := unfit == len(claims) && (lane == LaneRecovery || unfit <= s.skip[lane] || unfit > maxSkip)
	s.skip[lane] = min(unfit, maxSkip)
	if !searched {
		s.vain[lane] = moment{}
		return false
	}
	others = !s.reserved && !s.isVain(lane)
	s.vain[lane] = s.clock.now()
	return others
}
