package redis_test

import (
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// ownCluster starts a Cluster for one test and connects to it.
func ownCluster(t *testing.T, args ...string) ([]*servers.Server, *redis.Client) {
	t.Helper()
	nodes := servers.StartRedisCluster(t, args...)
	var o redis.Options
	for _, node := range nodes {
		o.Addrs = append(o.Addrs, node.Addr())
	}
	return nodes, open(t, o)
}

// command runs a command on a node.
func command(t *testing.T, node *servers.Server, args ...string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(node.Addr())
	must(t, err)
	return strings.TrimSpace(node.Exec(append([]string{"redis-cli", "-e", "-p", port}, args...)...))
}

// ofParts returns indices, by the partition that each is in: the first of every
// partition.
func ofParts(c *redis.Client) map[int]core.Index {
	first := make(map[int]core.Index)
	for n := core.Index(0); len(first) < len(c.Tags()); n++ {
		if _, found := first[c.PartOf(n)]; !found {
			first[c.PartOf(n)] = n
		}
	}
	return first
}

// homeOf returns the node that serves the slot of a partition.
func homeOf(t *testing.T, c *redis.Client, part int) (addr string) {
	t.Helper()
	all, err := c.Redis().ClusterSlots(t.Context()).Result()
	must(t, err)
	slot := redis.Slot(c.Tags()[part])
	for _, s := range all {
		if s.Start <= slot && slot <= s.End {
			return s.Nodes[0].Addr
		}
	}
	t.Fatalf("no node serves slot %d", slot)
	return ""
}

func TestClaim_GoesOnWithoutANodeOfTheCluster(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]struct{ begin, end func(*servers.Server) }{
		"one that was killed": {(*servers.Server).Kill, (*servers.Server).Start},
		"one that hangs":      {(*servers.Server).Pause, (*servers.Server).Unpause},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nodes, c := ownCluster(t, "--cluster-require-full-coverage", "no")
			cache, queue := c.ValueCache(), c.WorkQueue(time.Hour)
			generation, err := cache.Generation(t.Context())
			must(t, err)
			reached, away := make(map[core.Index]bool), make(map[core.Index]bool)
			for part, n := range ofParts(c) {
				_, err := queue.Enqueue(t.Context(), "somebody", tasks(n)...)
				must(t, err)
				if homeOf(t, c, part) == nodes[0].Addr() {
					away[n] = true
				} else {
					reached[n] = true
				}
			}
			if len(reached) == 0 || len(away) == 0 {
				t.Fatalf("%d partitions are reached and %d are away", len(reached), len(away))
			}

			fault.begin(nodes[0])
			begin := time.Now()
			for left := len(reached); left > 0; left-- {
				claim := mustAwait(t, queue)
				if !reached[claim.Index] {
					t.Errorf("claimed %d from a node that is away", claim.Index)
				}
				now, err := cache.Generation(t.Context())
				must(t, err)
				if now != generation {
					t.Errorf("generation %q, it was %q", now, generation)
				}
				must(t, cache.Put(t.Context(), value(t, claim.Index, 100)))
				must(t, queue.Acknowledge(t.Context(), claim))
			}
			t.Logf("%d tasks were claimed within %v", len(reached), time.Since(begin).Round(time.Millisecond))
			// There is nothing left, which is no error.
			claims, err := queue.Claim(t.Context(), core.ClaimLimit{Count: 10})
			must(t, err)
			if len(claims) > 0 {
				t.Errorf("claimed %+v", claims)
			}
			wantKind(t, queue.Ping(t.Context()), core.KindUnavailable)
			added, err := queue.Enqueue(t.Context(), "somebody", tasks(slices.Collect(maps.Values(ofParts(c)))...)...)
			wantKind(t, err, core.KindUnavailable)
			if added != len(reached) {
				t.Errorf("%d tasks were added, want the %d of partitions that are reached", added, len(reached))
			}
			for range reached {
				must(t, queue.Acknowledge(t.Context(), mustAwait(t, queue)))
			}

			fault.end(nodes[0])
			for range away {
				if claim := mustAwait(t, queue); !away[claim.Index] {
					t.Errorf("claimed %d again", claim.Index)
				}
			}
			eventually(t, "the generation is that of before", func() error {
				now, err := cache.Generation(t.Context())
				if err == nil && now != generation {
					t.Errorf("generation %q, it was %q", now, generation)
				}
				return err
			})
		})
	}
}

func TestClaim_FailsWhenNoNodeOfTheClusterIsReached(t *testing.T) {
	t.Parallel()
	nodes, c := ownCluster(t)
	cache, queue := c.ValueCache(), c.WorkQueue(time.Hour)
	_, err := cache.Generation(t.Context())
	must(t, err)
	for _, node := range nodes {
		node.Kill()
	}
	for range 2 {
		_, err = queue.Claim(t.Context(), core.ClaimLimit{Count: 1})
		wantKind(t, err, core.KindUnavailable)
		_, err = cache.Generation(t.Context())
		wantKind(t, err, core.KindUnavailable)
	}
}

// TestPartitions_SurviveTheMigrationOfTheirSlot has a slot moved to another node
// key by key. While the keys are apart, no script can change them together:
// that partition can't be reached, and the others can.
func TestPartitions_SurviveTheMigrationOfTheirSlot(t *testing.T) {
	t.Parallel()
	nodes, c := ownCluster(t)
	cache, queue := c.ValueCache(), c.WorkQueue(time.Hour)
	indices := ofParts(c)
	const moving, staying = 0, 1
	var source, target *servers.Server
	for _, node := range nodes {
		if node.Addr() == homeOf(t, c, moving) {
			source = node
		} else {
			target = node
		}
	}
	held := indices[moving]
	waiting := held + 1
	for c.PartOf(waiting) != moving {
		waiting++
	}
	must(t, cache.Put(t.Context(), value(t, held, 5_000)))
	generation, err := cache.Generation(t.Context())
	must(t, err)
	_, err = queue.Enqueue(t.Context(), "somebody", tasks(held)...)
	must(t, err)
	claim := claimOne(t, queue)
	_, err = queue.Enqueue(t.Context(), "somebody", tasks(waiting)...)
	must(t, err)

	slot := strconv.Itoa(redis.Slot(c.Tags()[moving]))
	host, port, err := net.SplitHostPort(target.Addr())
	must(t, err)
	command(t, target, "CLUSTER", "SETSLOT", slot, "IMPORTING", command(t, source, "CLUSTER", "MYID"))
	command(t, source, "CLUSTER", "SETSLOT", slot, "MIGRATING", command(t, target, "CLUSTER", "MYID"))
	move := func(keys []string) {
		t.Helper()
		command(t, source, append([]string{"MIGRATE", host, port, "", "0", "5000", "KEYS"}, keys...)...)
	}
	move([]string{c.QueueKeys(held)[0]})

	_, err = queue.Renew(t.Context(), core.Renewal{Claim: claim})
	wantKind(t, err, core.KindUnavailable)
	_, err = queue.Enqueue(t.Context(), "somebody", tasks(waiting, indices[staying])...)
	wantKind(t, err, core.KindUnavailable)
	other := mustAwait(t, queue)
	if other.Index != indices[staying] {
		t.Errorf("claimed %d, want %d of the partition that stays", other.Index, indices[staying])
	}
	must(t, cache.Put(t.Context(), value(t, other.Index, 100)))
	must(t, queue.Acknowledge(t.Context(), other))

	move(strings.Fields(command(t, source, "CLUSTER", "GETKEYSINSLOT", slot, "1000")))
	id := command(t, target, "CLUSTER", "MYID")
	for _, node := range []*servers.Server{target, source} {
		command(t, node, "CLUSTER", "SETSLOT", slot, "NODE", id)
	}
	eventually(t, "the claim is renewed", func() error {
		lost, err := queue.Renew(t.Context(), core.Renewal{Claim: claim})
		if len(lost) > 0 {
			t.Errorf("the claim %+v is lost", claim)
		}
		return err
	})
	if next := mustAwait(t, queue); next.Index != waiting || next.Delivery != 1 {
		t.Errorf("claimed %+v, want %d", next, waiting)
	}
	must(t, queue.Acknowledge(t.Context(), claim))
	found, err := cache.Summaries(t.Context(), held)
	must(t, err)
	if _, there := found[held]; !there {
		t.Error("the value is lost")
	}
	must(t, cache.Put(t.Context(), value(t, waiting, 100)))
	if now, err := cache.Generation(t.Context()); err != nil || now != generation {
		t.Errorf("generation %q, %v, it was %q", now, err, generation)
	}
}
