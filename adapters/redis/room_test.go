package redis_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestRoom_IsThatOfTheServer(t *testing.T) {
	t.Parallel()
	const total = 32 << 20
	c := open(t, ownServer(servers.StartRedis(t, "--save", "")))
	cache := c.ValueCache()
	room := func() core.Room {
		t.Helper()
		r, err := cache.Room(t.Context())
		must(t, err)
		return r
	}
	if got := room(); got.Bounded() {
		t.Errorf("the room of a server without a bound is %+v", got)
	}
	must(t, c.Redis().ConfigSet(t.Context(), "maxmemory", "32mb").Err())
	before := room()
	if before.Total != total || before.Free < total/2 || before.Free > total {
		t.Errorf("the room of an empty server of %d bytes is %+v", total, before)
	}
	const count = 40
	for n := range core.Index(count) { // of 88 KB each
		must(t, cache.Put(t.Context(), calculated(t, 1_000_000+n)))
	}
	if used := before.Free - room().Free; used < count*88_000 || used > count*120_000 {
		t.Errorf("%d values take %d bytes", count, used)
	}
	must(t, c.Redis().ConfigSet(t.Context(), "maxmemory", "1mb").Err())
	if got := room(); got.Free != 0 || !got.Bounded() {
		t.Errorf("the room of a server with more than it may hold is %+v", got)
	}
	must(t, c.Redis().Do(t.Context(), "ACL", "SETUSER", "default", "-info").Err())
	if got := room(); got.Bounded() {
		t.Errorf("the room of a server that does not permit INFO is %+v", got)
	}
}

// calculated returns the value of n.
func calculated(t testing.TB, n core.Index) core.Value {
	t.Helper()
	magnitude, err := fibonacci.Magnitude(t.Context(), n)
	must(t, err)
	return core.Value{Index: n, Magnitude: magnitude, CalculatedAt: time.Now()}
}

// After a flush the cache must hold the values that were last submitted, as far as
// it has room, and none of them may be evicted for an older one.
func TestRecovery_KeepsTheNewestValues(t *testing.T) {
	t.Parallel()
	c := open(t, ownServer(servers.StartRedis(t, "--save", "", "--maxmemory", "16mb", "--maxmemory-policy", "allkeys-lru")))
	const first, count = 1_000_000, 300 // of 88 KB each, 26 MB
	store := new(memory.IndexStore)
	for i := range count {
		n := core.Index(first + i)
		records, err := store.Record(t.Context(), time.Now(), []core.Submission{{Index: n, Count: 1, Reopen: true}})
		must(t, err)
		_, err = store.MarkCalculated(t.Context(), "lost", core.Mark{Index: n, Revision: records[0].Revision})
		must(t, err)
	}
	ports := core.Ports{
		Store: store, Cache: c.ValueCache(), Queue: c.WorkQueue(5 * time.Second), Workers: c.WorkerRegistry(), Events: new(memory.Events),
		Calculator: fibonacci.New(),
	}
	log := slog.New(slog.DiscardHandler)
	run(t, core.NewWorker(ports, core.WorkerOptions{Concurrency: 2}, log).Run)
	run(t, core.NewReconciler(ports, core.ReconcilerOptions{}, log).Run)

	last := -1
	var found map[core.Index]core.Summary
	testkit.Eventually(t, "the recovery comes to its end", func() error {
		var err error
		if found, err = ports.Cache.Summaries(t.Context(), indices(first, count)...); err != nil {
			return err
		}
		backlog, err := ports.Queue.Backlog(t.Context(), "")
		if err != nil {
			return err
		}
		defer func() { last = len(found) }()
		if len(found) != last || len(found) == 0 || backlog.RecoveryTasks > 0 {
			time.Sleep(4 * time.Second) // longer than a round of the reconciler
			return fmt.Errorf("%d values, %+v", len(found), backlog)
		}
		return nil
	})
	if len(found) < 80 || len(found) > 180 {
		t.Errorf("%d of %d values are recovered into 16 MB", len(found), count)
	}
	// The last room may have been too small for one of them, and large enough for the
	// next, which is some bytes shorter.
	for _, n := range indices(core.Index(first+count-len(found)+1), len(found)-1) {
		if _, there := found[n]; !there {
			t.Errorf("%d values are recovered and F(%d) is none of them; they must be those last submitted", len(found), n)
		}
	}
	info, err := c.Redis().Info(t.Context(), "stats").Result()
	must(t, err)
	if evicted := redis.InfoField(info, "evicted_keys"); evicted != "0" {
		t.Errorf("%s keys were evicted", evicted)
	}
	if lost, err := store.CountLost(t.Context(), mustGeneration(t, c), count); err != nil || lost != count-len(found) {
		t.Errorf("%d values stay lost, %v, want %d", lost, err, count-len(found))
	}
}

func indices(first core.Index, count int) []core.Index {
	var all []core.Index
	for i := range count {
		all = append(all, first+core.Index(i))
	}
	return slices.Clip(all)
}

func mustGeneration(t testing.TB, c *redis.Client) string {
	t.Helper()
	name, err := c.ValueCache().Generation(t.Context())
	must(t, err)
	return name
}

// run runs a function until the end of the test.
func run(t *testing.T, f func(context.Context)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
}
