package redis_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestValueCache_MovesAtMostOneMebibyteAtATime(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, server *servers.RedisServer) {
		c, seen := observe(t, options(server))
		cache := c.ValueCache()
		v := value(t, 100_000_000, 20_000_000)
		must(t, cache.Put(t.Context(), v))

		before := seen.bytes.Load()
		digits, err := cache.Digits(t.Context(), v.Index, 10_000_000, 1000)
		must(t, err)
		if want := string(v.Magnitude.AppendDigits(nil, 10_000_000, 1000)); string(digits) != want {
			t.Error("other digits came back")
		}
		if moved := seen.bytes.Load() - before; moved < 400 || moved > 200_000 {
			t.Errorf("1,000 digits from the middle moved %d bytes", moved)
		} else {
			t.Logf("1,000 digits from the middle of 20 million moved %d bytes", moved)
		}

		digits, err = cache.Digits(t.Context(), v.Index, 0, 20_000_000)
		must(t, err)
		if string(digits) != v.Magnitude.String() {
			t.Error("other digits came back")
		}

		// The largest heads there are, more than fit into one call.
		var indices []core.Index
		var values []core.Value
		for n := range core.Index(1200) {
			indices = append(indices, n)
			values = append(values, value(t, n, core.WholeDigits))
		}
		must(t, cache.Put(t.Context(), values...))
		found, err := cache.Summaries(t.Context(), indices...)
		must(t, err)
		list, err := cache.List(t.Context(), core.Position{}, 1200)
		must(t, err)
		if len(found) != 1200 || len(list) != 1200 {
			t.Errorf("%d summaries, %d in the list", len(found), len(list))
		}
		if largest := seen.largestCall(); largest < 500_000 || largest > 1<<20 {
			t.Errorf("a call moved %d bytes", largest)
		} else {
			t.Logf("the largest call moved %d bytes", largest)
		}
	})
}

// errKilled stands for the death of a writer: nothing is sent any more.
var errKilled = errors.New("killed")

func TestPut_ADeadWriterLeavesNothingReadable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, server *servers.RedisServer) {
		o := options(server)
		survivor := open(t, o).ValueCache()
		old := value(t, 7, 100)
		must(t, survivor.Put(t.Context(), old))

		c, seen := observe(t, o)
		var dead atomic.Bool
		seen.refuse = func(command goredis.Cmder) error {
			if strings.HasPrefix(command.Name(), "eval") { // the commit
				dead.Store(true)
			}
			if dead.Load() {
				return errKilled
			}
			return nil
		}
		writer := c.ValueCache()
		for _, n := range []core.Index{7, 8} {
			dead.Store(false)
			if err := writer.Put(t.Context(), value(t, n, 5_000_000)); !errors.Is(err, errKilled) {
				t.Fatalf("Put: %v", err)
			}
		}

		dead.Store(false)
		found, err := survivor.Summaries(t.Context(), 7, 8)
		must(t, err)
		if len(found) != 1 || found[7] != old.Summary() {
			t.Errorf("summaries %v", found)
		}
		_, err = survivor.Digits(t.Context(), 8, 0, 1)
		wantKind(t, err, core.KindNotFound)
		list, err := survivor.List(t.Context(), core.Position{}, 10)
		must(t, err)
		if len(list) != 1 || list[0] != old.Summary() {
			t.Errorf("list %v", list)
		}
		drafts := 0
		masters(t, c, func(master *goredis.Client) {
			for _, key := range keysOf(t, master, o.Prefix) {
				if !strings.Contains(key, ":draft:") {
					continue
				}
				drafts++
				ttl, err := master.TTL(t.Context(), key).Result()
				must(t, err)
				if ttl <= 0 || ttl > time.Hour {
					t.Errorf("%s expires in %v", key, ttl)
				}
			}
		})
		if drafts != 2 {
			t.Errorf("%d drafts, want those of both writers", drafts)
		}
	})
}

func TestDigits_DropsAValueThatLacksAChunk(t *testing.T) {
	t.Parallel()
	c := open(t, options(servers.Redis(t)))
	cache := c.ValueCache()
	must(t, cache.Put(t.Context(), value(t, 5, 1_000_000)))
	must(t, c.Redis().HDel(t.Context(), c.ValueKey(5), "3").Err())
	_, err := cache.Digits(t.Context(), 5, 0, 1_000_000)
	wantKind(t, err, core.KindNotFound)
	found, err := cache.Summaries(t.Context(), 5)
	must(t, err)
	if len(found) != 0 {
		t.Error("it is still there")
	}
}

// The list is not read here, which would tidy it up.
func TestPut_KeepsEvictedValuesOutOfTheList(t *testing.T) {
	t.Parallel()
	c := open(t, options(servers.Redis(t)))
	cache := c.ValueCache()
	const kept, cycles = 50, 1000
	for n := range core.Index(kept) {
		must(t, cache.Put(t.Context(), value(t, n, 10)))
	}
	for i := range core.Index(cycles) {
		n := kept + i%100
		must(t, cache.Put(t.Context(), value(t, n, 10)))
		must(t, c.Redis().Del(t.Context(), c.ValueKey(n)).Err())
	}
	places, err := c.Redis().ZCard(t.Context(), c.ListKey(0)).Result()
	must(t, err)
	if places > 4*kept {
		t.Errorf("%d places for %d values", places, kept)
	}
	t.Logf("%d places for %d values, after %d evictions", places, kept, cycles)
	list, err := cache.List(t.Context(), core.Position{}, 10_000)
	must(t, err)
	if len(list) != kept {
		t.Errorf("%d values are listed, want %d", len(list), kept)
	}
	awaitPlaces(t, c, kept)
}

// awaitPlaces waits until the list has so many places.
func awaitPlaces(t *testing.T, c *redis.Client, want int64) {
	t.Helper()
	testkit.Eventually(t, "the list has no empty place", func() error {
		places, err := c.Redis().ZCard(t.Context(), c.ListKey(0)).Result()
		if err == nil && places != want {
			err = fmt.Errorf("%d places are left, want %d", places, want)
		}
		return err
	})
}

// One request must not do the work of all that expired at once.
func TestList_AfterManyValuesExpiredIsBounded(t *testing.T) {
	t.Parallel()
	c := open(t, options(servers.Redis(t)))
	cache := c.ValueCache()
	const expired, most = 30_000, 12_000
	list := func(count int) {
		t.Helper()
		found, err := cache.List(t.Context(), core.Position{}, 20)
		must(t, err)
		if len(found) != count {
			t.Errorf("%d values are listed, want %d", len(found), count)
		}
	}
	must(t, cache.Put(t.Context(), value(t, 1, 10), value(t, 2, 10)))
	places := make([]goredis.Z, expired)
	for i := range places {
		places[i].Member = redis.PlaceOf(core.Position{CalculatedAt: time.Now(), Index: core.Index(1000 + i)})
	}
	for some := range slices.Chunk(places, 1000) {
		must(t, c.Redis().ZAdd(t.Context(), c.ListKey(0), some...).Err())
	}
	must(t, cache.Put(t.Context(), value(t, 3, 10)))

	begin := time.Now()
	list(1) // the oldest are behind too many empty places
	t.Logf("listed after %v", time.Since(begin).Round(time.Millisecond))
	left, err := c.Redis().ZCard(t.Context(), c.ListKey(0)).Result()
	must(t, err)
	if left < expired-most {
		t.Errorf("one call examined all but %d of %d empty places", left, expired)
	}
	// Each call has places removed in the background.
	testkit.Eventually(t, "the list has its 3 values and no empty place", func() error {
		found, err := cache.List(t.Context(), core.Position{}, 20)
		must(t, err)
		places, err := c.Redis().ZCard(t.Context(), c.ListKey(0)).Result()
		must(t, err)
		if len(found) != 3 || places != 3 {
			return fmt.Errorf("%d values and %d places", len(found), places)
		}
		return nil
	})
}

// nextVersion is a summary that the next version of the program stores.
func nextVersion() []byte {
	body := []byte("\x02whatever the next version stores")
	return binary.BigEndian.AppendUint32(body, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
}

// While a deployment is upgraded, workers of the next version store values and
// processes of this one read them.
func TestValueCache_KeepsWhatAnotherVersionHasStored(t *testing.T) {
	t.Parallel()
	c := open(t, options(servers.Redis(t)))
	cache := c.ValueCache()
	must(t, cache.Put(t.Context(), value(t, 4, 10), value(t, 5, 10), value(t, 6, 10)))
	must(t, c.Redis().HSet(t.Context(), c.ValueKey(5), "summary", nextVersion()).Err())
	before := c.Redis().HGetAll(t.Context(), c.ValueKey(5)).Val()

	found, err := cache.Summaries(t.Context(), 4, 5)
	must(t, err)
	if _, there := found[5]; there || len(found) != 1 {
		t.Errorf("read %+v", found)
	}
	_, err = cache.Digits(t.Context(), 5, 0, 1)
	wantKind(t, err, core.KindNotFound)
	list, err := cache.List(t.Context(), core.Position{}, 10)
	must(t, err)
	if len(list) != 2 {
		t.Errorf("listed %+v", list)
	}
	if after := c.Redis().HGetAll(t.Context(), c.ValueKey(5)).Val(); len(before) == 0 || !maps.Equal(before, after) {
		t.Errorf("the value was %q, and is %q", before, after)
	}
	if places := c.Redis().ZCard(t.Context(), c.ListKey(0)).Val(); places != 3 {
		t.Errorf("%d places are left of 3", places)
	}
	must(t, cache.Put(t.Context(), value(t, 5, 10)))
	if _, err := cache.Digits(t.Context(), 5, 0, 1); err != nil {
		t.Errorf("calculated again, it is read as %v", err)
	}
}

func TestGeneration_ChangesWhenOneMasterComesBackEmpty(t *testing.T) {
	t.Parallel()
	o := options(servers.RedisCluster(t))
	c := open(t, o)
	cache := c.ValueCache()
	seen := make(map[string]bool)
	generation := func() {
		t.Helper()
		name, err := cache.Generation(t.Context())
		must(t, err)
		if seen[name] {
			t.Errorf("generation %q again", name)
		}
		seen[name] = true
	}
	generation()
	masters(t, c, func(master *goredis.Client) {
		deleteAll(t, master, o.Prefix)
		generation()
	})
	if len(seen) != 4 {
		t.Errorf("%d generations", len(seen))
	}
}

func TestKeys_OnlyValuesExpire(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, server *servers.RedisServer) {
		o := options(server)
		o.ValueTTL = 1000 * time.Hour
		c := open(t, o)
		cache, queue := c.ValueCache(), c.WorkQueue(time.Minute)
		_, err := cache.Generation(t.Context())
		must(t, err)
		for n := range core.Index(40) {
			must(t, cache.Put(t.Context(), value(t, n, 100)))
			_, err := queue.Enqueue(t.Context(), "somebody", tasks(n)...)
			must(t, err)
		}
		renew(t, queue, claimOne(t, queue))

		kinds := make(map[string]int)
		masters(t, c, func(master *goredis.Client) {
			for _, key := range keysOf(t, master, o.Prefix) {
				kind := strings.Split(key[strings.Index(key, "}:")+2:], ":")[0]
				kinds[kind]++
				ttl, err := master.TTL(t.Context(), key).Result()
				must(t, err)
				if kind == "value" && (ttl <= 999*time.Hour || ttl > o.ValueTTL) || kind != "value" && ttl != -1 {
					t.Errorf("%s expires in %v", key, ttl)
				}
			}
		})
		for _, kind := range []string{"value", "values", "generation", "queue", "jobs", "claims", "progress", "backlog", "puts"} {
			if kinds[kind] == 0 {
				t.Errorf("no key of kind %s among %v", kind, kinds)
			}
			delete(kinds, kind)
		}
		if len(kinds) != 0 {
			t.Errorf("unknown keys: %v", kinds)
		}
	})
}

func TestKeys_EvictionKeepsTheQueueAndTheGeneration(t *testing.T) {
	t.Parallel()
	c := open(t, ownServer(servers.StartRedis(t, "--save", "", "--maxmemory", "8mb", "--maxmemory-policy", "volatile-lru")))
	cache, queue := c.ValueCache(), c.WorkQueue(time.Minute)
	generation, err := cache.Generation(t.Context())
	must(t, err)
	const count = 200 // of 42 KB each
	for n := range core.Index(count) {
		_, err := queue.Enqueue(t.Context(), "somebody", tasks(n)...)
		must(t, err)
		must(t, cache.Put(t.Context(), value(t, n, 100_000)))
	}
	list, err := cache.List(t.Context(), core.Position{}, count)
	must(t, err)
	if len(list) == 0 || len(list) == count || list[0].Index != count-1 {
		t.Errorf("%d of %d values are left", len(list), count)
	}
	t.Logf("%d of %d values are left", len(list), count)
	var indices []core.Index
	for n := range core.Index(count) {
		indices = append(indices, n)
	}
	jobs, err := queue.Jobs(t.Context(), indices...)
	must(t, err)
	if len(jobs) != count {
		t.Errorf("%d of %d jobs are left", len(jobs), count)
	}
	if now, err := cache.Generation(t.Context()); err != nil || now != generation {
		t.Errorf("generation %q, %v after evictions, %q before", now, err, generation)
	}
}

func TestDigits_EndWithTheirContext(t *testing.T) {
	t.Parallel()
	cache := open(t, options(servers.Redis(t))).ValueCache()
	must(t, cache.Put(t.Context(), value(t, 1, 10)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := cache.Digits(ctx, 1, 0, 1)
	wantKind(t, err, core.KindCanceled)
}
