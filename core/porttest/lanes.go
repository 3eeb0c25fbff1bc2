package porttest

import (
	"slices"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// The part of the WorkQueue's contract that is about its lanes.

// inLane returns tasks of the lane whose cost does not matter.
func inLane(lane core.Lane, indices ...core.Index) []core.Task {
	all := tasks(indices...)
	for i := range all {
		all[i].Lane = lane
	}
	return all
}

// enqueueIn enqueues indices into a lane and returns how many were added or moved.
func enqueueIn(t *testing.T, q core.WorkQueue, lane core.Lane, indices ...core.Index) int {
	t.Helper()
	added, err := q.Enqueue(t.Context(), "somebody", inLane(lane, indices...)...)
	must(t, err)
	return added
}

// claimLanes claims up to count tasks from the lanes, and checks that they are
// those of the indices, in any order, and of the lane.
func claimLanes(t *testing.T, q core.WorkQueue, lanes []core.Lane, count int, lane core.Lane, indices ...core.Index) []core.Claim {
	t.Helper()
	claims := claimUpTo(t, q, core.ClaimLimit{Count: count, Lanes: lanes})
	var got []core.Index
	for _, c := range claims {
		if c.Lane != lane {
			t.Errorf("claimed %d of lane %v when %v has tasks; the first of the lanes %v that has something must be served", c.Index, c.Lane, lane, lanes)
		}
		got = append(got, c.Index)
	}
	slices.Sort(got)
	if !slices.Equal(got, indices) {
		t.Fatalf("claimed %v from the lanes %v, want %v", got, lanes, indices)
	}
	return claims
}

// ofOnePart returns count indices, from first on, that are in one part of the
// queue.
func ofOnePart(partOf func(core.Index) int, first core.Index, count int) []core.Index {
	var indices []core.Index
	for n := first; len(indices) < count; n++ {
		if partOf(n) == partOf(first) {
			indices = append(indices, n)
		}
	}
	return indices
}

func lanesInOrder(t *testing.T, a, b core.WorkQueue) {
	const short, long, recovery = core.LaneShort, core.LaneLong, core.LaneRecovery
	enqueueIn(t, a, recovery, 31, 32, 33, 34)
	enqueueIn(t, b, long, 21, 22, 23)
	enqueueIn(t, a, short, 11, 12)
	enqueueIn(t, b, recovery, 35)
	all := sequence(31, 5)
	wantJobs(t, a, map[core.Index]core.Job{11: {Lane: short}, 23: {Lane: long}, 31: {Lane: recovery}}, 11, 23, 31)

	claims := claimLanes(t, a, []core.Lane{recovery, short, long}, 10, recovery, all...)
	must(t, b.Release(t.Context(), claims...))
	claims = claimLanes(t, b, []core.Lane{long}, 10, long, 21, 22, 23)
	claimLanes(t, a, []core.Lane{long}, 10, long) // and no others
	must(t, a.Release(t.Context(), claims...))
	claimLanes(t, a, nil, 10, short, 11, 12)
	claimLanes(t, b, []core.Lane{short}, 10, short)
	claims = claimLanes(t, b, nil, 10, long, 21, 22, 23)
	wantJobs(t, a, map[core.Index]core.Job{22: {Lane: long, Claimed: true}, 35: {Lane: recovery}}, 22, 35)
	must(t, a.Acknowledge(t.Context(), claims...))
	last := claimLanes(t, a, nil, 10, recovery, all...)
	wantNone(t, b)
	wantLost(t, b, last, nil)
	must(t, b.Acknowledge(t.Context(), last...))
	wantLost(t, a, last, last)
	if added := enqueueIn(t, a, recovery, all...); added != len(all) {
		t.Errorf("added %d of %d that were done", added, len(all))
	}
}

func lanesKeepOrder(t *testing.T, partOf func(core.Index) int, a, b core.WorkQueue) {
	indices := ofOnePart(partOf, 1, 12)
	for i, n := range indices {
		enqueueIn(t, []core.WorkQueue{a, b}[i%2], core.Lanes[i%3], n)
	}
	for i := range 4 {
		for k, lane := range []core.Lane{core.LaneRecovery, core.LaneLong, core.LaneShort} {
			claimLanes(t, []core.WorkQueue{b, a}[i%2], []core.Lane{lane}, 1, lane, indices[3*i+2-k])
		}
	}
	wantNone(t, a)
}

func releasedInLane(t *testing.T, partOf func(core.Index) int, a, b core.WorkQueue) {
	n := ofOnePart(partOf, 1, 3)
	enqueueIn(t, a, core.LaneLong, n[0], n[1])
	enqueueIn(t, a, core.LaneShort, n[2])
	c := claimLanes(t, a, []core.Lane{core.LaneLong}, 1, core.LaneLong, n[0])
	must(t, b.Release(t.Context(), c...))
	claimLanes(t, b, nil, 1, core.LaneShort, n[2])
	again := claimLanes(t, b, nil, 1, core.LaneLong, n[0])
	if again[0].Delivery != 1 {
		t.Errorf("delivery %d after one that was released", again[0].Delivery)
	}
}

func movedToEarlier(t *testing.T, partOf func(core.Index) int, a, b core.WorkQueue) {
	n := ofOnePart(partOf, 1, 5)
	enqueueIn(t, a, core.LaneRecovery, n[0], n[1], n[2])
	enqueueIn(t, b, core.LaneLong, n[3])
	enqueueIn(t, a, core.LaneShort, n[4])
	const cost = 1234567 * time.Microsecond
	added, err := b.Enqueue(t.Context(), "reader", core.Task{Index: n[1], Cost: cost, Lane: core.LaneLong})
	must(t, err)
	if added != 1 {
		t.Errorf("Enqueue returned %d for one that it had to move", added)
	}
	wantJobs(t, a, map[core.Index]core.Job{n[1]: {Lane: core.LaneLong}}, n[1])
	wantBacklog(t, "reader", core.Backlog{Tasks: 3, All: cost + 2*time.Millisecond, Own: cost, RecoveryTasks: 2, Recovery: 2 * time.Millisecond}, a, b)
	enqueueIn(t, a, core.LaneShort, n[3])
	wantBacklog(t, "somebody", core.Backlog{Tasks: 3, All: cost + 2*time.Millisecond, Own: 2 * time.Millisecond, OwnShort: 2 * time.Millisecond,
		RecoveryTasks: 2, Recovery: 2 * time.Millisecond}, a, b)
	for _, want := range []struct {
		lane core.Lane
		n    core.Index
	}{{core.LaneShort, n[4]}, {core.LaneShort, n[3]}, {core.LaneLong, n[1]}, {core.LaneRecovery, n[0]}, {core.LaneRecovery, n[2]}} {
		claims := claimLanes(t, b, nil, 1, want.lane, want.n)
		if want.n == n[1] && claims[0].Cost != cost {
			t.Errorf("a task that was moved costs %v, want that of the later task, %v", claims[0].Cost, cost)
		}
		must(t, a.Acknowledge(t.Context(), claims...))
	}
	wantNone(t, a)
	for _, submitter := range []string{"somebody", "reader"} {
		wantBacklog(t, submitter, core.Backlog{}, a, b)
	}
}

func neverMovedToLater(t *testing.T, a, b core.WorkQueue) {
	enqueueIn(t, a, core.LaneShort, 1)
	enqueueIn(t, a, core.LaneLong, 2)
	for _, lane := range []core.Lane{core.LaneLong, core.LaneRecovery} {
		if added := enqueueIn(t, b, lane, 1, 2); added != 0 {
			t.Errorf("Enqueue into lane %v returned %d; both wait in an earlier one, or in it", lane, added)
		}
	}
	claimLanes(t, b, nil, 10, core.LaneShort, 1)
	claimLanes(t, b, nil, 10, core.LaneLong, 2)
	wantNone(t, a)
}

func claimedNotMoved(t *testing.T, a, b core.WorkQueue) {
	enqueueIn(t, a, core.LaneRecovery, 1)
	c := claimLanes(t, b, nil, 1, core.LaneRecovery, 1)
	if added := enqueueIn(t, a, core.LaneLong, 1); added != 0 {
		t.Errorf("Enqueue returned %d for an index that is claimed; it must leave it alone", added)
	}
	wantNone(t, a)
	wantLost(t, b, c, nil)
	must(t, b.Release(t.Context(), c...))
	if added := enqueueIn(t, a, core.LaneLong, 1); added != 1 {
		t.Errorf("Enqueue returned %d for an index that was released in a later lane; it must move it", added)
	}
	wantLost(t, b, c, c)
	moved := claimLanes(t, b, nil, 10, core.LaneLong, 1)
	if moved[0].Delivery != 1 {
		t.Errorf("delivery %d of a task whose only one was released", moved[0].Delivery)
	}
	must(t, a.Acknowledge(t.Context(), c...)) // it is lost
	wantLost(t, a, moved, nil)
	must(t, a.Acknowledge(t.Context(), moved...))
	wantNone(t, a)
	wantBacklog(t, "somebody", core.Backlog{}, a, b)
}

// expiredNotMoved: the count of deliveries must not be lost when an index whose
// worker has died is enqueued again.
func expiredNotMoved(t *testing.T, a, b core.WorkQueue) {
	enqueueIn(t, a, core.LaneRecovery, 1)
	claimLanes(t, b, nil, 1, core.LaneRecovery, 1)
	for begin := time.Now(); ; time.Sleep(short / 10) {
		jobs, err := a.Jobs(t.Context(), 1)
		must(t, err)
		if !jobs[1].Claimed {
			break
		}
		if time.Since(begin) > hangTimeout {
			t.Fatalf("a lease of %v has not expired after %v", short, time.Since(begin))
		}
	}
	enqueueIn(t, b, core.LaneShort, 1)
	if c := mustAwait(t, a, 1); c.Delivery != 2 {
		t.Errorf("delivery %d after one whose lease has expired", c.Delivery)
	}
}

func recoveryApart(t *testing.T, a, b core.WorkQueue) {
	enqueueFor(t, a, "", core.Task{Index: 1, Cost: time.Minute, Lane: core.LaneRecovery}, core.Task{Index: 2, Cost: time.Second, Lane: core.LaneRecovery})
	want := core.Backlog{RecoveryTasks: 2, Recovery: time.Minute + time.Second}
	wantBacklog(t, "", want, a, b)
	enqueueFor(t, b, "somebody", core.Task{Index: 3, Cost: time.Second}, core.Task{Index: 4, Cost: time.Hour, Lane: core.LaneLong})
	want.Tasks, want.All = 2, time.Hour+time.Second
	wantBacklog(t, "", want, a, b)
	want.Own, want.OwnShort = want.All, time.Second
	wantBacklog(t, "somebody", want, a, b)
	must(t, a.Acknowledge(t.Context(), claimLanes(t, b, []core.Lane{core.LaneLong}, 1, core.LaneLong, 4)...))
	must(t, a.Acknowledge(t.Context(), claimLanes(t, b, []core.Lane{core.LaneRecovery}, 5, core.LaneRecovery, 1, 2)...))
	wantBacklog(t, "somebody", shortOnly(1, time.Second, time.Second), a, b)
}
