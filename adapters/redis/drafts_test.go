package redis_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// withMemory starts a server that has so much memory for data.
func withMemory(t *testing.T, limit, policy string) redis.Options {
	t.Helper()
	return ownServer(servers.StartRedis(t, "--save", "", "--maxmemory", limit, "--maxmemory-policy", policy))
}

// drafts returns the keys of all drafts of a test.
func drafts(t *testing.T, c *redis.Client, prefix string) []string {
	t.Helper()
	var found []string
	masters(t, c, func(master *goredis.Client) {
		for _, key := range keysOf(t, master, prefix) {
			if strings.Contains(key, ":draft:") {
				found = append(found, key)
			}
		}
	})
	return found
}

func TestPut_AValueLargerThanTheMemoryCrowdsOutNoOther(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"noeviction", "allkeys-lru", "volatile-lru"} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			c := open(t, withMemory(t, "24mb", policy))
			cache := c.ValueCache()
			const before, after = 200, 200
			for n := range core.Index(before) {
				must(t, cache.Put(t.Context(), value(t, n, 50_000)))
			}
			err := cache.Put(t.Context(), value(t, 1000, 60_000_000)) // 25 MB
			wantKind(t, err, core.KindOverloaded)
			t.Log(err)
			for n := before; n < before+after; n++ {
				must(t, cache.Put(t.Context(), value(t, core.Index(n), 50_000)))
			}
			list, err := cache.List(t.Context(), core.Position{}, 1000)
			must(t, err)
			if len(list) != before+after {
				t.Errorf("%d of %d short values are left", len(list), before+after)
			}
			if left := drafts(t, c, "pisano"); len(left) > 0 {
				t.Errorf("drafts are left: %v", left)
			}
		})
	}
}

// A value that fits after others were evicted is stored.
func TestPut_ALongValueMayEvictOthers(t *testing.T) {
	t.Parallel()
	cache := open(t, withMemory(t, "32mb", "allkeys-lru")).ValueCache()
	for n := range core.Index(500) {
		must(t, cache.Put(t.Context(), value(t, n, 100_000)))
	}
	v := value(t, 1000, 30_000_000)
	// Redis tells times of use apart by the second: before, it may take the draft for
	// the oldest.
	testkit.Eventually(t, "room for a long value", func() error { return cache.Put(t.Context(), v) })
	found, err := cache.Summaries(t.Context(), 1000)
	must(t, err)
	if found[1000] != v.Summary() {
		t.Errorf("the summary is %+v", found[1000])
	}
}

func TestPut_LeavesNoDraftWhenItFails(t *testing.T) {
	t.Parallel()
	errBroken := errors.New("broken")
	for name, fail := range map[string]func(cancel func(), part int, command goredis.Cmder) error{
		"in the middle": func(_ func(), part int, command goredis.Cmder) error {
			if part == 3 && command.Name() == "hset" {
				return errBroken
			}
			return nil
		},
		"canceled in the middle": func(cancel func(), part int, _ goredis.Cmder) error {
			if part == 3 {
				cancel()
			}
			return nil
		},
		"at the commit": func(_ func(), _ int, command goredis.Cmder) error {
			if strings.HasPrefix(command.Name(), "eval") {
				return errBroken
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, server *servers.RedisServer) {
				o := options(server)
				c, seen := observe(t, o)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				part := 0
				seen.refuse = func(command goredis.Cmder) error {
					if command.Name() == "hset" {
						part++
					}
					return fail(cancel, part, command)
				}
				if err := c.ValueCache().Put(ctx, value(t, 1, 20_000_000)); err == nil {
					t.Error("Put returned nil")
				}
				if part < 3 {
					t.Errorf("%d parts were stored", part)
				}
				seen.refuse = nil
				if left := drafts(t, open(t, o), o.Prefix); len(left) > 0 {
					t.Errorf("drafts are left: %v", left)
				}
			})
		})
	}
}

// A draft that expired, was evicted or lost a part is not committed.
func TestPut_CommitsNoIncompleteDraft(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(ctx context.Context, c goredis.UniversalClient, draft string) error{
		"gone": func(ctx context.Context, c goredis.UniversalClient, draft string) error {
			return c.Del(ctx, draft).Err()
		},
		"lacks a part": func(ctx context.Context, c goredis.UniversalClient, draft string) error {
			return c.HDel(ctx, draft, "3").Err()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, server *servers.RedisServer) {
				o := options(server)
				other := open(t, o)
				old := value(t, 1, 100)
				must(t, other.ValueCache().Put(t.Context(), old))
				c, seen := observe(t, o)
				harmed := false
				seen.refuse = func(command goredis.Cmder) error {
					if harmed || !strings.HasPrefix(command.Name(), "eval") {
						return nil
					}
					harmed = true
					left := drafts(t, other, o.Prefix)
					if len(left) != 1 {
						t.Errorf("the drafts are %v", left)
						return nil
					}
					return harm(t.Context(), other.Redis(), left[0])
				}
				wantKind(t, c.ValueCache().Put(t.Context(), value(t, 1, 20_000_000)), core.KindOverloaded)
				found, err := other.ValueCache().Summaries(t.Context(), 1)
				must(t, err)
				if !harmed || found[1] != old.Summary() {
					t.Errorf("the value in place is %+v, want the one before", found[1])
				}
				if left := drafts(t, other, o.Prefix); len(left) > 0 {
					t.Errorf("drafts are left: %v", left)
				}
			})
		})
	}
}
