package redis_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// collectedEnqueues are calls of Enqueue, for one task each, that wait until they are
// served.
type collectedEnqueues struct {
	collected
	queue   *redis.WorkQueue
	release func()
}

// enqueued is a call of Enqueue.
type enqueued struct {
	done  <-chan struct{}
	added int
	err   error
}

func collectEnqueues(t *testing.T) *collectedEnqueues {
	t.Helper()
	client, seen := observe(t, options(servers.Redis(t)))
	queue := client.WorkQueue(time.Minute)
	enqueueAll(t, queue, 0) // makes the script known
	must(t, queue.Acknowledge(t.Context(), claimOne(t, queue)))
	release, err := queue.HoldEnqueues(t.Context())
	must(t, err)
	return &collectedEnqueues{collected: collected{t: t, seen: seen}, queue: queue, release: release}
}

// enqueue makes a call and returns once it waits.
func (c *collectedEnqueues) enqueue(ctx context.Context, submitter string, task core.Task) *enqueued {
	c.t.Helper()
	e := new(enqueued)
	e.done = c.collect(ctx, func(ctx context.Context) { e.added, e.err = c.queue.Enqueue(ctx, submitter, task) })
	return e
}

// serve has the calls served, and returns once they have returned.
func (c *collectedEnqueues) serve() {
	c.release()
	c.all.Wait()
}

func (c *collectedEnqueues) want(added int, all ...*enqueued) {
	c.t.Helper()
	for i, e := range all {
		if e.err != nil || e.added != added {
			c.t.Errorf("call %d returns %d, %v, want %d", i, e.added, e.err, added)
		}
	}
}

func (c *collectedEnqueues) wantBacklog(submitter string, want core.Backlog) {
	c.t.Helper()
	backlog, err := c.queue.Backlog(c.t.Context(), submitter)
	must(c.t, err)
	if backlog != want {
		c.t.Errorf("the backlog of %s is %+v, want %+v", submitter, backlog, want)
	}
}

func TestEnqueue_ConcurrentCallsShareScripts(t *testing.T) {
	t.Parallel()
	const count, submitters = 1500, 7 // more than a script takes
	c := collectEnqueues(t)
	name := func(i int) string { return fmt.Sprintf("submitter %d", i%submitters) }
	all := make([]*enqueued, count)
	for i := range all {
		all[i] = c.enqueue(t.Context(), name(i), core.Task{Index: core.Index(i), Cost: time.Second})
	}
	again := c.enqueue(t.Context(), "another", core.Task{Index: 0, Cost: time.Second})
	calls, commands := c.seen.calls.Load(), c.seen.commands.Load()
	c.serve()
	calls, commands = c.seen.calls.Load()-calls, c.seen.commands.Load()-commands
	if calls != 1 || commands != 2 {
		t.Errorf("%d calls with %d scripts for %d tasks, want 1 with 2", calls, commands, count+1)
	}
	c.want(1, all...)
	c.want(0, again)
	for i := range submitters {
		own := time.Duration((count-i+submitters-1)/submitters) * time.Second
		c.wantBacklog(name(i), core.Backlog{Tasks: count, All: count * time.Second, Own: own, OwnShort: own})
	}
	claims, err := c.queue.Claim(t.Context(), core.ClaimLimit{Count: count})
	must(t, err)
	for i, claim := range claims {
		if claim.Index != core.Index(i) {
			t.Fatalf("delivery %d is that of %d, want the order of the calls", i, claim.Index)
		}
	}
}

// A task that moves within a script is no longer work of who enqueued it before.
func TestEnqueue_ConcurrentCallsMoveAnIndex(t *testing.T) {
	t.Parallel()
	c := collectEnqueues(t)
	recovery := c.enqueue(t.Context(), "a", core.Task{Index: 1, Cost: time.Hour, Lane: core.LaneRecovery})
	long := c.enqueue(t.Context(), "b", core.Task{Index: 1, Cost: time.Minute, Lane: core.LaneLong})
	short := c.enqueue(t.Context(), "c", core.Task{Index: 1, Cost: time.Second, Lane: core.LaneShort})
	later := c.enqueue(t.Context(), "d", core.Task{Index: 1, Cost: time.Second, Lane: core.LaneLong})
	c.serve()
	c.want(1, recovery, long, short)
	c.want(0, later)
	for submitter, own := range map[string]time.Duration{"a": 0, "b": 0, "c": time.Second, "d": 0} {
		c.wantBacklog(submitter, core.Backlog{Tasks: 1, All: time.Second, Own: own, OwnShort: own})
	}
}

func TestEnqueue_ACallerThatLeavesHarmsNoOther(t *testing.T) {
	t.Parallel()
	c := collectEnqueues(t)
	ctx, leave := context.WithCancel(t.Context())
	withdrawn := c.enqueue(ctx, "a", core.Task{Index: 0, Cost: time.Second})
	leave()
	<-withdrawn.done
	wantKind(t, withdrawn.err, core.KindCanceled)
	ctx, leave = context.WithCancel(t.Context())
	defer leave()
	all := make([]*enqueued, 10)
	for i := range all {
		all[i] = c.enqueue(ctx, "b", core.Task{Index: core.Index(i + 1), Cost: time.Second})
	}
	c.seen.refuse = func(goredis.Cmder) error {
		leave() // all of them, also the one that sends the script
		return nil
	}
	c.serve()
	c.want(1, all...)
	c.wantBacklog("a", core.Backlog{Tasks: 10, All: 10 * time.Second})
}

func TestEnqueue_AFailureReachesEachCaller(t *testing.T) {
	t.Parallel()
	c := collectEnqueues(t)
	all := make([]*enqueued, 10)
	for i := range all {
		all[i] = c.enqueue(t.Context(), "somebody", core.Task{Index: core.Index(i), Cost: time.Second})
	}
	c.seen.refuse = func(goredis.Cmder) error { return reply("OOM command not allowed when used memory > 'maxmemory'.") }
	c.serve()
	c.seen.refuse = nil
	for _, e := range all {
		wantKind(t, e.err, core.KindOverloaded)
	}
	enqueueAll(t, c.queue, 0) // the next call is served
}
