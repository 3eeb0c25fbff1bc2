package system

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// from returns count consecutive indices.
func from(first core.Index, count int) []core.Index {
	indices := make([]core.Index, count)
	for i := range indices {
		indices[i] = first + core.Index(i)
	}
	return indices
}

// dial connects to a Redis directly.
func dial(t *testing.T, addr string) *goredis.Client {
	t.Helper()
	r := goredis.NewClient(&goredis.Options{Addr: addr})
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func TestRedisLoss_FlushedValuesAreCalculatedAgain(t *testing.T) {
	t.Parallel()
	const count = 10_000
	s := newSystem(t)
	_, c := s.startAPI()
	s.startWorker()
	c.MustSubmit(from(0, count)...)
	took := c.AwaitAll(count)
	measured(t, "%d values calculated in %v", count, took.Round(time.Millisecond))

	r := dial(t, s.redis.Addr())
	if err := r.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if counts, err := c.States(); err != nil || counts["calculated"] == count {
		t.Errorf("after the flush the states are %v, %v", counts, err)
	}
	took = c.AwaitAll(count)
	measured(t, "%d values back %v after FLUSHALL", count, took.Round(time.Millisecond))
	for n := core.Index(0); n < count; n += 97 {
		c.WantRight(n)
	}
}

func TestRedisLoss_EmptyRestartLosesNothing(t *testing.T) {
	t.Parallel()
	const count = 1000
	s := newSystem(t, "--save", "", "--appendonly", "no")
	_, c := s.startAPI()
	s.startWorker()
	s.startWorker()
	c.MustSubmit(from(0, count)...)
	c.AwaitAll(count)
	time.Sleep(2 * time.Second) // let them wait for work
	s.redis.Restart()
	took := c.AwaitAll(count)
	measured(t, "%d values back %v after Redis was started empty", count, took.Round(time.Millisecond))
	if a, err := c.TrySubmit(count + 1); err != nil || a.StatusCode != http.StatusAccepted {
		t.Errorf("submitted: %d, %v", a.StatusCode, err)
	}
	took = testkit.Eventually(t, "a new value", c.Is(count+1, "calculated"))
	measured(t, "a new value %v after it was submitted", took.Round(time.Millisecond))
}

func TestRedisLoss_SubmissionsAreAccepted(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(*servers.Forwarder){"refusing": (*servers.Forwarder).Refuse, "silent": (*servers.Forwarder).Drop} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			l := servers.Forward(t, s.redis.Addr())
			_, c := s.startAPI("REDIS_HOST=" + l.Addr())
			s.startWorker("REDIS_HOST=" + l.Addr())
			away(l)
			begin := time.Now()
			if a, err := c.TrySubmit(4321); err != nil || a.StatusCode != http.StatusAccepted {
				t.Fatalf("without Redis: %d %s, %v", a.StatusCode, a.Text, err)
			}
			measured(t, "accepted after %v without Redis", time.Since(begin).Round(time.Millisecond))
			l.Refuse() // also ends what hangs
			l.Heal()
			took := testkit.Eventually(t, "the value", c.Is(4321, "calculated"))
			measured(t, "value %v after the return of Redis", took.Round(time.Millisecond))
			c.WantRight(4321)
		})
	}
}

func TestRedisLoss_ProgramsStartAndAccept(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	l := servers.Forward(t, s.redis.Addr())
	l.Refuse()
	_, c := s.startAPI("REDIS_HOST=" + l.Addr())
	s.startWorker("REDIS_HOST=" + l.Addr())
	if a, err := c.TrySubmit(2345); err != nil || a.StatusCode != http.StatusAccepted {
		t.Fatalf("without Redis: %d %s, %v", a.StatusCode, a.Text, err)
	}
	if err := c.Unready(); err != nil {
		t.Errorf("without Redis %v", err)
	}
	l.Heal()
	took := testkit.Eventually(t, "the value", c.Is(2345, "calculated"))
	measured(t, "value %v after Redis came up", took.Round(time.Millisecond))
}

func TestEviction_LeadsToNoMoreCalculationsThanRequests(t *testing.T) {
	t.Parallel()
	const (
		requests = 400
		distinct = 60 // of 90 KB each: more than twice the memory
	)
	s := newSystem(t, "--save", "", "--maxmemory", "4mb", "--maxmemory-policy", "volatile-lru")
	_, c := s.startAPI()
	w := s.startWorker()
	random := rand.New(rand.NewPCG(3, 4))
	for range requests {
		n := core.Index(1_000_000 + random.IntN(distinct))
		if a, err := c.TrySubmit(n); err != nil || a.StatusCode >= 300 {
			t.Fatalf("submitted: %d %s %v", a.StatusCode, a.Text, err)
		}
		c.Await(n)
	}
	evicted := infoOf(t, dial(t, s.redis.Addr()), "stats", "evicted_keys")
	busy := w.Calculations()
	if evicted == "0" || busy <= distinct {
		t.Errorf("nothing was evicted: evicted_keys %s, %d calculations", evicted, busy)
	}
	if busy > requests {
		t.Errorf("%d calculations for %d requests", busy, requests)
	}
	rounds := reconcilerRounds(t, w)
	took := testkit.Eventually(t, "ten rounds of the reconciler", testkit.True(func() bool { return reconcilerRounds(t, w) >= rounds+10 }))
	if idle := w.Calculations() - busy; idle > 0 {
		t.Errorf("%d calculations without a request", idle)
	}
	measured(t, "%d requests of %d values: %s keys evicted, %d calculations, none in %v afterwards",
		requests, distinct, evicted, busy, took.Round(time.Millisecond))
}

// reconcilerRounds returns how often the reconciler of a process has read both ends
// of the list of pending indices.
func reconcilerRounds(t *testing.T, p *pisano.Program) int {
	t.Helper()
	rounds := scrape(t, p)["pisano_port_call_duration_seconds IndexStore.Pending"]
	if rounds == 0 {
		t.Fatalf("%s counts no rounds of its reconciler", p.Name)
	}
	return int(rounds) / 2
}

// infoOf returns a field of a section of INFO.
func infoOf(t *testing.T, r *goredis.Client, section, field string) string {
	t.Helper()
	info, err := r.Info(t.Context(), section).Result()
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(info, field+":")
	if !found {
		t.Fatalf("INFO has no %s", field)
	}
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}

func TestCorruptedValue_IsNeverServed(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, c := s.startAPI()
	w := s.startWorker()
	const n core.Index = 300_000
	c.MustSubmit(n)
	testkit.Eventually(t, "the value", c.Is(n, "calculated"))
	r := dial(t, s.redis.Addr())
	keys, err := r.Keys(t.Context(), "*value:"+n.String()).Result()
	if err != nil || len(keys) != 1 {
		t.Fatalf("keys of the value: %v, %v", keys, err)
	}
	fields, err := r.HGetAll(t.Context(), keys[0]).Result()
	if err != nil {
		t.Fatal(err)
	}
	var longest string
	for field, data := range fields {
		if len(data) > len(fields[longest]) {
			longest = field
		}
	}
	damaged := []byte(fields[longest])
	damaged[len(damaged)/2] ^= 1
	if err := r.HSet(t.Context(), keys[0], longest, damaged).Err(); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	a, err := c.Do(http.MethodGet, "/values/"+n.String()+"/digits", "")
	if err == nil && a.StatusCode == http.StatusOK {
		t.Errorf("a damaged value was served, %d bytes", len(a.Text))
	}
	testkit.Eventually(t, "the value, again", c.Is(n, "calculated"))
	measured(t, "answered %d, right again after %v", a.StatusCode, time.Since(begin).Round(time.Millisecond))
	c.WantRight(n)
	if times := w.Calculations(); times != 2 {
		t.Errorf("calculated %d times", times)
	}
}

func TestFullRedis_FailsTheValueAndServesOthers(t *testing.T) {
	t.Parallel()
	s := newSystem(t, "--save", "", "--maxmemory", "4mb", "--maxmemory-policy", "volatile-lru")
	_, c := s.startAPI()
	s.startWorker()
	const n core.Index = 100_000_000 // 8.8 MB
	begin := time.Now()
	c.MustSubmit(n, 1000)
	testkit.Eventually(t, "the value behind it", c.Is(1000, "calculated"))
	testkit.Eventually(t, "failure", c.Is(n, "failed"))
	state, err := c.State(n)
	if err != nil || !strings.Contains(state.Reason, "out of memory") {
		t.Fatalf("failed as %+v, %v", state, err)
	}
	measured(t, "failed after %v: %s", time.Since(begin).Round(time.Millisecond), state.Reason)
}
