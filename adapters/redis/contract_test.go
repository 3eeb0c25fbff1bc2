package redis_test

import (
	"context"
	"crypto/rand"
	"strconv"
	"sync"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/porttest"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestMain(m *testing.M) { servers.Main(m) }

// deployments are the kinds of Redis that the ports are kept on.
var deployments = map[string]func(testing.TB) *servers.RedisServer{
	"a plain server":                 servers.Redis,
	"a server with TLS and one user": servers.RedisTLS,
	"a Cluster of three masters":     servers.RedisCluster,
}

// onEach runs a test on each kind of Redis.
func onEach(t *testing.T, test func(t *testing.T, server *servers.RedisServer)) {
	t.Helper()
	for name, start := range deployments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, start(t))
		})
	}
}

// options are those for a test alone, on a server that it shares.
func options(server *servers.RedisServer) redis.Options {
	return redis.Options{
		Addrs:    server.Addrs,
		Username: server.Username,
		Password: server.Password,
		TLS:      server.TLS,
		Prefix:   "test-" + rand.Text(),
	}
}

// ownServer are the options for a server of the test's own.
func ownServer(server *servers.Server) redis.Options {
	return redis.Options{Addrs: []string{server.Addr()}}
}

// open connects as a process would; it is closed with the test.
func open(t testing.TB, o redis.Options) *redis.Client {
	t.Helper()
	c, err := redis.New(o)
	must(t, err)
	t.Cleanup(func() { must(t, c.Close()) })
	return c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t testing.TB, err error, want core.Kind) {
	t.Helper()
	if core.KindOf(err) != want {
		t.Errorf("error %v of kind %v, want kind %v", err, core.KindOf(err), want)
	}
}

// masters calls f for every master, one after the other.
func masters(t testing.TB, c *redis.Client, f func(master *goredis.Client)) {
	t.Helper()
	switch rdb := c.Redis().(type) {
	case *goredis.Client:
		f(rdb)
	case *goredis.ClusterClient:
		var one sync.Mutex
		must(t, rdb.ForEachMaster(t.Context(), func(_ context.Context, master *goredis.Client) error {
			one.Lock()
			defer one.Unlock()
			f(master)
			return nil
		}))
	}
}

// keysOf returns the keys of a test that are on a master.
func keysOf(t testing.TB, master *goredis.Client, prefix string) []string {
	t.Helper()
	var keys []string
	scan := master.Scan(t.Context(), 0, "{"+prefix+"*", 10_000).Iterator()
	for scan.Next(t.Context()) {
		keys = append(keys, scan.Val())
	}
	must(t, scan.Err())
	return keys
}

func deleteAll(t testing.TB, master *goredis.Client, prefix string) {
	t.Helper()
	for _, key := range keysOf(t, master, prefix) {
		must(t, master.Del(t.Context(), key).Err())
	}
}

// damage changes the byte in the middle of a field.
func damage(t testing.TB, c *redis.Client, key, field string) {
	t.Helper()
	data, err := c.Redis().HGet(t.Context(), key, field).Bytes()
	must(t, err)
	data[len(data)/2] ^= 1
	must(t, c.Redis().HSet(t.Context(), key, field, data).Err())
}

func TestValueCache_KeepsItsContract(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, server *servers.RedisServer) {
		porttest.TestValueCache(t, func(t *testing.T) porttest.DamageableCache {
			o := options(server)
			c := open(t, o)
			return porttest.DamageableCache{
				ValueCache: c.ValueCache(),
				Flush: func() {
					masters(t, c, func(master *goredis.Client) { deleteAll(t, master, o.Prefix) })
				},
				Evict: func(n core.Index) { must(t, c.Redis().Del(t.Context(), c.ValueKey(n)).Err()) },
				Damage: func(n core.Index, k int) {
					field := strconv.Itoa(k)
					if k < 0 {
						field = "summary"
					}
					damage(t, c, c.ValueKey(n), field)
				},
			}
		})
	})
}

func TestWorkQueue_KeepsItsContract(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, server *servers.RedisServer) {
		partOf := open(t, options(server)).PartOf
		porttest.TestPartedWorkQueue(t, partOf, func(t *testing.T, lease time.Duration) (a, b core.WorkQueue) {
			// With the prefix the tags would differ, but not which index is in which part.
			o := options(server)
			return open(t, o).WorkQueue(lease), open(t, o).WorkQueue(lease)
		})
	})
}

func TestWorkQueue_OneServerDeliversInStrictOrder(t *testing.T) {
	t.Parallel()
	porttest.TestWorkQueue(t, func(t *testing.T, lease time.Duration) (a, b core.WorkQueue) {
		o := options(servers.Redis(t))
		return open(t, o).WorkQueue(lease), open(t, o).WorkQueue(lease)
	})
}

func TestWorkerRegistry_KeepsItsContract(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, server *servers.RedisServer) {
		porttest.TestWorkerRegistry(t, func(t *testing.T) (a, b core.WorkerRegistry) {
			o := options(server)
			return open(t, o).WorkerRegistry(), open(t, o).WorkerRegistry()
		})
	})
}

func TestEvents_KeepTheirContract(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, server *servers.RedisServer) {
		porttest.TestEvents(t, func(t *testing.T) (a, b core.Events) {
			o := options(server)
			return open(t, o).Events(), open(t, o).Events()
		})
	})
}

// value makes a value of so many digits.
func value(t testing.TB, n core.Index, digits int) core.Value {
	t.Helper()
	text := make([]byte, digits)
	for i := range text {
		text[i] = '1' + byte(i%9)
	}
	magnitude, err := decimal.Parse(string(text))
	must(t, err)
	return core.Value{Index: n, Magnitude: magnitude, CalculatedAt: time.Now().UTC().Truncate(time.Microsecond), Duration: time.Second}
}

// tasks are those of indices, of a second each.
func tasks(indices ...core.Index) []core.Task {
	all := make([]core.Task, len(indices))
	for i, n := range indices {
		all[i] = core.Task{Index: n, Cost: time.Second}
	}
	return all
}

// claimOne claims a task that waits.
func claimOne(t testing.TB, queue core.WorkQueue) core.Claim {
	t.Helper()
	claims, err := queue.Claim(t.Context(), core.ClaimLimit{Count: 1})
	must(t, err)
	if len(claims) != 1 {
		t.Fatalf("%d tasks were claimed, want 1", len(claims))
	}
	return claims[0]
}

// awaitClaim waits for a task, as a worker does, until ctx ends.
func awaitClaim(ctx context.Context, queue core.WorkQueue) (core.Claim, error) {
	for {
		ready := queue.Ready()
		claims, err := queue.Claim(ctx, core.ClaimLimit{Count: 1})
		if err != nil {
			return core.Claim{}, err
		}
		if len(claims) > 0 {
			return claims[0], nil
		}
		select {
		case <-ready:
		case <-ctx.Done():
			return core.Claim{}, ctx.Err()
		}
	}
}

// mustAwait waits for a task that must come.
func mustAwait(t testing.TB, queue core.WorkQueue) core.Claim {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), servers.HangTimeout)
	defer cancel()
	claim, err := awaitClaim(ctx, queue)
	must(t, err)
	return claim
}

// renew renews a claim, which must be held.
func renew(t testing.TB, queue core.WorkQueue, claim core.Claim) {
	t.Helper()
	lost, err := queue.Renew(t.Context(), core.Renewal{Claim: claim, Progress: 0.5})
	must(t, err)
	if len(lost) > 0 {
		t.Errorf("the claim %+v is lost", claim)
	}
}

func wantBacklog(t *testing.T, queue core.WorkQueue, tasks int, all, own time.Duration) {
	t.Helper()
	got, err := queue.Backlog(t.Context(), "somebody")
	must(t, err)
	if want := (core.Backlog{Tasks: tasks, All: all, Own: own, OwnShort: got.OwnShort}); got != want {
		t.Errorf("the backlog is %+v, want %+v", got, want)
	}
}
