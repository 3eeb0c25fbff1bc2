package redis_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// commands returns how many commands the servers of a client have run, those inside
// scripts included. Asking counts as one.
func commands(t testing.TB, c *redis.Client) (all int) {
	t.Helper()
	masters(t, c, func(master *goredis.Client) {
		info, err := master.Info(t.Context(), "commandstats").Result()
		must(t, err)
		for line := range strings.Lines(info) {
			// cmdstat_xadd:calls=5,usec=…
			_, rest, isCommand := strings.Cut(strings.TrimPrefix(line, "cmdstat_"), ":calls=")
			if !isCommand {
				continue
			}
			text, _, _ := strings.Cut(rest, ",")
			calls, err := strconv.Atoi(text)
			must(t, err)
			all += calls
		}
	})
	return all
}

// batch is what a worker does for so many small tasks at once, from first on.
func batch(t *testing.T, p pisano, first core.Index, count int) {
	t.Helper()
	ctx := t.Context()
	claims, err := p.queue.Claim(ctx, core.ClaimLimit{Count: count, Cost: time.Hour})
	must(t, err)
	if len(claims) != count {
		t.Fatalf("claimed %d of %d", len(claims), count)
	}
	_, err = p.cache.Generation(ctx)
	must(t, err)
	var indices []core.Index
	var values []core.Value
	var events []core.Event
	for i := range core.Index(count) {
		indices = append(indices, first+i)
		values = append(values, value(t, first+i, 20))
		summary := values[i].Summary()
		events = append(events, core.Event{Kind: core.EventCalculated, Index: first + i, Summary: &summary})
	}
	_, err = p.cache.Summaries(ctx, indices...)
	must(t, err)
	must(t, p.cache.Put(ctx, values...))
	must(t, p.events.Publish(ctx, events...))
	must(t, p.queue.Acknowledge(ctx, claims...))
}

func TestBatch_TakesFewCommandsATask(t *testing.T) {
	t.Parallel()
	const count, mostCommands, mostCalls = 50, 8 * 50, 6
	c, seen := observe(t, ownServer(servers.StartRedis(t, "--save", "")))
	p := pisano{c, c.ValueCache(), c.WorkQueue(time.Minute), c.WorkerRegistry(), c.Events()}
	for round := range core.Index(4) { // the first two make the scripts known
		enqueueAll(t, p.queue, sequence(count*round, count)...)
		before := commands(t, c)
		calls := seen.calls.Load()
		batch(t, p, count*round, count)
		calls = seen.calls.Load() - calls
		after := commands(t, c)
		took := after - before - 1
		t.Logf("%d tasks at once: %d round trips, %d commands", count, calls, took)
		if round > 1 && (calls > mostCalls || took > mostCommands) {
			t.Errorf("%d round trips and %d commands for %d tasks, want %d and %d at most", calls, took, count, mostCalls, mostCommands)
		}
	}
	wantBacklog(t, p.queue, 0, 0, 0)
}

// On a Cluster each step takes one call to each of the masters, and a claim a few.
func TestBatch_TakesFewCallsOnACluster(t *testing.T) {
	t.Parallel()
	const count, most = 50, 3 * 11
	c, seen := observe(t, options(servers.RedisCluster(t)))
	p := pisano{c, c.ValueCache(), c.WorkQueue(time.Minute), c.WorkerRegistry(), c.Events()}
	for round := range core.Index(4) {
		enqueueAll(t, p.queue, sequence(count*round, count)...)
		calls := seen.calls.Load()
		batch(t, p, count*round, count)
		calls = seen.calls.Load() - calls
		t.Logf("%d tasks at once: %d calls of three masters", count, calls)
		if round > 1 && calls > most {
			t.Errorf("%d calls of three masters for %d tasks, want %d at most", calls, count, most)
		}
	}
	wantBacklog(t, p.queue, 0, 0, 0)
}

// A client may submit again what waits, as often as its rate allows, and pays nothing for it.
func TestEnqueue_TakesFewCommandsForTasksThatWait(t *testing.T) {
	t.Parallel()
	const count, most = 1000, 30
	c := open(t, ownServer(servers.StartRedis(t, "--save", "")))
	queue := c.WorkQueue(time.Minute)
	waiting := sequence(0, count)
	enqueueAll(t, queue, waiting...)
	before := commands(t, c)
	added, err := queue.Enqueue(t.Context(), "another", tasks(waiting...)...)
	took := commands(t, c) - before - 1
	must(t, err)
	t.Logf("%d tasks that wait: %d commands", count, took)
	if added != 0 || took > most {
		t.Errorf("%d tasks were added by %d commands, want 0 by %d at most", added, took, most)
	}
}

// sequence returns count indices from first on.
func sequence(first core.Index, count int) []core.Index {
	indices := make([]core.Index, count)
	for i := range indices {
		indices[i] = first + core.Index(i)
	}
	return indices
}

func TestReady_AnIdleQueueTakesFewCommands(t *testing.T) {
	t.Parallel()
	const claimants, mostASecond = 4, 12
	c := open(t, ownServer(servers.StartRedis(t, "--save", "")))
	queue := c.WorkQueue(5 * time.Second)
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range claimants {
		all.Go(func() {
			if claim, err := awaitClaim(ctx, queue); ctx.Err() == nil {
				t.Errorf("claimed %+v, %v", claim, err)
			}
		})
	}
	begin := time.Now()
	before := commands(t, c)
	time.Sleep(3 * time.Second)
	after := commands(t, c)
	took, watched := after-before, time.Since(begin)
	stop()
	all.Wait()
	t.Logf("%d claimants without work took %d commands in %v", claimants, took, watched)
	// Beside those that connect and subscribe.
	if most := 80 + int(mostASecond*watched.Seconds()); took > most {
		t.Errorf("%d commands, want %d at most", took, most)
	}
}

// Of many that wait for single tasks, not all claim each of them.
func TestReady_ATaskDoesNotHaveAllProcessesClaim(t *testing.T) {
	t.Parallel()
	const processes, count = 16, 200
	o := ownServer(servers.StartRedis(t, "--save", ""))
	ctx, stop := context.WithTimeout(t.Context(), servers.HangTimeout)
	defer stop()
	done := make(chan core.Index)
	var claims atomic.Int64
	var all sync.WaitGroup
	for range processes {
		queue := open(t, o).WorkQueue(time.Minute)
		all.Go(func() {
			for {
				ready := queue.Ready()
				claims.Add(1)
				some, err := queue.Claim(ctx, core.ClaimLimit{Count: 1})
				for _, claim := range some {
					err = queue.Acknowledge(ctx, claim)
					select {
					case done <- claim.Index:
					case <-ctx.Done():
					}
				}
				if err != nil && ctx.Err() == nil {
					t.Errorf("claimant: %v", err)
				}
				if ctx.Err() != nil || len(some) == 0 && !closes(ctx, ready) {
					return
				}
			}
		})
	}
	submitter := open(t, o).WorkQueue(time.Minute)
	begin := time.Now()
	for n := range core.Index(count) {
		enqueueAll(t, submitter, n)
		select {
		case got := <-done:
			if got != n {
				t.Errorf("claimed %d, want %d", got, n)
			}
		case <-ctx.Done():
			t.Fatalf("no process claims task %d", n)
		}
	}
	watched := time.Since(begin)
	stop()
	all.Wait()
	t.Logf("%d waiting processes claimed %d times for %d tasks, one after the other in %v", processes, claims.Load(), count, watched)
	// Each that is unlucky does so every 64 ms on average.
	if most := int64(2*count + processes*(12+watched/(32*time.Millisecond))); claims.Load() > most {
		t.Errorf("claimed %d times, want %d at most", claims.Load(), most)
	}
}

// closes reports whether a channel is closed before ctx ends.
func closes(ctx context.Context, ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	case <-ctx.Done():
		return false
	}
}
