package core

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// laneWeights are the shares of the lanes in the time of a worker's slots, while all
// have tasks: 8 thirteenths, 4 and 1. A lane that is empty leaves its share to the
// others.
var laneWeights = [len(Lanes)]time.Duration{LaneShort: 8, LaneLong: 4, LaneRecovery: 1}

// laneShares chooses the lane that a worker claims from next, by start-time fair
// queueing (Goyal, Vin and Cheng, SIGCOMM 1996). Each task begins, in a virtual time,
// where the one before it in its lane ends, and lasts as long as its cost divided by
// the weight of its lane; the lane whose next task begins first is preferred. The
// virtual time is that at which the latest task begins: a lane that was empty
// continues there and has saved up nothing.
type laneShares struct {
	mu  sync.Mutex
	now time.Duration             // the virtual time
	end [len(Lanes)]time.Duration // of the latest task of each lane
}

// order returns all lanes, the preferred one first.
func (s *laneShares) order() []Lane {
	s.mu.Lock()
	defer s.mu.Unlock()
	lanes := slices.Clone(Lanes[:])
	slices.SortStableFunc(lanes, func(a, b Lane) int { return cmp.Compare(s.begin(a), s.begin(b)) })
	return lanes
}

// charge notes that a task of the lane, of the given cost, is being worked on.
func (s *laneShares) charge(lane Lane, cost time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.begin(lane)
	s.end[lane] = s.now + cost/laneWeights[lane]
}

// refund takes back the charge for a task that turned out to need no time.
func (s *laneShares) refund(lane Lane, cost time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end[lane] -= cost / laneWeights[lane]
}

// begin returns when the next task of the lane begins; s.mu is held.
func (s *laneShares) begin(lane Lane) time.Duration { return max(s.now, s.end[lane]) }
