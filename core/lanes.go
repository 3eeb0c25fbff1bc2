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
	// LaneShort is for tasks that a user waits for, of MaxShortCost at most. A
	// submitter has a bounded share of it.
	LaneShort Lane = iota
	// LaneLong is for longer tasks that a user waits for, and for those that exceed
	// the share of their submitter in LaneShort.
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

// shortShare is how much work of one submitter waits in LaneShort at most: that of a
// batch of a thousand tiny indices. Without it, all that admission lets one submitter
// have would be before the F(10) of the next.
const shortShare = 2 * time.Second

// assignLanes assigns the lanes of tasks of one submitter that a user waits for. there
// is the work of the submitter in LaneShort.
func assignLanes(tasks []Task, there time.Duration) {
	for i, t := range tasks {
		if t.Cost <= MaxShortCost && there+t.Cost <= shortShare {
			tasks[i].Lane = LaneShort
			there += t.Cost
		} else {
			tasks[i].Lane = LaneLong
		}
	}
}
