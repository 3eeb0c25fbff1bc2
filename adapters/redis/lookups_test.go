package redis_test

import (
	"context"
	"errors"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// collectedLookups are calls of Summaries that wait until they are served.
type collectedLookups struct {
	collected
	client  *redis.Client
	cache   redis.ValueCache
	release func()
}

// lookup is a call of Summaries.
type lookup struct {
	done  <-chan struct{}
	found map[core.Index]core.Summary
	err   error
}

// collectLookups has calls wait. The values of the indices from 0 on are stored.
func collectLookups(t *testing.T, values core.Index) *collectedLookups {
	t.Helper()
	client, seen := observe(t, options(servers.Redis(t)))
	cache := client.ValueCache()
	for n := range values {
		must(t, cache.Put(t.Context(), value(t, n, int(n)+1)))
	}
	release, err := client.HoldLookups(t.Context())
	must(t, err)
	return &collectedLookups{collected: collected{t: t, seen: seen}, client: client, cache: cache, release: release}
}

// lookUp makes a call and returns once it waits.
func (c *collectedLookups) lookUp(ctx context.Context, indices ...core.Index) *lookup {
	c.t.Helper()
	l := new(lookup)
	l.done = c.collect(ctx, func(ctx context.Context) { l.found, l.err = c.cache.Summaries(ctx, indices...) })
	return l
}

// serve has the calls served, and returns once they have returned.
func (c *collectedLookups) serve() {
	c.release()
	c.all.Wait()
}

// want checks that a call has found the values of the indices, and no others.
func (c *collectedLookups) want(l *lookup, indices ...core.Index) {
	c.t.Helper()
	if l.err != nil || len(l.found) != len(indices) {
		c.t.Errorf("Summaries returned %d values, %v, want those of %v", len(l.found), l.err, indices)
	}
	for _, n := range indices {
		if got := l.found[n]; got.Index != n || got.DigitCount != int64(n)+1 {
			c.t.Errorf("Summaries returned %+v for %d", got, n)
		}
	}
}

func TestSummaries_ConcurrentCallsShareARoundTrip(t *testing.T) {
	t.Parallel()
	const count = 100
	c := collectLookups(t, count)
	all := make([]*lookup, count)
	for i := range all {
		n := core.Index(i)
		all[i] = c.lookUp(t.Context(), n, -1, (n+1)%count)
	}
	before := c.seen.calls.Load()
	c.serve()
	if calls := c.seen.calls.Load() - before; calls != 1 {
		t.Errorf("%d round trips for %d calls that waited", calls, count)
	}
	for i, l := range all {
		n := core.Index(i)
		c.want(l, n, (n+1)%count)
	}
}

// A value that can't be read concerns only those who ask for it.
func TestSummaries_ConcurrentCallsHaveTheirOwnFailures(t *testing.T) {
	t.Parallel()
	c := collectLookups(t, 3)
	must(t, c.client.Redis().LPush(t.Context(), c.client.ValueKey(3), "foreign").Err())
	damage(t, c.client, c.client.ValueKey(0), "summary")
	damaged := c.lookUp(t.Context(), 0, 1)
	foreign := c.lookUp(t.Context(), 1, 3)
	whole := c.lookUp(t.Context(), 1, 2)
	c.serve()
	c.want(damaged, 1)
	wantKind(t, foreign.err, core.KindInternal)
	c.want(whole, 1, 2)
}

func TestSummaries_ACallerThatLeavesHarmsNoOther(t *testing.T) {
	t.Parallel()
	c := collectLookups(t, 2)
	ctx, leave := context.WithCancel(t.Context())
	withdrawn := c.lookUp(ctx, 0)
	leave()
	<-withdrawn.done
	wantKind(t, withdrawn.err, core.KindCanceled)
	ctx, leave = context.WithCancel(t.Context())
	defer leave()
	a, b := c.lookUp(ctx, 0), c.lookUp(ctx, 1)
	c.seen.refuse = func(goredis.Cmder) error {
		leave() // both, also the one that sends the commands
		return nil
	}
	c.serve()
	c.want(a, 0)
	c.want(b, 1)
}

func TestSummaries_AFailureReachesEachCaller(t *testing.T) {
	t.Parallel()
	c := collectLookups(t, 1)
	all := make([]*lookup, 10)
	for i := range all {
		all[i] = c.lookUp(t.Context(), 0)
	}
	c.seen.refuse = func(goredis.Cmder) error { return errors.New("the connection broke") }
	c.serve()
	c.seen.refuse = nil
	for _, l := range all {
		wantKind(t, l.err, core.KindUnavailable)
	}
	_, err := c.cache.Summaries(t.Context(), 0) // the next call is served
	must(t, err)
}
