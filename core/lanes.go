package core

import (
	"fmt"
	"time"
)

// Lane is a class of tasks in a WorkQueue. The tasks of a lane are delivered in
// their order, and a worker chooses the lane that it claims from: a task waits for
// those before it in its lane, and not for those of another lane.
type Lane int

const (
	// LaneShort is for tasks that a user waits for, of MaxShortCost at most.
	LaneShort Lane = iota
	// LaneLong is for longer tasks that a user waits for.
	LaneLong
	// LaneRecovery is for tasks that no user waits for: lost values that are
	// calculated again before they are next read.
	LaneRecovery
)

// Lanes are all lanes, in the order of their precedence.
var Lanes = [...]Lane{LaneShort, LaneLong, LaneRecovery}

// MaxShortCost is the largest cost of a task of LaneShort. Each worker keeps a
// calculation free for that lane, which a task must not hold up noticeably.
const MaxShortCost = 20 * time.Millisecond

// String returns the name of the lane: short, long or recovery.
func (l Lane) String() string {
	switch l {
	case LaneShort:
		return "short"
	case LaneLong:
		return "long"
	case LaneRecovery:
		return "recovery"
	}
	return fmt.Sprintf("lane %d", int(l))
}

// laneOf returns the lane of a task of the given cost that a user waits for.
func laneOf(cost time.Duration) Lane {
	if cost <= MaxShortCost {
		return LaneShort
	}
	return LaneLong
}
