package redis_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// eventually waits until a call succeeds and prints how long that took.
func eventually(t *testing.T, what string, call func() error) {
	t.Helper()
	t.Logf("%s after %v", what, testkit.Eventually(t, what, call).Round(time.Millisecond))
}

// clients returns how many connections other than replication a server has,
// the one that asks aside.
func clients(server *servers.Server) int {
	return strings.Count(server.Exec("redis-cli", "CLIENT", "LIST", "TYPE", "normal"), "id=") - 1 +
		strings.Count(server.Exec("redis-cli", "CLIENT", "LIST", "TYPE", "pubsub"), "id=")
}

func TestClient_LeavesAMasterThatBecomesAReplica(t *testing.T) {
	t.Parallel()
	old, master := servers.StartRedis(t, "--save", ""), servers.StartRedis(t, "--save", "")
	address := servers.Forward(t, old.Addr())
	c := open(t, redis.Options{Addrs: []string{address.Addr()}})
	cache, queue, events := c.ValueCache(), c.WorkQueue(time.Minute), c.Events()
	heard, err := events.Subscribe(t.Context())
	must(t, err)
	must(t, cache.Put(t.Context(), value(t, 1, 100)))
	before, err := cache.Generation(t.Context())
	must(t, err)
	many := make(chan error, 20) // connections
	for range cap(many) {
		go func() { _, err := queue.Claim(t.Context(), core.ClaimLimit{}); many <- err }()
	}
	for range cap(many) {
		must(t, <-many)
	}

	old.Exec("redis-cli", "REPLICAOF", "127.0.0.1", "1")
	wantKind(t, c.Ping(t.Context()), core.KindUnavailable)
	wantKind(t, cache.Put(t.Context(), value(t, 2, 100)), core.KindUnavailable)
	select {
	case <-heard:
	case <-time.After(servers.HangTimeout):
		t.Error("a subscription to a replica goes on")
	}

	address.Move(master.Addr())
	eventually(t, "a value is stored", func() error { return cache.Put(t.Context(), value(t, 2, 100)) })
	must(t, c.Ping(t.Context()))
	_, err = queue.Enqueue(t.Context(), "somebody", tasks(1)...)
	must(t, err)
	_, err = events.Subscribe(t.Context())
	must(t, err)
	if after, err := cache.Generation(t.Context()); err != nil || after == before {
		t.Errorf("generation %q, %v on a master without the values of before", after, err)
	}
	eventually(t, "no connection is left to the replica", func() error {
		if left := clients(old); left > 0 {
			return core.NewError(core.KindInternal, "some are left")
		}
		return nil
	})
}

// TestPing_ReportsWhatRedisRefusesUntilItPasses, each state by itself
// and in the end.
func TestPing_ReportsWhatRedisRefusesUntilItPasses(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]struct {
		begin, end [][]string
		kind       core.Kind
		says       string
	}{
		"a replica": {
			[][]string{{"REPLICAOF", "127.0.0.1", "1"}}, [][]string{{"REPLICAOF", "NO", "ONE"}},
			core.KindUnavailable, "READONLY",
		},
		"a replica that lost its master": {
			[][]string{{"CONFIG", "SET", "replica-serve-stale-data", "no"}, {"REPLICAOF", "127.0.0.1", "1"}},
			[][]string{{"REPLICAOF", "NO", "ONE"}},
			core.KindUnavailable, "READONLY",
		},
		"out of memory": {
			[][]string{{"CONFIG", "SET", "maxmemory", "1"}}, [][]string{{"CONFIG", "SET", "maxmemory", "0"}},
			core.KindOverloaded, "OOM",
		},
		"too few replicas": {
			[][]string{{"CONFIG", "SET", "min-replicas-to-write", "1"}}, [][]string{{"CONFIG", "SET", "min-replicas-to-write", "0"}},
			core.KindUnavailable, "NOREPLICAS",
		},
		"a disk that can't be written": {
			[][]string{{"CONFIG", "SET", "save", "1 1"}, {"CONFIG", "SET", "dbfilename", "there"}, {"SET", "x", "y"}, {"BGSAVE"}},
			[][]string{{"CONFIG", "SET", "save", ""}},
			core.KindUnavailable, "MISCONF",
		},
		"a password that was changed": {
			[][]string{{"CONFIG", "SET", "requirepass", "secret"}},
			[][]string{{"-a", "secret", "CONFIG", "SET", "requirepass", ""}},
			core.KindUnavailable, "NOAUTH",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := servers.StartRedis(t, "--save", "", "--enable-protected-configs", "yes")
			server.Exec("mkdir", "-p", "/tmp/data/there") // a file can't take its place
			server.Exec("redis-cli", "CONFIG", "SET", "dir", "/tmp/data")
			c := open(t, ownServer(server))
			cache, queue := c.ValueCache(), c.WorkQueue(time.Minute)
			must(t, cache.Ping(t.Context()))
			for _, command := range state.begin {
				server.Exec(append([]string{"redis-cli"}, command...)...)
			}
			if state.says == "NOAUTH" { // connections that stand keep their rights
				server.Exec("redis-cli", "-a", "secret", "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
			}
			var err error
			eventually(t, "Ping fails", func() error {
				err = cache.Ping(t.Context())
				// A connection that was cut says so once.
				if err == nil || !strings.Contains(err.Error(), state.says) {
					return fmt.Errorf("it does not, or not by %s: %w", state.says, err)
				}
				return nil
			})
			wantKind(t, err, state.kind)
			wantKind(t, queue.Ping(t.Context()), state.kind)
			_, err = queue.Enqueue(t.Context(), "somebody", tasks(1)...)
			wantKind(t, err, state.kind)
			if strings.Contains(name, "lost its master") {
				_, err := cache.Summaries(t.Context(), 1)
				wantKind(t, err, core.KindUnavailable)
			}
			for _, command := range state.end {
				server.Exec(append([]string{"redis-cli"}, command...)...)
			}
			eventually(t, "Ping succeeds", func() error { return queue.Ping(t.Context()) })
			_, err = queue.Enqueue(t.Context(), "somebody", tasks(1)...)
			must(t, err)
		})
	}
}

func TestCheckVersion_RefusesRedisBeforeSeven(t *testing.T) {
	t.Parallel()
	server := servers.Redis(t)
	info, err := open(t, options(server)).Redis().Info(t.Context(), "server").Result()
	must(t, err)
	_, version, _ := strings.Cut(info, "redis_version:")
	for name, test := range map[string]struct {
		version string
		old     bool
	}{
		"as it is":     {version[:1], false},
		"six":          {"6", true},
		"nonsense":     {"x", false},
		"seven or so":  {"7", false},
		"another five": {"5", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := servers.Forward(t, server.Addrs[0])
			address.Replace("redis_version:"+version[:1], "redis_version:"+test.version)
			c := open(t, redis.Options{Addrs: []string{address.Addr()}})
			err := c.CheckVersion(t.Context())
			if (err != nil) != test.old || c.Permanent(err) != test.old {
				t.Fatalf("error %v", err)
			}
			if err != nil && (!strings.Contains(err.Error(), "Redis "+test.version) || !strings.Contains(err.Error(), "needs Redis 7.0")) {
				t.Errorf("the error says %q", err)
			}
		})
	}
	t.Run("a Cluster", func(t *testing.T) {
		t.Parallel()
		must(t, open(t, options(servers.RedisCluster(t))).CheckVersion(t.Context()))
	})
	t.Run("a server that does not say", func(t *testing.T) {
		t.Parallel()
		own := servers.StartRedis(t, "--save", "")
		own.Exec("redis-cli", "ACL", "SETUSER", "clerk", "on", ">quill", "~*", "&*", "+@all", "-@dangerous")
		o := ownServer(own)
		o.Username, o.Password = "clerk", "quill"
		c := open(t, o)
		must(t, c.CheckVersion(t.Context()))
		_, err := c.ValueCache().Generation(t.Context())
		must(t, err)
		must(t, c.Ping(t.Context()))
	})
	t.Run("a server whose INFO is renamed", func(t *testing.T) {
		t.Parallel()
		c := open(t, ownServer(servers.StartRedis(t, "--save", "", "--rename-command", "INFO", "")))
		must(t, c.CheckVersion(t.Context()))
		must(t, c.Ping(t.Context()))
	})
	t.Run("no server there", func(t *testing.T) {
		t.Parallel()
		c := open(t, redis.Options{Addrs: []string{"127.0.0.1:1"}})
		err := c.CheckVersion(t.Context())
		wantKind(t, err, core.KindUnavailable)
		if c.Permanent(err) {
			t.Error("a server that is away is taken for one that never comes")
		}
	})
}

// TestPermanent_ReportsWhatWaitingCannotMend by the version check or by
// Ping.
func TestPermanent_ReportsWhatWaitingCannotMend(t *testing.T) {
	t.Parallel()
	server := servers.StartRedis(t, "--save", "")
	server.Exec("redis-cli", "ACL", "SETUSER", "clerk", "on", ">quill", "~other*", "&*", "+@all")
	server.Exec("redis-cli", "ACL", "SETUSER", "default", "on", "resetpass", ">secret")
	own := ownServer(server)
	own.Password = "secret"
	cluster := options(servers.RedisCluster(t))
	for name, test := range map[string]struct {
		change func(*redis.Options)
		says   string
	}{
		"no password":                 {func(o *redis.Options) { o.Password = "" }, "NOAUTH"},
		"a wrong password":            {func(o *redis.Options) { o.Password = "wrong" }, "WRONGPASS"},
		"keys of others":              {func(o *redis.Options) { o.Username, o.Password = "clerk", "quill" }, "NOPERM"},
		"a missing database":          {func(o *redis.Options) { o.DB = 99 }, "no database of this number"},
		"a server called a Cluster":   {func(o *redis.Options) { o.Cluster = true }, "is a single server"},
		"a Cluster called a server":   {func(o *redis.Options) { *o = cluster; o.Cluster, o.Addrs = false, cluster.Addrs[:1]; o.DB = 1 }, "is a Cluster|no database of this number"}, // Valkey 9 has databases in Clusters
		"a server as it must be used": {func(*redis.Options) {}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := own
			test.change(&o)
			c := open(t, o)
			err := errors.Join(c.CheckVersion(t.Context()), c.Ping(t.Context()))
			if test.says == "" {
				must(t, err)
				return
			}
			wantKind(t, c.Ping(t.Context()), core.KindUnavailable)
			if !c.Permanent(err) || !regexp.MustCompile(test.says).MatchString(err.Error()) {
				t.Errorf("permanent: %v, the error says %q", c.Permanent(err), err)
			}
		})
	}
	t.Run("a Cluster's partition on another server", func(t *testing.T) {
		t.Parallel()
		moved := 0
		for _, address := range cluster.Addrs {
			o := cluster
			o.Cluster, o.Addrs = false, []string{address}
			c := open(t, o)
			if err := c.Ping(t.Context()); err != nil {
				moved++
				if !c.Permanent(err) || !strings.Contains(err.Error(), "MOVED") {
					t.Errorf("permanent: %v, the error says %q", c.Permanent(err), err)
				}
			}
		}
		if moved == 0 {
			t.Error("every server of the Cluster takes the key")
		}
	})
}
