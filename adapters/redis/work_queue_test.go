package redis_test

import (
	"context"
	"slices"
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

func TestClaim_EachTaskGoesToOneOfManyCallers(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, server *servers.RedisServer) {
		o := options(server)
		const count, claimants = 1000, 32
		c := open(t, o)
		queues := []*redis.WorkQueue{c.WorkQueue(time.Minute), open(t, o).WorkQueue(time.Minute)}
		var delivered [count]atomic.Int32
		var left atomic.Int32
		left.Store(count)
		ctx, done := context.WithTimeout(t.Context(), servers.HangTimeout) // one that is never delivered
		defer done()
		var all sync.WaitGroup
		for i := range claimants {
			queue := queues[i%len(queues)]
			all.Go(func() {
				for {
					claim, err := awaitClaim(ctx, queue)
					if ctx.Err() != nil {
						return
					}
					if err == nil {
						err = queue.Acknowledge(t.Context(), claim)
					}
					if err != nil {
						t.Errorf("claimant: %v", err)
						done()
						return
					}
					delivered[claim.Index].Add(1)
					if left.Add(-1) == 0 {
						done()
					}
				}
			})
		}
		for n := core.Index(0); n < count; n += 10 {
			var ten []core.Index
			for i := range core.Index(10) {
				ten = append(ten, n+i)
			}
			added, err := queues[0].Enqueue(t.Context(), "somebody", tasks(ten...)...)
			must(t, err)
			if added > 10 { // fewer if a reply was lost and the client sent the command again
				t.Errorf("added %d of ten", added)
			}
		}
		all.Wait()
		for n := range delivered {
			if times := delivered[n].Load(); times != 1 {
				t.Errorf("%d was delivered %d times", n, times)
			}
		}
		masters(t, c, func(master *goredis.Client) {
			for _, key := range keysOf(t, master, o.Prefix) {
				if !strings.HasSuffix(key, ":queue") {
					t.Errorf("%s is left of a queue that is done with", key)
					continue
				}
				length, err := master.XLen(t.Context(), key).Result()
				must(t, err)
				pending, err := master.XPending(t.Context(), key, "workers").Result()
				must(t, err)
				if length != 0 || pending.Count != 0 {
					t.Errorf("%s: %d entries, %d pending are left", key, length, pending.Count)
				}
			}
		})
	})
}

func TestPartitions_SpreadKeysOverAllMasters(t *testing.T) {
	t.Parallel()
	o := options(servers.RedisCluster(t))
	c := open(t, o)
	cache, queue := c.ValueCache(), c.WorkQueue(time.Minute)
	const count = 300
	for i := range core.Index(count) {
		must(t, cache.Put(t.Context(), value(t, 1000*i, 10)))
		_, err := queue.Enqueue(t.Context(), "somebody", tasks(1000*i)...)
		must(t, err)
	}
	masters(t, c, func(master *goredis.Client) {
		values, jobs := 0, 0
		for _, key := range keysOf(t, master, o.Prefix) {
			switch {
			case strings.Contains(key, ":value:"):
				values++
			case strings.HasSuffix(key, ":queue"):
				length, err := master.XLen(t.Context(), key).Result()
				must(t, err)
				jobs += int(length)
			}
		}
		if values < count/6 || jobs < count/6 {
			t.Errorf("%v has %d values and %d jobs of %d", master, values, jobs, count)
		}
		t.Logf("%v has %d values and %d jobs of %d", master, values, jobs, count)
	})
}

func TestPartitions_HaveTheSlotsThatRedisComputes(t *testing.T) {
	t.Parallel()
	c := open(t, options(servers.RedisCluster(t)))
	tags := c.Tags()
	for i, tag := range tags {
		slot, err := c.Redis().ClusterKeySlot(t.Context(), "{"+tag+"}:queue").Result()
		must(t, err)
		if redis.Slot(tag) != int(slot) {
			t.Errorf("slot of %s is %d, Redis says %d", tag, redis.Slot(tag), slot)
		}
		if int(slot)*len(tags)/redis.Slots != i {
			t.Errorf("slot %d of partition %d is not in its range", slot, i)
		}
	}
}

func TestReady_TellsAnotherProcessAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, server *servers.RedisServer) {
		o := options(server)
		submitter, worker := open(t, o).WorkQueue(time.Minute), open(t, o).WorkQueue(time.Minute)
		// Only being told makes the worker look before the test gives up.
		worker.SetPoll(time.Hour)
		var took []time.Duration
		for n := range core.Index(21) {
			var begin time.Time
			var enqueued sync.WaitGroup
			enqueued.Go(func() {
				time.Sleep(60 * time.Millisecond) // the worker is at rest
				begin = time.Now()
				if _, err := submitter.Enqueue(t.Context(), "somebody", tasks(n)...); err != nil {
					t.Errorf("Enqueue: %v", err)
				}
			})
			claim := mustAwait(t, worker)
			end := time.Now()
			enqueued.Wait()
			took = append(took, end.Sub(begin))
			must(t, worker.Acknowledge(t.Context(), claim))
		}
		slices.Sort(took)
		t.Logf("from Enqueue to Claim: median %v, longest %v", took[len(took)/2], took[len(took)-1])
	})
}

// A flush removes the group together with the stream.
func TestReady_SurvivesAFlush(t *testing.T) {
	t.Parallel()
	server := servers.StartRedis(t, "--save", "")
	c, seen := observe(t, ownServer(server))
	queue := c.WorkQueue(time.Minute)
	flush := func() { t.Helper(); must(t, c.Redis().FlushAll(t.Context()).Err()) }

	_, err := queue.Enqueue(t.Context(), "somebody", tasks(1)...)
	must(t, err)
	lost := claimOne(t, queue)
	wantBacklog(t, queue, 1, time.Second, time.Second)
	flush()
	wantBacklog(t, queue, 0, 0, 0)
	gone, err := queue.Renew(t.Context(), core.Renewal{Claim: lost})
	must(t, err)
	if !slices.Equal(gone, []core.Claim{lost}) {
		t.Errorf("of a queue that was flushed the claims %v are lost", gone)
	}
	must(t, queue.Acknowledge(t.Context(), lost))
	must(t, queue.Release(t.Context(), lost))

	const claimants = 4
	claimed := make(chan core.Claim, claimants)
	var all sync.WaitGroup
	for range claimants {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), servers.HangTimeout)
			defer cancel()
			claim, err := awaitClaim(ctx, queue)
			if err != nil {
				t.Errorf("claimant: %v", err)
			}
			claimed <- claim
		})
	}
	begin, before := time.Now(), seen.commands.Load()
	time.Sleep(time.Second)
	flush()
	time.Sleep(time.Second)
	commands, watched := seen.commands.Load()-before, time.Since(begin)
	t.Logf("%d claimants sent %d commands in %v", claimants, commands, watched)
	if most := int64(claimants*watched/(100*time.Millisecond)) + 10; commands > most {
		t.Errorf("more than %d commands: they spin", most)
	}
	begin = time.Now()
	for n := range core.Index(claimants) {
		_, err := queue.Enqueue(t.Context(), "somebody", tasks(n)...)
		must(t, err)
	}
	all.Wait()
	t.Logf("claimed %v after they were queued", time.Since(begin).Round(time.Millisecond))
	close(claimed)
	for claim := range claimed {
		renew(t, queue, claim)
		must(t, queue.Acknowledge(t.Context(), claim))
	}
}

// What was claimed is delivered again.
func TestClaim_RestoresADestroyedGroup(t *testing.T) {
	t.Parallel()
	c := open(t, options(servers.Redis(t)))
	queue := c.WorkQueue(time.Minute)
	_, err := queue.Enqueue(t.Context(), "somebody", tasks(1, 2)...)
	must(t, err)
	claimOne(t, queue)
	must(t, c.Redis().XGroupDestroy(t.Context(), c.QueueKeys(1)[0], "workers").Err())
	jobs, err := queue.Jobs(t.Context(), 1, 2)
	must(t, err)
	if len(jobs) != 2 || jobs[1].Claimed {
		t.Errorf("jobs %v", jobs)
	}
	for want := range core.Index(2) {
		claim := claimOne(t, queue)
		if claim.Index != want+1 {
			t.Errorf("claimed %d, want %d", claim.Index, want+1)
		}
	}
}

// A policy that evicts any key may evict the stream alone.
func TestEnqueue_RestoresALostStream(t *testing.T) {
	t.Parallel()
	c := open(t, options(servers.Redis(t)))
	queue := c.WorkQueue(time.Minute)
	_, err := queue.Enqueue(t.Context(), "somebody", tasks(1)...)
	must(t, err)
	must(t, c.Redis().Del(t.Context(), c.QueueKeys(1)[0]).Err())
	jobs, err := queue.Jobs(t.Context(), 1)
	must(t, err)
	if len(jobs) != 0 {
		t.Errorf("jobs %v", jobs)
	}
	wantBacklog(t, queue, 0, 0, 0)
	added, err := queue.Enqueue(t.Context(), "somebody", tasks(1)...)
	must(t, err)
	claim := claimOne(t, queue)
	if added != 1 || claim.Index != 1 {
		t.Errorf("added %d, claimed %d", added, claim.Index)
	}
	wantBacklog(t, queue, 1, time.Second, time.Second)
}

// What was lost neither makes the sum negative nor stays in it.
func TestBacklog_ALostSumIsRightOnceTheQueueIsEmpty(t *testing.T) {
	t.Parallel()
	c := open(t, options(servers.Redis(t)))
	queue := c.WorkQueue(time.Minute)
	_, err := queue.Enqueue(t.Context(), "somebody", tasks(1, 2)...)
	must(t, err)
	must(t, c.Redis().Del(t.Context(), c.BacklogKey(1)).Err())
	wantBacklog(t, queue, 2, 0, 0)
	for left := 1; left >= 0; left-- {
		claim := claimOne(t, queue)
		must(t, queue.Acknowledge(t.Context(), claim))
		wantBacklog(t, queue, left, 0, 0)
	}
	_, err = queue.Enqueue(t.Context(), "somebody", tasks(3)...)
	must(t, err)
	wantBacklog(t, queue, 1, time.Second, time.Second)
}

func TestWorkQueue_GoesOnWithoutMemory(t *testing.T) {
	t.Parallel()
	c := open(t, ownServer(servers.StartRedis(t, "--save", "", "--maxmemory-policy", "noeviction")))
	cache, queue := c.ValueCache(), c.WorkQueue(time.Minute)
	_, err := queue.Enqueue(t.Context(), "somebody", tasks(1, 2)...)
	must(t, err)
	claim := claimOne(t, queue)
	must(t, queue.Release(t.Context(), claim))
	must(t, c.Redis().ConfigSet(t.Context(), "maxmemory", "1mb").Err())

	_, err = queue.Enqueue(t.Context(), "somebody", tasks(3)...)
	wantKind(t, err, core.KindOverloaded)
	wantKind(t, cache.Put(t.Context(), value(t, 3, 100)), core.KindOverloaded)
	wantKind(t, cache.Put(t.Context(), value(t, 3, 5_000_000)), core.KindOverloaded)
	_, err = cache.Generation(t.Context())
	wantKind(t, err, core.KindOverloaded)

	must(t, c.WorkerRegistry().Announce(t.Context(), core.WorkerInfo{Name: "a worker", Memory: 1}, time.Minute))
	workers, err := c.WorkerRegistry().List(t.Context())
	must(t, err)
	if len(workers) != 1 {
		t.Errorf("there are %d workers of one", len(workers))
	}
	for want := range core.Index(2) {
		claim := claimOne(t, queue)
		if claim.Index != want+1 {
			t.Errorf("claimed %d, want %d", claim.Index, want+1)
		}
		renew(t, queue, claim)
		must(t, queue.Release(t.Context(), claim))
		claim = claimOne(t, queue)
		must(t, queue.Acknowledge(t.Context(), claim))
		left := 1 - int(want)
		wantBacklog(t, queue, left, time.Duration(left)*time.Second, time.Duration(left)*time.Second)
	}
}
