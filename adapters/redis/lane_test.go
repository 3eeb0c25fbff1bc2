package redis_test

import (
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// TestUpgrade_ProgramsWithoutLanesUseTheShortOne: what either enqueues there the
// other claims.
func TestUpgrade_ProgramsWithoutLanesUseTheShortOne(t *testing.T) {
	t.Parallel()
	o := options(servers.Redis(t))
	p := openPisano(t, o)
	enqueueWithoutLanes(t, p, o.Prefix, 1)
	if c := claimOne(t, p.queue); c.Index != 1 || c.Lane != core.LaneShort {
		t.Errorf("claimed %+v", c)
	} else {
		must(t, p.queue.Acknowledge(t.Context(), c))
	}
	wantBacklog(t, p.queue, 0, 0, 0)

	_, err := p.queue.Enqueue(t.Context(), "somebody", tasks(2)...)
	must(t, err)
	streams, err := p.Redis().XReadGroup(t.Context(), &goredis.XReadGroupArgs{
		Group: "workers", Consumer: "worker", Streams: []string{"{" + o.Prefix + "}:queue", ">"},
	}).Result()
	must(t, err)
	if values := streams[0].Messages[0].Values; values["index"] != "2" || values["cost"] != "1000000" {
		t.Errorf("a program without lanes reads %v", values)
	}
}

// enqueueWithoutLanes does what programs without lanes do.
func enqueueWithoutLanes(t *testing.T, p pisano, prefix string, n int) {
	t.Helper()
	key := "{" + prefix + "}:"
	id, err := p.Redis().XAdd(t.Context(), &goredis.XAddArgs{
		Stream: key + "queue", Values: []any{"index", n, "cost", time.Second.Microseconds(), "client", "somebody"},
	}).Result()
	must(t, err)
	must(t, p.Redis().HSet(t.Context(), key+"jobs", n, id).Err())
	for _, field := range []string{"all", "of:somebody"} {
		must(t, p.Redis().HIncrBy(t.Context(), key+"backlog", field, time.Second.Microseconds()).Err())
	}
}

// TestUpgrade_AnIndexEnqueuedTwiceIsWorkedOffTwice: a program without lanes does
// not see that an index waits in a lane that it does not know.
func TestUpgrade_AnIndexEnqueuedTwiceIsWorkedOffTwice(t *testing.T) {
	t.Parallel()
	o := options(servers.Redis(t))
	p := openPisano(t, o)
	_, err := p.queue.Enqueue(t.Context(), "somebody", core.Task{Index: 1, Cost: time.Second, Lane: core.LaneLong})
	must(t, err)
	enqueueWithoutLanes(t, p, o.Prefix, 1)
	wantBacklog(t, p.queue, 2, 2*time.Second, 2*time.Second)
	first := claimOne(t, p.queue)
	second := claimOne(t, p.queue)
	if first.Lane != core.LaneShort || second.Lane != core.LaneLong || first.Index != 1 || second.Index != 1 {
		t.Errorf("claimed %+v and %+v", first, second)
	}
	must(t, p.queue.Release(t.Context(), first))
	jobs, err := p.queue.Jobs(t.Context(), 1)
	must(t, err)
	if !jobs[1].Claimed {
		t.Errorf("one of two jobs of 1 is claimed, and it is shown as %+v", jobs[1])
	}
	first = claimOne(t, p.queue)
	for _, c := range []core.Claim{second, first} {
		renew(t, p.queue, c)
		must(t, p.queue.Acknowledge(t.Context(), c))
	}
	wantBacklog(t, p.queue, 0, 0, 0)
	if claims, err := p.queue.Claim(t.Context(), core.ClaimLimit{}); err != nil || len(claims) > 0 {
		t.Errorf("claimed %+v of an empty queue, %v", claims, err)
	}
}
