package porttest_test

import (
	"context"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/core/porttest"
)

var wrongQueues = map[string]wrong{
	"a queue that always has a task": {"has nothing to give", queueTest(time.Hour, func(q core.WorkQueue) core.WorkQueue {
		return &endlessQueue{WorkQueue: q}
	})},
	"a queue whose claims grow":        {"no more than the limit", queueTest(time.Hour, func(q core.WorkQueue) core.WorkQueue { return &growingQueue{WorkQueue: q} })},
	"a queue that drops all after 101": {"added 101 of 5000", queueTest(time.Hour, func(q core.WorkQueue) core.WorkQueue { return droppingQueue{q} })},
	"a queue without leases":           {"has nothing to give", queueTest(0, func(q core.WorkQueue) core.WorkQueue { return q })},
	"a queue whose Claim waits":        {"must not wait", queueTest(time.Hour, func(q core.WorkQueue) core.WorkQueue { return waitingQueue{q} })},
	"a queue of one lane":              {"must be served", queueTest(time.Hour, func(q core.WorkQueue) core.WorkQueue { return singleLaneQueue{q} })},
	"a queue whose tasks never move":   {"for one that it had to move", queueTest(time.Hour, func(q core.WorkQueue) core.WorkQueue { return unmovingQueue{q} })},
	"a queue that counts what is done": {"deliveries count", queueTest(time.Hour, func(q core.WorkQueue) core.WorkQueue { return heldOnlyQueue{q} })},
	"a queue that counts recovery":     {"the backlog for", queueTest(time.Hour, func(q core.WorkQueue) core.WorkQueue { return wholeBacklogQueue{q} })},
	"a queue that takes all for short": {"the backlog for", queueTest(time.Hour, func(q core.WorkQueue) core.WorkQueue { return shortBacklogQueue{q} })},
}

func queueTest(longest time.Duration, spoil func(core.WorkQueue) core.WorkQueue) func(*testing.T) {
	return func(t *testing.T) {
		porttest.TestWorkQueue(t, func(_ *testing.T, lease time.Duration) (a, b core.WorkQueue) {
			q := spoil(memory.NewWorkQueue(min(lease, longest)))
			return q, q
		})
	}
}

// endlessQueue makes up a task when it has none.
type endlessQueue struct {
	core.WorkQueue
	claims atomic.Int64
}

func (q *endlessQueue) Claim(ctx context.Context, limit core.ClaimLimit) ([]core.Claim, error) {
	claims, err := q.WorkQueue.Claim(ctx, limit)
	if err == nil && len(claims) == 0 {
		n := q.claims.Add(1)
		claims = []core.Claim{{Index: core.Index(n), Delivery: 1, Token: strconv.FormatInt(n, 10), Lease: time.Hour}}
	}
	return claims, err
}

// growingQueue hands out twice as much each time.
type growingQueue struct {
	core.WorkQueue
	calls atomic.Int64
}

func (q *growingQueue) Claim(ctx context.Context, limit core.ClaimLimit) ([]core.Claim, error) {
	claims, err := q.WorkQueue.Claim(ctx, limit)
	if len(claims) == 0 {
		return claims, err
	}
	return slices.Repeat(claims[:1], 16<<min(q.calls.Add(1), 12)), err
}

type droppingQueue struct{ core.WorkQueue }

func (q droppingQueue) Enqueue(ctx context.Context, submitter string, tasks ...core.Task) (int, error) {
	return q.WorkQueue.Enqueue(ctx, submitter, tasks[:min(len(tasks), 101)]...)
}

// waitingQueue waits for a task.
type waitingQueue struct{ core.WorkQueue }

func (q waitingQueue) Claim(ctx context.Context, limit core.ClaimLimit) ([]core.Claim, error) {
	claims, err := q.WorkQueue.Claim(ctx, limit)
	if err == nil && len(claims) == 0 {
		time.Sleep(200 * time.Millisecond)
	}
	return claims, err
}

// singleLaneQueue has all tasks wait in one lane.
type singleLaneQueue struct{ core.WorkQueue }

func (q singleLaneQueue) Enqueue(ctx context.Context, submitter string, tasks ...core.Task) (int, error) {
	tasks = slices.Clone(tasks)
	for i := range tasks {
		tasks[i].Lane = core.LaneShort
	}
	return q.WorkQueue.Enqueue(ctx, submitter, tasks...)
}

// unmovingQueue leaves an index in the lane that it waits in.
type unmovingQueue struct{ core.WorkQueue }

func (q unmovingQueue) Enqueue(ctx context.Context, submitter string, tasks ...core.Task) (int, error) {
	var fresh []core.Task
	for _, t := range tasks {
		jobs, err := q.Jobs(ctx, t.Index)
		if err != nil {
			return 0, err
		}
		if len(jobs) == 0 {
			fresh = append(fresh, t)
		}
	}
	return q.WorkQueue.Enqueue(ctx, submitter, fresh...)
}

// heldOnlyQueue does nothing about lost claims that are acknowledged.
type heldOnlyQueue struct{ core.WorkQueue }

func (q heldOnlyQueue) Acknowledge(ctx context.Context, claims ...core.Claim) error {
	var renewals []core.Renewal
	for _, c := range claims {
		renewals = append(renewals, core.Renewal{Claim: c})
	}
	lost, err := q.Renew(ctx, renewals...)
	if err != nil {
		return err
	}
	return q.WorkQueue.Acknowledge(ctx, slices.DeleteFunc(slices.Clone(claims), func(c core.Claim) bool {
		return slices.Contains(lost, c)
	})...)
}

// wholeBacklogQueue counts the tasks of recovery among those that users wait for.
type wholeBacklogQueue struct{ core.WorkQueue }

func (q wholeBacklogQueue) Backlog(ctx context.Context, submitter string) (core.Backlog, error) {
	b, err := q.WorkQueue.Backlog(ctx, submitter)
	b.Tasks, b.All = b.Tasks+b.RecoveryTasks, b.All+b.Recovery
	return b, err
}

// shortBacklogQueue counts all work of a submitter as that of LaneShort.
type shortBacklogQueue struct{ core.WorkQueue }

func (q shortBacklogQueue) Backlog(ctx context.Context, submitter string) (core.Backlog, error) {
	backlog, err := q.WorkQueue.Backlog(ctx, submitter)
	backlog.OwnShort = backlog.Own
	return backlog, err
}
