package system

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
)

// from returns count indices from first on.
func from(first core.Index, count int) []core.Index {
	indices := make([]core.Index, count)
	for i := range indices {
		indices[i] = first + core.Index(i)
	}
	return indices
}

// dial connects to a Redis past the programs.
func dial(t *testing.T, addr string) *goredis.Client {
	t.Helper()
	r := goredis.NewClient(&goredis.Options{Addr: addr})
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func TestFlushedValuesAreBackWithoutASubmission(t *testing.T) {
	t.Parallel()
	const count = 10_000
	s := newSystem(t)
	_, c := s.startAPI()
	s.startWorker()
	c.mustSubmit(t, from(0, count)...)
	took := c.awaitAll(t, count)
	measured(t, "%d values calculated in %v", count, took.Round(time.Millisecond))

	r := dial(t, s.redis.Addr())
	if err := r.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if counts, err := c.states(); err != nil || counts["calculated"] == count {
		t.Errorf("after the flush the states are %v, %v", counts, err)
	}
	took = c.awaitAll(t, count)
	measured(t, "%d values back %v after FLUSHALL", count, took.Round(time.Millisecond))
	for n := core.Index(0); n < count; n += 97 {
		c.wantRight(t, n)
	}
}

func TestRedisRestartedEmptyUnderWaitingWorkersLosesNothing(t *testing.T) {
	t.Parallel()
	const count = 1000
	s := newSystem(t, "--save", "", "--appendonly", "no")
	_, c := s.startAPI()
	s.startWorker()
	s.startWorker()
	c.mustSubmit(t, from(0, count)...)
	c.awaitAll(t, count)
	time.Sleep(2 * time.Second) // let them wait for work
	s.redis.Restart()
	took := c.awaitAll(t, count)
	measured(t, "%d values back %v after Redis was started empty", count, took.Round(time.Millisecond))
	if a, err := c.submit(count + 1); err != nil || a.status != http.StatusAccepted {
		t.Errorf("submitted: %d, %v", a.status, err)
	}
	took = eventually(t, "a new value", c.is(count+1, "calculated"))
	measured(t, "a new value %v after it was submitted", took.Round(time.Millisecond))
}

func TestSubmissionIsAcceptedWhileRedisIsAway(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(*wire){"refusing": (*wire).cut, "silent": (*wire).swallow} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			w := newWire(t, s.redis.Addr())
			_, c := s.startAPI("REDIS_HOST=" + w.addr())
			s.startWorker("REDIS_HOST=" + w.addr())
			away(w)
			begin := time.Now()
			if a, err := c.submit(4321); err != nil || a.status != http.StatusAccepted {
				t.Fatalf("without Redis: %d %s, %v", a.status, a.body, err)
			}
			measured(t, "accepted after %v without Redis", time.Since(begin).Round(time.Millisecond))
			w.cut() // also ends what hangs
			w.heal()
			took := eventually(t, "the value", c.is(4321, "calculated"))
			measured(t, "value %v after Redis' return", took.Round(time.Millisecond))
			c.wantRight(t, 4321)
		})
	}
}

func TestProgramsStartWithoutRedisAndAccept(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	w := newWire(t, s.redis.Addr())
	w.cut()
	_, c := s.startAPI("REDIS_HOST=" + w.addr())
	s.startWorker("REDIS_HOST=" + w.addr())
	if a, err := c.submit(2345); err != nil || a.status != http.StatusAccepted {
		t.Fatalf("without Redis: %d %s, %v", a.status, a.body, err)
	}
	if a, err := c.do(http.MethodGet, "/readyz", nil); err != nil || a.status != http.StatusServiceUnavailable {
		t.Errorf("without Redis /readyz is %d, %v", a.status, err)
	}
	w.heal()
	took := eventually(t, "the value", c.is(2345, "calculated"))
	measured(t, "value %v after Redis came up", took.Round(time.Millisecond))
}

func TestEvictionLeadsToNoMoreCalculationsThanRequests(t *testing.T) {
	t.Parallel()
	const (
		requests = 400
		distinct = 60 // of 90 KB each: more than twice what there is room for
	)
	s := newSystem(t, "--save", "", "--maxmemory", "4mb", "--maxmemory-policy", "volatile-lru")
	_, c := s.startAPI()
	w := s.startWorker()
	random := rand.New(rand.NewPCG(3, 4))
	for range requests {
		n := core.Index(1_000_000 + random.IntN(distinct))
		if a, err := c.submit(n); err != nil || a.status >= 300 {
			t.Fatalf("submitted: %d %s %v", a.status, a.body, err)
		}
		a, err := c.do(http.MethodGet, "/values/"+n.String(), nil, "Prefer", "wait=30")
		if err != nil || a.status != http.StatusOK || !strings.Contains(string(a.body), `"calculated"`) {
			t.Fatalf("F(%d) asked for: %d %s %v", n, a.status, a.body, err)
		}
	}
	evicted := infoOf(t, dial(t, s.redis.Addr()), "evicted_keys")
	busy := w.calculations()
	if evicted == "0" || busy <= distinct {
		t.Errorf("nothing was evicted: evicted_keys %s, %d calculations", evicted, busy)
	}
	if busy > requests {
		t.Errorf("%d calculations for %d requests", busy, requests)
	}
	rounds := reconcilerRounds(t, w)
	took := eventually(t, "ten rounds of the reconciler", func() bool { return reconcilerRounds(t, w) >= rounds+10 })
	if idle := w.calculations() - busy; idle > 0 {
		t.Errorf("%d calculations without a request", idle)
	}
	measured(t, "%d requests of %d values: %s keys evicted, %d calculations, none in %v afterwards",
		requests, distinct, evicted, busy, took.Round(time.Millisecond))
}

// reconcilerRounds returns how often the reconciler of a process has looked for what is unfinished.
func reconcilerRounds(t *testing.T, p *process) int {
	t.Helper()
	rounds := scrape(t, p)["pisano_port_call_duration_seconds IndexStore.Unfinished"]
	if rounds == 0 {
		t.Fatalf("%s counts no rounds of its reconciler", p.name)
	}
	return int(rounds)
}

func infoOf(t *testing.T, r *goredis.Client, field string) string {
	t.Helper()
	return infoOfSection(t, r, "stats", field)
}

func infoOfServer(t *testing.T, r *goredis.Client, field string) string {
	t.Helper()
	return infoOfSection(t, r, "server", field)
}

func infoOfSection(t *testing.T, r *goredis.Client, section, field string) string {
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

func TestCorruptedValueIsNeverServed(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, c := s.startAPI()
	w := s.startWorker()
	const n core.Index = 300_000
	c.mustSubmit(t, n)
	eventually(t, "the value", c.is(n, "calculated"))
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
	a, err := c.do(http.MethodGet, "/values/"+n.String()+"/digits", nil)
	if err == nil && a.status == http.StatusOK {
		t.Errorf("a damaged value was served, %d bytes", len(a.body))
	}
	eventually(t, "the value, again", c.is(n, "calculated"))
	measured(t, "answered %d, right again after %v", a.status, time.Since(begin).Round(time.Millisecond))
	c.wantRight(t, n)
	if times := w.calculations(); times != 2 {
		t.Errorf("calculated %d times", times)
	}
}

func TestValueThatThereIsNoRoomForIsFailedAndOthersAreServed(t *testing.T) {
	t.Parallel()
	s := newSystem(t, "--save", "", "--maxmemory", "4mb", "--maxmemory-policy", "volatile-lru")
	_, c := s.startAPI()
	s.startWorker()
	const n core.Index = 100_000_000 // 8.8 MB
	begin := time.Now()
	c.mustSubmit(t, n, 1000)
	eventually(t, "the value behind it", c.is(1000, "calculated"))
	eventually(t, "failure", c.is(n, "failed"))
	state, err := c.state(n)
	if err != nil || !strings.Contains(state.Reason, "room") {
		t.Errorf("failed as %+v, %v", state, err)
	}
	measured(t, "failed after %v: %s", time.Since(begin).Round(time.Millisecond), state.Reason)
}
