package redis_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// pisano is all of a Pisano that is in Redis.
type pisano struct {
	*redis.Client
	cache   redis.ValueCache
	queue   *redis.WorkQueue
	workers redis.WorkerRegistry
	events  redis.Events
}

func openPisano(t *testing.T, o redis.Options) pisano {
	t.Helper()
	c := open(t, o)
	return pisano{c, c.ValueCache(), c.WorkQueue(time.Minute), c.WorkerRegistry(), c.Events()}
}

// wantApart has one Pisano do all it can and sees that the other knows nothing
// of it, while a third, which is the first once more, does.
func wantApart(t *testing.T, one, same, other pisano) {
	t.Helper()
	ctx := t.Context()
	heard, err := same.events.Subscribe(ctx)
	must(t, err)
	unheard, err := other.events.Subscribe(ctx)
	must(t, err)
	must(t, one.cache.Put(ctx, value(t, 5, 100)))
	_, err = one.queue.Enqueue(ctx, "somebody", tasks(1, 2)...)
	must(t, err)
	must(t, one.workers.Announce(ctx, core.WorkerInfo{Name: "worker", Memory: 1}, time.Minute))
	must(t, one.Attach(ctx, "store of the first"))
	must(t, one.events.Publish(ctx, core.Event{Kind: core.EventSeen, Index: 5}))
	// What the other says itself comes behind what it must not hear.
	must(t, other.events.Publish(ctx, core.Event{Kind: core.EventSeen, Index: -1}))

	for p, want := range map[*pisano]int{&same: 1, &other: 0} {
		found, err := p.cache.Summaries(ctx, 5)
		must(t, err)
		list, err := p.cache.List(ctx, core.Position{}, 10)
		must(t, err)
		workers, err := p.workers.List(ctx)
		must(t, err)
		jobs, err := p.queue.Jobs(ctx, 1)
		must(t, err)
		if len(found) != want || len(list) != want || len(workers) != want || len(jobs) != want {
			t.Errorf("%d summaries, %d in the list, %d workers, %d jobs, want %d of each", len(found), len(list), len(workers), len(jobs), want)
		}
		wantBacklog(t, p.queue, 2*want, time.Duration(2*want)*time.Second, time.Duration(2*want)*time.Second)
	}
	first, err := one.cache.Generation(ctx)
	must(t, err)
	second, err := other.cache.Generation(ctx)
	must(t, err)
	if first == second {
		t.Error("both are of one generation")
	}
	must(t, other.Attach(ctx, "store of the second"))
	if claims, err := other.queue.Claim(ctx, core.ClaimLimit{}); len(claims) != 0 || err != nil {
		t.Errorf("claimed %v from the other, %v", claims, err)
	}
	for name, next := range map[string]struct {
		heard <-chan core.Event
		want  core.Index
	}{"the same": {heard, 5}, "the other": {unheard, -1}} {
		select {
		case e := <-next.heard:
			if e.Index != next.want {
				t.Errorf("%s heard of %d, want %d", name, e.Index, next.want)
			}
		case <-time.After(servers.HangTimeout):
			t.Errorf("%s heard nothing", name)
		}
	}
}

func TestServices_WithTwoPrefixesInOneDatabaseAreApart(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, server *servers.RedisServer) {
		a, b := options(server), options(server)
		b.Prefix = a.Prefix + ":0" // as a partition of the other is named
		wantApart(t, openPisano(t, a), openPisano(t, a), openPisano(t, b))
	})
}

func TestServices_InTwoDatabasesOfOneServerAreApart(t *testing.T) {
	t.Parallel()
	for _, databases := range [][2]int{{8, 9}, {0, 1}, {3, 0}} {
		t.Run(fmt.Sprint(databases), func(t *testing.T) {
			t.Parallel()
			a := options(servers.Redis(t))
			b := a
			a.DB, b.DB = databases[0], databases[1]
			wantApart(t, openPisano(t, a), openPisano(t, a), openPisano(t, b))
		})
	}
}

// TestEnqueue_NotifiesWorkersOfItsDatabaseOnly: a claimant is woken by what is
// enqueued where it listens.
func TestEnqueue_NotifiesWorkersOfItsDatabaseOnly(t *testing.T) {
	t.Parallel()
	o := options(servers.Redis(t))
	for database, channel := range map[int]string{0: "{" + o.Prefix + "}:wake", 9: "{" + o.Prefix + "}:9:wake"} {
		o.DB = database
		p := openPisano(t, o)
		heard := p.Redis().Subscribe(t.Context(), "{"+o.Prefix+"}:wake", "{"+o.Prefix+"}:9:wake")
		defer heard.Close()
		for range 2 {
			_, err := heard.Receive(t.Context())
			must(t, err)
		}
		_, err := p.queue.Enqueue(t.Context(), "somebody", tasks(1)...)
		must(t, err)
		message, err := heard.ReceiveMessage(t.Context())
		must(t, err)
		if message.Channel != channel {
			t.Errorf("database %d says so on %s, want %s", database, message.Channel, channel)
		}
	}
}

// TestUpgrade_ChannelsOfDatabase0KeepTheirNames: programs of the version
// before listen to them.
func TestUpgrade_ChannelsOfDatabase0KeepTheirNames(t *testing.T) {
	t.Parallel()
	o := options(servers.Redis(t))
	p := openPisano(t, o)
	before := p.Redis().SSubscribe(t.Context(), "{"+o.Prefix+"}:events")
	defer before.Close()
	_, err := before.Receive(t.Context())
	must(t, err)
	heard, err := p.events.Subscribe(t.Context())
	must(t, err)
	must(t, p.events.Publish(t.Context(), core.Event{Kind: core.EventSeen, Index: 1}))
	message, err := before.ReceiveMessage(t.Context())
	must(t, err)
	must(t, p.Redis().SPublish(t.Context(), "{"+o.Prefix+"}:events", message.Payload).Err())
	for range 2 {
		if e := <-heard; e.Index != 1 {
			t.Errorf("heard of %d", e.Index)
		}
	}
}

// TestUpgrade_WorkersOfTheVersionBeforeAreListed are in the set alone: they are listed
// without memory and speed, and when they remove a worker what is stored of it goes
// with one of the next announcements.
func TestUpgrade_WorkersOfTheVersionBeforeAreListed(t *testing.T) {
	t.Parallel()
	o := options(servers.Redis(t))
	p := openPisano(t, o)
	workers, memory, speed := "{"+o.Prefix+"}:workers", "{"+o.Prefix+"}:memory", "{"+o.Prefix+"}:speed"
	newer := core.WorkerInfo{Name: "newer", Memory: 5, Slots: 2, Speed: 1.5}
	in := func(d time.Duration) float64 { return float64(time.Now().Add(d).UnixMicro()) }
	must(t, p.Redis().ZAdd(t.Context(), workers, goredis.Z{Score: in(core.MaxAnnouncement), Member: "older"}).Err())
	for _, worker := range []core.WorkerInfo{{Name: "gone", Memory: 5, Slots: 2, Speed: 1.5}, newer} {
		must(t, p.workers.Announce(t.Context(), worker, time.Hour))
	}
	must(t, p.Redis().ZRem(t.Context(), workers, "gone").Err())
	list, err := p.workers.List(t.Context())
	must(t, err)
	for i := range list {
		list[i].Remaining = 0
	}
	if want := []core.WorkerInfo{newer, {Name: "older"}}; !slices.Equal(list, want) {
		t.Errorf("the workers are %+v, want %+v", list, want)
	}
	eventually(t, "only the memory and speed of workers that are alive are kept", func() error {
		must(t, p.workers.Announce(t.Context(), newer, time.Hour))
		for _, key := range []string{memory, speed} {
			if known := p.Redis().HKeys(t.Context(), key).Val(); !slices.Equal(known, []string{"newer"}) {
				return fmt.Errorf("%s has those of %v", key, known)
			}
		}
		return nil
	})
}

// TestForeignKeys_AreRefusedAndNotChanged: another program's string, list or
// set has the name of a key of Pisano.
func TestForeignKeys_AreRefusedAndNotChanged(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"queue", "jobs", "claims", "progress", "backlog",
		"queue:long", "jobs:long", "claims:recovery", "progress:long", "backlog:recovery",
		"values", "workers", "memory", "speed", "generation", "puts", "store",
	} {
		for kind, set := range map[string]func(rdb goredis.UniversalClient, key string) error{
			"string": func(rdb goredis.UniversalClient, key string) error { return rdb.Set(t.Context(), key, "its", 0).Err() },
			"list":   func(rdb goredis.UniversalClient, key string) error { return rdb.RPush(t.Context(), key, "its").Err() },
			"set":    func(rdb goredis.UniversalClient, key string) error { return rdb.SAdd(t.Context(), key, "its").Err() },
		} {
			if kind == "string" && (name == "generation" || name == "store") {
				continue
			}
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				o := options(servers.Redis(t))
				p := openPisano(t, o)
				key := "{" + o.Prefix + "}:" + name
				must(t, set(p.Redis(), key))
				before, err := p.Redis().Dump(t.Context(), key).Result()
				must(t, err)
				err = p.Attach(t.Context(), "store")
				wantKind(t, err, core.KindInvalid)
				for _, word := range []string{key, o.Prefix, "REDIS_PREFIX", kind} {
					if err != nil && !strings.Contains(err.Error(), word) {
						t.Errorf("%q does not say %q", err, word)
					}
				}
				exercise(t, p)
				if after, err := p.Redis().Dump(t.Context(), key).Result(); err != nil || after != before {
					t.Errorf("%s was changed, %v", key, err)
				}
			})
		}
	}
}

// exercise calls everything that changes something; what fails says that the
// key is another program's.
func exercise(t *testing.T, p pisano) {
	t.Helper()
	ctx := t.Context()
	claims := []core.Claim{{Index: 1, Token: "lost"}}
	failed := 0
	see := func(call string, err error) {
		if err == nil || core.IsNotFound(err) {
			return
		}
		failed++
		if !strings.Contains(err.Error(), "Another program's key") {
			t.Errorf("%s: %v", call, err)
		}
	}
	some := tasks(1, 2, 3, 4)
	some[2].Lane, some[3].Lane = core.LaneLong, core.LaneRecovery
	_, err := p.queue.Enqueue(ctx, "somebody", some...)
	see("Enqueue", err)
	some[3].Lane = core.LaneShort
	_, err = p.queue.Enqueue(ctx, "somebody", some[3])
	see("Enqueue", err)
	for range 4 {
		some, err := p.queue.Claim(ctx, core.ClaimLimit{Count: 1})
		see("Claim", err)
		claims = append(claims, some...)
	}
	for _, claim := range claims {
		_, err := p.queue.Renew(ctx, core.Renewal{Claim: claim, Progress: 0.5})
		see("Renew", err)
		see("Release", p.queue.Release(ctx, claim))
		see("Acknowledge", p.queue.Acknowledge(ctx, claim))
	}
	see("Announce", p.workers.Announce(ctx, core.WorkerInfo{Name: "worker", Memory: 1, Slots: 1, Speed: 1}, time.Minute))
	_, err = p.workers.List(ctx)
	see("List", err)
	see("Put", p.cache.Put(ctx, value(t, 5, 100)))
	_, err = p.cache.List(ctx, core.Position{}, 10)
	see("List", err)
	_, err = p.cache.Generation(ctx)
	see("Generation", err)
	_, err = p.queue.Backlog(ctx, "somebody")
	see("Backlog", err)
	t.Logf("%d calls were refused", failed)
}

func TestForeignKeys_ThatLookLikeValuesAreNotReplaced(t *testing.T) {
	t.Parallel()
	for kind, set := range map[string]func(rdb goredis.UniversalClient, key string) error{
		"string": func(rdb goredis.UniversalClient, key string) error { return rdb.Set(t.Context(), key, "its", 0).Err() },
		"hash": func(rdb goredis.UniversalClient, key string) error {
			return rdb.HSet(t.Context(), key, "its", "own").Err()
		},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			p := openPisano(t, options(servers.Redis(t)))
			key := p.ValueKey(5)
			must(t, set(p.Redis(), key))
			before, err := p.Redis().Dump(t.Context(), key).Result()
			must(t, err)
			err = p.cache.Put(t.Context(), value(t, 5, 100))
			wantKind(t, err, core.KindInternal)
			_, _ = p.cache.Summaries(t.Context(), 5) // it may fail, and does for a string
			_, _ = p.cache.Digits(t.Context(), 5, 0, 1)
			if after, err := p.Redis().Dump(t.Context(), key).Result(); err != nil || after != before {
				t.Errorf("it was changed, %v", err)
			}
		})
	}
}

// TestAttach_RefusesASecondIndexStore: by mistake two Pisanos with a Postgres each
// may be given one Redis.
func TestAttach_RefusesASecondIndexStore(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, server *servers.RedisServer) {
		o := options(server)
		a, b := open(t, o), open(t, o)
		must(t, a.Attach(t.Context(), "one"))
		must(t, a.Attach(t.Context(), "one"))
		must(t, b.Attach(t.Context(), ""))
		err := b.Attach(t.Context(), "two")
		wantKind(t, err, core.KindInvalid)
		for _, word := range []string{o.Prefix, "another Postgres", "REDIS_PREFIX"} {
			if err != nil && !strings.Contains(err.Error(), word) {
				t.Errorf("%q does not say %q", err, word)
			}
		}
		must(t, a.Attach(t.Context(), "one"))

		// A flush forgets it: then it is that of the first to come.
		masters(t, a, func(master *goredis.Client) { deleteAll(t, master, o.Prefix) })
		must(t, a.Attach(t.Context(), "one"))
		wantKind(t, b.Attach(t.Context(), "two"), core.KindInvalid)
	})
}

// The Redis of an index store that no longer runs can be used by another, without
// intervention; that of one that runs can't.
func TestAttach_ForgetsAnIndexStoreThatIsGone(t *testing.T) {
	t.Parallel()
	c := open(t, options(servers.Redis(t)))
	must(t, c.Attach(t.Context(), "one"))
	must(t, c.Redis().PExpire(t.Context(), c.StoreKey(), 20*time.Second).Err())
	must(t, c.Attach(t.Context(), "one"))
	if left := c.Redis().PTTL(t.Context(), c.StoreKey()).Val(); left <= 20*time.Second || left > time.Minute {
		t.Errorf("it is remembered for %v", left)
	}
	must(t, c.Redis().PExpire(t.Context(), c.StoreKey(), time.Millisecond).Err())
	eventually(t, "the key has expired", func() error {
		if left, err := c.Redis().Exists(t.Context(), c.StoreKey()).Result(); err != nil || left > 0 {
			return fmt.Errorf("%d keys, %w", left, err)
		}
		return nil
	})
	must(t, c.Attach(t.Context(), "two"))
	wantKind(t, c.Attach(t.Context(), "one"), core.KindInvalid)
}
