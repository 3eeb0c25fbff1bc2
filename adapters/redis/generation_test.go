package redis_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// generation returns that of a cache, once its server is back.
func generation(t *testing.T, cache redis.ValueCache) (name string) {
	t.Helper()
	eventually(t, "a generation is told", func() (err error) {
		name, err = cache.Generation(t.Context())
		return err
	})
	return name
}

func putSome(t *testing.T, cache redis.ValueCache, first, count int) {
	t.Helper()
	for i := range count {
		must(t, cache.Put(t.Context(), value(t, core.Index(first+i), 100)))
	}
}

func TestGeneration_AServerRestoredFromAnOlderSnapshotHasAnotherOne(t *testing.T) {
	t.Parallel()
	server := servers.StartRedis(t, "--save", "")
	writer, reader := open(t, ownServer(server)).ValueCache(), open(t, ownServer(server)).ValueCache()
	before := generation(t, writer)
	putSome(t, writer, 0, 10)
	if other := generation(t, reader); other != before {
		t.Fatalf("two processes see generations %q and %q", before, other)
	}
	server.Exec("redis-cli", "SAVE")
	putSome(t, writer, 10, 1)
	server.Kill()
	server.Start()

	// Another process may look first, and more may be put than was lost.
	generation(t, reader)
	putSome(t, reader, 20, 5)
	putSome(t, writer, 30, 5)
	after := generation(t, writer)
	if after == before {
		t.Error("a value is lost and the generation is the old one")
	}
	if other := generation(t, reader); other != after {
		t.Errorf("two processes see generations %q and %q", after, other)
	}
	if again := generation(t, writer); again != after {
		t.Error("the generation changes without a loss")
	}
}

func TestGeneration_ARestartThatLosesNothingKeepsIt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args []string
		end  func(*servers.Server)
	}{
		"saved when it was told to stop": {nil, (*servers.Server).Stop},
		"killed with an append-only file": {
			[]string{"--appendonly", "yes", "--appendfsync", "always"}, (*servers.Server).Kill,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := servers.StartRedis(t, test.args...)
			writer, reader := open(t, ownServer(server)).ValueCache(), open(t, ownServer(server)).ValueCache()
			before := generation(t, writer)
			putSome(t, writer, 0, 10)
			generation(t, reader)
			for range 2 {
				test.end(server)
				server.Start()
				if after := generation(t, reader); after != before {
					t.Error("another generation for one who only reads")
				}
				if after := generation(t, writer); after != before {
					t.Error("another generation for the one who put the values")
				}
				putSome(t, writer, 10, 3)
			}
			// A process that comes later finds that all was vouched for.
			fresh := open(t, ownServer(server)).ValueCache()
			if after := generation(t, fresh); after != before {
				t.Error("another generation for one who comes later")
			}
		})
	}
}

// TestGeneration_WithoutAWitnessARestartedServerHasAnotherOne: all processes
// ended with the server, so that none knows what was lost.
func TestGeneration_WithoutAWitnessARestartedServerHasAnotherOne(t *testing.T) {
	t.Parallel()
	server := servers.StartRedis(t, "--save", "")
	gone, err := redis.New(ownServer(server))
	must(t, err)
	before := generation(t, gone.ValueCache())
	putSome(t, gone.ValueCache(), 0, 3)
	server.Exec("redis-cli", "SAVE")
	putSome(t, gone.ValueCache(), 3, 3)
	must(t, gone.Close())
	server.Kill()
	server.Start()
	fresh := open(t, ownServer(server)).ValueCache()
	begin := time.Now()
	eventually(t, "another generation", func() error {
		if generation(t, fresh) == before {
			return errors.New("it is the old one")
		}
		return nil
	})
	if time.Since(begin) < time.Second {
		t.Error("no process was given the time to vouch for the server")
	}
}

func TestGeneration_APromotedReplicaThatLackedAValueHasAnotherOne(t *testing.T) {
	t.Parallel()
	master, replica := servers.StartRedis(t, "--save", ""), servers.StartRedis(t, "--save", "")
	address := servers.Forward(t, master.Addr())
	writer := open(t, redis.Options{Addrs: []string{address.Addr()}}).ValueCache()
	before := generation(t, writer)
	putSome(t, writer, 0, 3)
	servers.Replicate(t, replica, master)
	if lagging := generation(t, open(t, ownServer(replica)).ValueCache()); lagging != before {
		t.Fatal("the replica has another generation")
	}
	replica.Exec("redis-cli", "REPLICAOF", "NO", "ONE")
	putSome(t, writer, 3, 1) // on the old master only
	master.Exec("redis-cli", "REPLICAOF", "127.0.0.1", "1")
	address.Move(replica.Addr())
	eventually(t, "another generation", func() error {
		// The first write closes the connections to the old master.
		_ = writer.Ping(t.Context())
		name, err := writer.Generation(t.Context())
		if err == nil && name == before {
			err = errors.New("it is the old one")
		}
		return err
	})
}
