package redis_test

import (
	"errors"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// watched are the options for a server that a Sentinel watches.
func watched(s servers.RedisSentinel) redis.Options {
	return redis.Options{
		Addrs: []string{s.Sentinel.Addr()}, MasterName: s.Master, Password: s.Password,
		SentinelUsername: s.SentinelUsername, SentinelPassword: s.SentinelPassword,
	}
}

func TestNew_AuthenticatesAtTheSentinel(t *testing.T) {
	t.Parallel()
	options := watched(servers.StartRedisSentinel(t))
	ping := func(o redis.Options) error {
		c, err := redis.New(o)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.Ping(t.Context())
	}
	if err := ping(options); err != nil {
		t.Error(err)
	}
	options.SentinelPassword = "another"
	if ping(options) == nil {
		t.Error("the password of the Sentinel does not matter")
	}
}

// TestSentinel_AFailoverLosesNothingThatWasReplicated, and neither the master
// that was killed nor one that only hung is used as one when it is back.
func TestSentinel_AFailoverLosesNothingThatWasReplicated(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]struct{ begin, end func(*servers.Server) }{
		"the master is killed": {(*servers.Server).Kill, (*servers.Server).Start},
		"the master hangs":     {(*servers.Server).Pause, (*servers.Server).Unpause},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := servers.StartRedisSentinel(t)
			c := open(t, watched(s))
			cache, queue, events := c.ValueCache(), c.WorkQueue(time.Second), c.Events()
			generation, err := cache.Generation(t.Context())
			must(t, err)
			must(t, cache.Put(t.Context(), value(t, 7, 5_000)))
			_, err = queue.Enqueue(t.Context(), "somebody", tasks(1, 2)...)
			must(t, err)
			held, dead := claimOne(t, queue), claimOne(t, queue)
			heard, err := events.Subscribe(t.Context())
			must(t, err)
			_, err = c.Redis().Pipelined(t.Context(), func(pipe goredis.Pipeliner) error { // on one connection
				pipe.Set(t.Context(), "the last write", "", 0)
				pipe.Do(t.Context(), "WAIT", 1, time.Second.Milliseconds())
				return nil
			})
			must(t, err)

			fault.begin(s.Server)
			eventually(t, "a value is stored", func() error { return cache.Put(t.Context(), value(t, 8, 100)) })
			select {
			case <-heard:
			case <-time.After(servers.HangTimeout):
				t.Error("a subscription to the master that is gone goes on")
			}
			renew(t, queue, held)
			if claim := mustAwait(t, queue); claim.Delivery != 2 || claim.Index != held.Index && claim.Index != dead.Index {
				t.Errorf("claimed %+v, want another delivery of what was claimed before", claim)
			}
			if after, err := cache.Generation(t.Context()); err != nil || after != generation {
				t.Errorf("generation %q, %v, it was %q", after, err, generation)
			}
			found, err := cache.Summaries(t.Context(), 7, 8)
			must(t, err)
			if len(found) != 2 {
				t.Errorf("%d values of two are left", len(found))
			}

			fault.end(s.Server)
			for n := core.Index(10); n < 30; n++ { // while it becomes a replica
				must(t, errors.Join(
					cache.Put(t.Context(), value(t, n, 100)),
					queue.Ping(t.Context()),
				))
				time.Sleep(100 * time.Millisecond)
			}
			found, err = cache.Summaries(t.Context(), 7, 10, 29)
			must(t, err)
			if len(found) != 3 {
				t.Errorf("%d values of three are left", len(found))
			}
		})
	}
}
