package redis_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestPing_ReportsAWrongPasswordWithoutShowingIt(t *testing.T) {
	t.Parallel()
	o := options(servers.RedisTLS(t))
	o.Password = "not-the-secret"
	err := open(t, o).Ping(t.Context())
	wantKind(t, err, core.KindUnavailable)
	if text := err.Error(); strings.Contains(text, o.Password) || !strings.Contains(text, "password") {
		t.Errorf("the error says %q", text)
	}
}

func TestPing_AnUntrustedServerIsUnavailable(t *testing.T) {
	t.Parallel()
	o := options(servers.RedisTLS(t))
	o.TLS = o.TLS.Clone()
	o.TLS.RootCAs = nil
	err := open(t, o).Ping(t.Context())
	wantKind(t, err, core.KindUnavailable)
	if !strings.Contains(err.Error(), "certificate") {
		t.Errorf("the error says %q", err)
	}
}

// Calls fail without a deadline of the caller's, and subscriptions end. When the
// server answers again, it is used again.
func TestClient_AServerThatHangsIsUnavailable(t *testing.T) {
	t.Parallel()
	server := servers.StartRedis(t, "--save", "")
	c := open(t, ownServer(server))
	cache, queue, events := c.ValueCache(), c.WorkQueue(time.Minute), c.Events()
	must(t, c.Ping(t.Context()))
	heard, err := events.Subscribe(t.Context())
	must(t, err)
	v := value(t, 1, 5_000_000)

	server.Pause()
	begin := time.Now()
	var all sync.WaitGroup
	for name, call := range map[string]func(ctx context.Context) error{
		"Ping":       c.Ping,
		"Put":        func(ctx context.Context) error { return cache.Put(ctx, v) },
		"Summaries":  func(ctx context.Context) error { _, err := cache.Summaries(ctx, 1); return err },
		"Digits":     func(ctx context.Context) error { _, err := cache.Digits(ctx, 1, 0, 1); return err },
		"List":       func(ctx context.Context) error { _, err := cache.List(ctx, core.Position{}, 1); return err },
		"Generation": func(ctx context.Context) error { _, err := cache.Generation(ctx); return err },
		"Enqueue":    func(ctx context.Context) error { _, err := queue.Enqueue(ctx, "somebody", tasks(1)...); return err },
		"Backlog":    func(ctx context.Context) error { _, err := queue.Backlog(ctx, "somebody"); return err },
		"Claim":      func(ctx context.Context) error { _, err := queue.Claim(ctx, core.ClaimLimit{}); return err },
		"Renew":      func(ctx context.Context) error { _, err := queue.Renew(ctx, core.Renewal{}); return err },
		"Publish":    func(ctx context.Context) error { return events.Publish(ctx, core.Event{Index: 1}) },
		"Subscribe":  func(ctx context.Context) error { _, err := events.Subscribe(ctx); return err },
	} {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), servers.HangTimeout)
			defer cancel()
			err := call(ctx)
			t.Logf("%s: after %v: %v", name, time.Since(begin).Round(time.Millisecond), err)
			if core.KindOf(err) != core.KindUnavailable || ctx.Err() != nil {
				t.Errorf("%s: error %v, %v, want one that is unavailable", name, err, ctx.Err())
			}
		})
	}
	all.Go(func() {
		select {
		case _, open := <-heard:
			if open {
				t.Error("an event that was not published")
			}
			t.Logf("a subscription ended after %v", time.Since(begin))
		case <-time.After(servers.HangTimeout):
			t.Error("a subscription goes on as if nothing could be missed")
		}
	})
	all.Wait()
	server.Unpause()
	must(t, c.Ping(t.Context()))
	must(t, cache.Put(t.Context(), v))
}

func TestClient_UsesADeadServerAgainWhenItIsBack(t *testing.T) {
	t.Parallel()
	server := servers.StartRedis(t, "--save", "")
	c := open(t, ownServer(server))
	cache, queue, events := c.ValueCache(), c.WorkQueue(time.Minute), c.Events()
	before, err := cache.Generation(t.Context())
	must(t, err)
	heard, err := events.Subscribe(t.Context())
	must(t, err)
	queue.Ready() // makes it listen

	server.Kill()
	select {
	case <-heard:
	case <-time.After(servers.HangTimeout):
		t.Error("a subscription outlives its server")
	}
	_, err = queue.Claim(t.Context(), core.ClaimLimit{})
	wantKind(t, err, core.KindUnavailable)
	_, err = events.Subscribe(t.Context())
	wantKind(t, err, core.KindUnavailable)

	server.Start()
	after, err := cache.Generation(t.Context())
	must(t, err)
	if before == after {
		t.Error("a server that came back empty has the generation of before")
	}
	_, err = queue.Enqueue(t.Context(), "somebody", tasks(1)...)
	must(t, err)
	must(t, queue.Acknowledge(t.Context(), mustAwait(t, queue)))
}

func TestClose_EndsSubscriptions(t *testing.T) {
	t.Parallel()
	c, err := redis.New(options(servers.Redis(t)))
	must(t, err)
	heard, err := c.Events().Subscribe(t.Context())
	must(t, err)
	must(t, c.Close())
	select {
	case _, open := <-heard:
		if open {
			t.Error("an event that was not published")
		}
	case <-time.After(servers.HangTimeout):
		t.Error("a subscription outlives its client")
	}
}

func TestPing_AnAddressWithoutAServerIsUnavailable(t *testing.T) {
	t.Parallel()
	for name, addrs := range map[string][]string{
		"a server":  {"127.0.0.1:1"},
		"a Cluster": {"127.0.0.1:1", "127.0.0.1:2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := open(t, redis.Options{Addrs: addrs})
			wantKind(t, c.Ping(t.Context()), core.KindUnavailable)
			_, err := c.ValueCache().Generation(t.Context())
			wantKind(t, err, core.KindUnavailable)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, err = c.ValueCache().Generation(ctx)
			wantKind(t, err, core.KindCanceled)
		})
	}
}

func TestNew_RefusesInvalidOptions(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]redis.Options{
		"no address":            {},
		"braces in the prefix":  {Addrs: []string{"a:1"}, Prefix: "{x}"},
		"a negative TTL":        {Addrs: []string{"a:1"}, ValueTTL: -1},
		"a Cluster's database":  {Addrs: []string{"a:1", "b:1"}, DB: 1},
		"a Cluster's Sentinels": {Addrs: []string{"a:1"}, Cluster: true, MasterName: "m"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := redis.New(o)
			wantKind(t, err, core.KindInvalid)
		})
	}
}

// reply is what Redis may answer.
type reply string

func (r reply) Error() string { return string(r) }
func (reply) RedisError()     {}

func TestWrap_PassingStatesAreUnavailable(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"LOADING Redis is loading the dataset in memory",
		"BUSY Redis is busy running a script.",
		"READONLY You can't write against a read only replica.",
		"CLUSTERDOWN Hash slot not served",
		"MASTERDOWN Link with MASTER is down",
		"TRYAGAIN Multiple keys request during rehashing of slot",
		"MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
		"NOREPLICAS Not enough good replicas to write.",
		"MOVED 3999 127.0.0.1:6381",
		"NOAUTH Authentication required.",
		"NOPERM this user has no permissions to run the 'eval' command",
		"ERR max number of clients reached",
	} {
		wantKind(t, redis.Wrap(reply(text)), core.KindUnavailable)
	}
	wantKind(t, redis.Wrap(reply("OOM command not allowed when used memory > 'maxmemory'.")), core.KindOverloaded)
	wantKind(t, redis.Wrap(reply("WRONGTYPE Operation against a key holding the wrong kind of value")), core.KindInternal)
	wantKind(t, redis.Wrap(goredis.ErrPoolTimeout), core.KindUnavailable)
	wantKind(t, redis.Wrap(errors.Join(context.Canceled, errors.New("closed"))), core.KindCanceled)
	wantKind(t, redis.Wrap(core.NewError(core.KindInvalid, "known")), core.KindInvalid)
}

// TestPermanent_OnlyRepliesAboutTheSettingsAre, on one server and on a Cluster.
func TestPermanent_OnlyRepliesAboutTheSettingsAre(t *testing.T) {
	t.Parallel()
	server := open(t, redis.Options{Addrs: []string{"127.0.0.1:1"}})
	cluster := open(t, redis.Options{Addrs: []string{"127.0.0.1:1", "127.0.0.1:2"}})
	for text, want := range map[string]struct{ server, cluster bool }{
		"ERR DB index is out of range":                                                  {true, true},
		"ERR invalid DB index":                                                          {true, true},
		"ERR SELECT is not allowed in cluster mode":                                     {true, true},
		"ERR This instance has cluster support disabled":                                {true, true},
		"NOAUTH Authentication required.":                                               {true, true},
		"WRONGPASS invalid username-password pair or user is disabled.":                 {true, true},
		"NOPERM this user has no permissions to run the 'setrange' command":             {true, true},
		"MOVED 3999 127.0.0.1:6381":                                                     {true, false},
		"LOADING Redis is loading the dataset in memory":                                {},
		"READONLY You can't write against a read only replica.":                         {},
		"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to no": {},
		"MISCONF Errors writing to the AOF file":                                        {},
		"NOREPLICAS Not enough good replicas to write.":                                 {},
		"OOM command not allowed when used memory > 'maxmemory'.":                       {},
		"CLUSTERDOWN The cluster is down":                                               {},
		"ERR max number of clients reached":                                             {},
		"ERR something else":                                                            {},
	} {
		for _, err := range []error{reply(text), redis.Wrap(fmt.Errorf("a connection: %w", reply(text)))} {
			if got := server.Permanent(err); got != want.server {
				t.Errorf("a server that says %q: %v, want %v", err, got, want.server)
			}
			if got := cluster.Permanent(err); got != want.cluster {
				t.Errorf("a Cluster that says %q: %v, want %v", err, got, want.cluster)
			}
		}
	}
	if server.Permanent(nil) || server.Permanent(context.DeadlineExceeded) {
		t.Error("silence is taken for a reply")
	}
}

// TestCheckVersion_OnlyAForbiddenInfoIsTakenForASupportedVersion, or a renamed
// one: after any other reply the version is not known.
func TestCheckVersion_OnlyAForbiddenInfoIsTakenForASupportedVersion(t *testing.T) {
	t.Parallel()
	for text, taken := range map[string]bool{
		"NOPERM this user has no permissions to run the 'info' command":          true,
		"ERR unknown command 'INFO', with args beginning with: 'server' ":        true,
		"ERR DB index is out of range":                                           false,
		"ERR This instance has cluster support disabled":                         false,
		"MOVED 3999 127.0.0.1:6381":                                              false,
		"NOAUTH Authentication required.":                                        false,
		"LOADING Redis is loading the dataset in memory":                         false,
		"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is no": false,
		"ERR something else":                                                     false,
	} {
		if err := redis.CheckInfo("", reply(text)); (err == nil) != taken {
			t.Errorf("%q: %v", text, err)
		}
	}
}
