package porttest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// TestWorkQueue checks that an implementation keeps the contract of
// core.WorkQueue. open returns two views, such as those of two processes, of
// one queue that holds nothing; subtests call it in parallel.
func TestWorkQueue(t *testing.T, open func(t *testing.T, lease time.Duration) (a, b core.WorkQueue)) {
	TestPartedWorkQueue(t, func(core.Index) int { return 0 }, open)
}

// TestPartedWorkQueue does what TestWorkQueue does, for a queue of parts that each
// keep their order; partOf tells which of them an index belongs to.
func TestPartedWorkQueue(t *testing.T, partOf func(n core.Index) int, open func(t *testing.T, lease time.Duration) (a, b core.WorkQueue)) {
	for name, test := range map[string]func(t *testing.T, a, b core.WorkQueue){
		"Enqueue/first in, first out":                           func(t *testing.T, a, b core.WorkQueue) { firstInFirstOut(t, partOf, a, b) },
		"Enqueue/an index is in the queue once":                 func(t *testing.T, a, b core.WorkQueue) { deduplicated(t, partOf, a, b) },
		"Enqueue/a claimed index is left alone":                 claimedLeftAlone,
		"Enqueue/a batch of 5,000 is delivered and worked off":  largeQueue,
		"Claim/each task goes to one of many callers":           manyCallers,
		"Claim/takes as many as the count allows":               claimCount,
		"Claim/takes as many as the cost allows, one at least":  claimCost,
		"Claim/released tasks come before those that wait":      func(t *testing.T, a, b core.WorkQueue) { releasedFirst(t, partOf, a, b) },
		"Claim/does not wait when there is nothing":             emptyQueue,
		"Claim/says what the task costs and how long its lease": claimFields,
		"Ready/tells of tasks that any process enqueues":        readyAfterEnqueue,
		"Ready/tells of tasks that are released":                readyAfterRelease,
		"Ready/no task is missed":                               readyMissesNone,
		"Lanes/a claim serves the first that has something":     lanesInOrder,
		"Lanes/each keeps its order":                            func(t *testing.T, a, b core.WorkQueue) { lanesKeepOrder(t, partOf, a, b) },
		"Lanes/released tasks come first in their own":          func(t *testing.T, a, b core.WorkQueue) { releasedInLane(t, partOf, a, b) },
		"Lanes/a waiting index moves to an earlier one":         func(t *testing.T, a, b core.WorkQueue) { movedToEarlier(t, partOf, a, b) },
		"Lanes/an index never moves to a later one":             neverMovedToLater,
		"Lanes/a claimed index stays, a released one moves":     claimedNotMoved,
		"Lanes/recovery counts apart in the backlog":            recoveryApart,
		"Renew/returns the lost claims of several":              renewSome,
		"Acknowledge/removes tasks, which may return":           acknowledged,
		"Acknowledge/ignores lost claims of several":            acknowledgeSome,
		"Release/hands tasks back at once, not counted":         released,
		"Release/ignores lost claims of several":                releaseSome,
		"Jobs/tells waiting, claimed and unknown":               jobStates,
		"Backlog/counts what waits or is claimed":               backlogCounts,
		"Backlog/counts each index once, as first queued":       backlogDeduplicated,
		"Backlog/is exact after many changes at once":           backlogExact,
		"calls with nothing to do do nothing":                   queueNothing,
		"calls with a cancelled context are cancelled":          queueCanceled,
		"Ping/a queue that is there answers":                    func(t *testing.T, a, _ core.WorkQueue) { must(t, a.Ping(t.Context())) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := open(t, long)
			test(t, a, b)
		})
	}
	for name, test := range map[string]func(t *testing.T, a, b core.WorkQueue){
		"Claim/a task whose lease expires is delivered again":  leaseExpires,
		"Ready/tells of leases that expire":                    readyAfterExpiry,
		"Renew/a lease that has merely expired is renewed":     expiredLease,
		"Renew/a lost claim is returned, and can do no damage": lostClaim,
		"Release/a lost claim does not count any more":         lostReleased,
		"Acknowledge/a lost claim does not count any more":     lostAcknowledged,
		"Lanes/a delivery that counts is not lost by a move":   expiredNotMoved,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := open(t, short)
			test(t, a, b)
		})
	}
	t.Run("Renew/keeps a lease for as long as it takes", func(t *testing.T) {
		t.Parallel()
		renewed(t, open)
	})
}

const (
	// long is a lease that never expires in a test.
	long = time.Hour
	// short is a lease that expires while a test waits.
	short = 500 * time.Millisecond
)

// tasks are those of indices whose cost does not matter.
func tasks(indices ...core.Index) []core.Task {
	all := make([]core.Task, len(indices))
	for i, n := range indices {
		all[i] = core.Task{Index: n, Cost: time.Millisecond}
	}
	return all
}

// enqueue returns how many of the indices were added.
func enqueue(t *testing.T, q core.WorkQueue, indices ...core.Index) int {
	t.Helper()
	added, err := q.Enqueue(t.Context(), "somebody", tasks(indices...)...)
	must(t, err)
	return added
}

// claimUpTo claims tasks, without waiting.
func claimUpTo(t *testing.T, q core.WorkQueue, limit core.ClaimLimit) []core.Claim {
	t.Helper()
	claims, err := q.Claim(t.Context(), limit)
	must(t, err)
	if len(claims) > max(1, limit.Count) {
		t.Fatalf("Claim returned %d tasks; it must take no more than the limit, %d", len(claims), limit.Count)
	}
	return claims
}

// claimOne claims a task, of which there must be one.
func claimOne(t *testing.T, q core.WorkQueue) core.Claim {
	t.Helper()
	claims := claimUpTo(t, q, core.ClaimLimit{Count: 1})
	if len(claims) == 0 {
		t.Fatal("Claim returned nothing; it must return a task that is in the queue and not claimed")
	}
	return claims[0]
}

// claim claims the next task, which must be that of n.
func claim(t *testing.T, q core.WorkQueue, n core.Index) core.Claim {
	t.Helper()
	c := claimOne(t, q)
	if c.Index != n {
		t.Fatalf("claimed %d, want %d", c.Index, n)
	}
	return c
}

// awaitClaim waits for a task to claim, as a worker does, up to hangTimeout.
func awaitClaim(ctx context.Context, q core.WorkQueue) (core.Claim, error) {
	ctx, cancel := context.WithTimeout(ctx, hangTimeout)
	defer cancel()
	for {
		ready := q.Ready()
		claims, err := q.Claim(ctx, core.ClaimLimit{Count: 1})
		if err != nil {
			return core.Claim{}, err
		}
		if len(claims) > 0 {
			return claims[0], nil
		}
		select {
		case <-ready:
		case <-ctx.Done():
			return core.Claim{}, core.NewError(core.KindInternal, "Ready did not tell of a task; its channel must be closed when there is something to claim.")
		}
	}
}

func mustAwait(t *testing.T, q core.WorkQueue, n core.Index) core.Claim {
	t.Helper()
	c, err := awaitClaim(t.Context(), q)
	must(t, err)
	if c.Index != n {
		t.Fatalf("claimed %d, want %d", c.Index, n)
	}
	return c
}

// wantNone checks that nothing can be claimed.
func wantNone(t *testing.T, q core.WorkQueue) {
	t.Helper()
	if claims := claimUpTo(t, q, core.ClaimLimit{Count: 10}); len(claims) > 0 {
		t.Errorf("Claim returned %+v; the queue has nothing to give", claims)
	}
}

// wantLost checks that of the claims those that are lost, and no others, are
// returned by Renew.
func wantLost(t *testing.T, q core.WorkQueue, claims, want []core.Claim) {
	t.Helper()
	renewals := make([]core.Renewal, len(claims))
	for i, c := range claims {
		renewals[i] = core.Renewal{Claim: c, Progress: 0.5}
	}
	lost, err := q.Renew(t.Context(), renewals...)
	must(t, err)
	if !slices.Equal(lost, want) {
		t.Errorf("Renew returned %d claims, %.500s; it must return those that are lost, %.500s", len(lost), fmt.Sprint(lost), fmt.Sprint(want))
	}
}

// wantJobs checks which of the indices are in the queue.
func wantJobs(t *testing.T, q core.WorkQueue, want map[core.Index]core.Job, indices ...core.Index) {
	t.Helper()
	jobs, err := q.Jobs(t.Context(), indices...)
	must(t, err)
	if len(jobs) != len(want) {
		t.Errorf("Jobs returned %+v, want %+v", jobs, want)
		return
	}
	for n, job := range want {
		if job.Claimed {
			job.Deliveries = 1
		}
		if got, queued := jobs[n]; !queued || got != job {
			t.Errorf("Jobs returned %+v for %d (in the queue: %v), want %+v", got, n, queued, job)
		}
	}
}

// claimAll claims the given indices, from one view after the other and some at
// a time: each once, and those of one part in the given order.
func claimAll(t *testing.T, partOf func(core.Index) int, indices []core.Index, views ...core.WorkQueue) {
	t.Helper()
	waiting := make(map[int][]core.Index)
	for _, n := range indices {
		waiting[partOf(n)] = append(waiting[partOf(n)], n)
	}
	for i, left := 0, len(indices); left > 0; i++ {
		claims := claimUpTo(t, views[i%len(views)], core.ClaimLimit{Count: 1 + i%5})
		if len(claims) == 0 {
			t.Fatalf("Claim returned nothing while %v were waiting", waiting)
		}
		for _, c := range claims {
			if c.Delivery != 1 {
				t.Errorf("the first delivery is number %d", c.Delivery)
			}
			part := partOf(c.Index)
			if len(waiting[part]) == 0 || waiting[part][0] != c.Index {
				t.Fatalf("claimed %d when of its part %v were waiting", c.Index, waiting[part])
			}
			waiting[part] = waiting[part][1:]
			left--
		}
	}
}

func firstInFirstOut(t *testing.T, partOf func(core.Index) int, a, b core.WorkQueue) {
	indices := []core.Index{30, -10, 0}
	for n := range core.Index(100) {
		indices = append(indices, 1000-n)
	}
	indices = append(indices, core.MaxIndex, -core.MaxIndex)
	enqueue(t, a, indices[:50]...)
	enqueue(t, b, indices[50:]...)
	claimAll(t, partOf, indices, a, b)
	wantNone(t, a)
}

func deduplicated(t *testing.T, partOf func(core.Index) int, a, b core.WorkQueue) {
	if added := enqueue(t, a, 1, 2, 1); added != 2 {
		t.Errorf("added %d of two", added)
	}
	if added := enqueue(t, b, 2, 3, 1); added != 1 {
		t.Errorf("added %d of one", added)
	}
	claimAll(t, partOf, []core.Index{1, 2, 3}, a)
	wantNone(t, b)
}

func claimedLeftAlone(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1)
	claim(t, a, 1)
	if added := enqueue(t, b, 1); added != 0 {
		t.Errorf("added %d of an index that is claimed", added)
	}
	wantNone(t, b)
}

func largeQueue(t *testing.T, a, b core.WorkQueue) {
	indices := sequence(-batch/2, batch)
	if added := enqueue(t, a, indices...); added != batch {
		t.Errorf("added %d of %d", added, batch)
	}
	jobs, err := b.Jobs(t.Context(), indices...)
	must(t, err)
	if len(jobs) != batch {
		t.Fatalf("%d of %d tasks are in the queue", len(jobs), batch)
	}
	claims := claimUpTo(t, a, core.ClaimLimit{Count: batch})
	seen := make(map[core.Index]bool, batch)
	for _, c := range claims {
		seen[c.Index] = true
	}
	if len(claims) != batch || len(seen) != batch {
		t.Fatalf("Claim returned %d tasks of %d indices; it must return all %d that wait", len(claims), len(seen), batch)
	}
	wantNone(t, b)
	wantLost(t, b, claims, nil)
	must(t, b.Release(t.Context(), claims...))
	wantLost(t, a, claims, claims)
	again := claimUpTo(t, b, core.ClaimLimit{Count: batch})
	if len(again) != batch {
		t.Fatalf("Claim returned %d tasks of %d that were released", len(again), batch)
	}
	must(t, a.Acknowledge(t.Context(), again...))
	wantNone(t, a)
	wantBacklog(t, "somebody", core.Backlog{}, a, b)
}

func jobStates(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1)
	c := claim(t, a, 1)
	enqueue(t, a, 2)
	lost, err := a.Renew(t.Context(), core.Renewal{Claim: c, Progress: 0.25})
	must(t, err)
	if len(lost) != 0 {
		t.Errorf("a claim that is held was lost: %+v", lost)
	}
	wantJobs(t, b, map[core.Index]core.Job{1: {Claimed: true, Progress: 0.25}, 2: {}}, 1, 2, 3, 1)
	must(t, a.Release(t.Context(), c))
	wantJobs(t, b, map[core.Index]core.Job{1: {}}, 1)
}

func queueNothing(t *testing.T, a, b core.WorkQueue) {
	ctx := t.Context()
	enqueue(t, a, 1)
	c := claim(t, b, 1)
	if added := enqueue(t, b); added != 0 {
		t.Errorf("added %d of none", added)
	}
	wantLost(t, a, nil, nil)
	must(t, a.Acknowledge(ctx))
	must(t, a.Release(ctx))
	wantJobs(t, a, nil)
	wantNone(t, a)
	wantLost(t, b, []core.Claim{c}, nil)
}

func queueCanceled(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1)
	c := claim(t, b, 1)
	enqueue(t, a, 2)
	canceled(t, map[string]func(context.Context) error{
		"Enqueue":     func(ctx context.Context) error { return second(a.Enqueue(ctx, "somebody", tasks(3)...)) },
		"Backlog":     func(ctx context.Context) error { return second(a.Backlog(ctx, "somebody")) },
		"Claim":       func(ctx context.Context) error { return second(a.Claim(ctx, core.ClaimLimit{Count: 1})) },
		"Renew":       func(ctx context.Context) error { return second(a.Renew(ctx, core.Renewal{Claim: c})) },
		"Acknowledge": func(ctx context.Context) error { return a.Acknowledge(ctx, c) },
		"Release":     func(ctx context.Context) error { return a.Release(ctx, c) },
		"Jobs":        func(ctx context.Context) error { return second(a.Jobs(ctx, 1)) },
		"Ping":        a.Ping,
	})
	wantJobs(t, b, map[core.Index]core.Job{1: {Claimed: true}, 2: {}}, 1, 2, 3)
	if c := claim(t, b, 2); c.Delivery != 1 {
		t.Errorf("delivery %d after a Claim that was cancelled before it began", c.Delivery)
	}
}
