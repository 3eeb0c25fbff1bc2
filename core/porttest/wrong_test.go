package porttest_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/core/porttest"
)

// wrongImplementation names the implementation that a process of its own tests.
const wrongImplementation = "PISANO_TEST_WRONG_IMPLEMENTATION"

// TestWrongImplementationsFailQuickly runs the suites on implementations that
// break the contract, each in a process of its own: it must fail, say what the
// contract is, and take neither long nor much memory.
func TestWrongImplementationsFailQuickly(t *testing.T) {
	t.Parallel()
	if name := os.Getenv(wrongImplementation); name != "" {
		t.Cleanup(func() {
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			fmt.Printf("memory: %d MiB\n", memory.Sys>>20)
		})
		wrongs[name].test(t)
		return
	}
	for name, wrong := range wrongs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWrongImplementationsFailQuickly$", "-test.timeout=2m")
			child.Env = append(os.Environ(), wrongImplementation+"="+name)
			begin := time.Now()
			out, err := child.CombinedOutput()
			took := time.Since(begin).Round(time.Millisecond)
			if err == nil {
				t.Fatal("it passes")
			}
			if !strings.Contains(string(out), wrong.says) {
				t.Errorf("the report does not say %q:\n%.5000s", wrong.says, out)
			}
			peak := regexp.MustCompile(`memory: (\d+) MiB`).FindSubmatch(out)
			if peak == nil {
				t.Fatalf("it did not come to its end within %v:\n%.5000s", took, out)
			}
			if size, err := strconv.Atoi(string(peak[1])); err != nil || size > 256 {
				t.Errorf("it took %s MiB of memory", peak[1])
			}
			if len(out) > 1<<20 {
				t.Errorf("the report has %d bytes", len(out))
			}
			t.Logf("failed after %v, with %s MiB of memory", took, peak[1])
		})
	}
}

var wrongs = map[string]struct {
	says string
	test func(t *testing.T)
}{
	"a store that lists one page for ever": {"newest first", storeTest(func(s core.IndexStore) core.IndexStore { return repeatingStore{s} })},
	"a store whose lists never end":        {"the pages must end", storeTest(func(s core.IndexStore) core.IndexStore { return endlessStore{s} })},
	"a store whose answers grow": {"no more than the limit", storeTest(func(s core.IndexStore) core.IndexStore {
		return &growingStore{IndexStore: s}
	})},
	"a store that drops all after 101":     {"5000 were recorded", storeTest(func(s core.IndexStore) core.IndexStore { return droppingStore{s} })},
	"a cache that lists one page for ever": {"newest first", cacheTest(func(c core.ValueCache) core.ValueCache { return repeatingCache{c} })},
	"a cache whose lists never end":        {"the pages must end", cacheTest(func(c core.ValueCache) core.ValueCache { return endlessCache{c} })},
	"a cache that drops all after 101":     {"5000 that were put at once", cacheTest(func(c core.ValueCache) core.ValueCache { return droppingCache{c} })},
	"a queue that always has a task": {"has nothing to give", queueTest(time.Hour, func(q core.WorkQueue) core.WorkQueue {
		return &endlessQueue{WorkQueue: q}
	})},
	"a queue whose claims grow":             {"no more than the limit", queueTest(time.Hour, func(q core.WorkQueue) core.WorkQueue { return &growingQueue{WorkQueue: q} })},
	"a queue that drops all after 101":      {"added 101 of 5000", queueTest(time.Hour, func(q core.WorkQueue) core.WorkQueue { return droppingQueue{q} })},
	"a queue without leases":                {"has nothing to give", queueTest(0, func(q core.WorkQueue) core.WorkQueue { return q })},
	"a queue whose Claim waits":             {"must not wait", queueTest(time.Hour, func(q core.WorkQueue) core.WorkQueue { return waitingQueue{q} })},
	"a registry that grows":                 {"those that are alive", registryTest(func(r core.WorkerRegistry) core.WorkerRegistry { return &growingRegistry{WorkerRegistry: r} })},
	"a calculator that ignores its context": {"want the cause", calculatorTest(func(c core.Calculator) core.Calculator { return deafCalculator{c} })},
	"a calculator that leaves a goroutine":  {"a goroutine is left behind", calculatorTest(func(c core.Calculator) core.Calculator { return leakingCalculator{c} })},
	"a calculator off by one":               {"want exactly", calculatorTest(func(c core.Calculator) core.Calculator { return shiftedCalculator{c} })},
	"events that never end":                 {"more events came than were published", eventsTest(func(e core.Events) core.Events { return endlessEvents{e} })},
}

func storeTest(spoil func(core.IndexStore) core.IndexStore) func(*testing.T) {
	return func(t *testing.T) {
		porttest.TestIndexStore(t, func(*testing.T) core.IndexStore { return spoil(new(memory.IndexStore)) })
	}
}

func cacheTest(spoil func(core.ValueCache) core.ValueCache) func(*testing.T) {
	return func(t *testing.T) {
		porttest.TestValueCache(t, func(*testing.T) porttest.DamageableCache {
			c := new(memory.ValueCache)
			return porttest.DamageableCache{ValueCache: spoil(c), Flush: c.Flush, Evict: c.Evict, Damage: c.Damage}
		})
	}
}

func queueTest(longest time.Duration, spoil func(core.WorkQueue) core.WorkQueue) func(*testing.T) {
	return func(t *testing.T) {
		porttest.TestWorkQueue(t, func(_ *testing.T, lease time.Duration) (a, b core.WorkQueue) {
			q := spoil(memory.NewWorkQueue(min(lease, longest)))
			return q, q
		})
	}
}

func calculatorTest(spoil func(core.Calculator) core.Calculator) func(*testing.T) {
	return func(t *testing.T) {
		porttest.TestCalculator(t, func(*testing.T) core.Calculator { return spoil(fibonacci.New()) })
	}
}

func registryTest(spoil func(core.WorkerRegistry) core.WorkerRegistry) func(*testing.T) {
	return func(t *testing.T) {
		porttest.TestWorkerRegistry(t, func(*testing.T) (a, b core.WorkerRegistry) {
			r := spoil(new(memory.WorkerRegistry))
			return r, r
		})
	}
}

func eventsTest(spoil func(core.Events) core.Events) func(*testing.T) {
	return func(t *testing.T) {
		porttest.TestEvents(t, func(*testing.T) (a, b core.Events) {
			e := spoil(new(memory.Events))
			return e, e
		})
	}
}

type repeatingStore struct{ core.IndexStore }

func (s repeatingStore) List(ctx context.Context, _ int64, limit int) ([]core.Record, error) {
	return s.IndexStore.List(ctx, 0, limit)
}

type endlessStore struct{ core.IndexStore }

func (s endlessStore) List(_ context.Context, before int64, limit int) ([]core.Record, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	page := make([]core.Record, limit)
	for i := range page {
		page[i].Sequence = before - 1 - int64(i)
	}
	return page, nil
}

// growingStore answers with twice as much each time.
type growingStore struct {
	core.IndexStore
	calls atomic.Int64
}

func (s *growingStore) List(context.Context, int64, int) ([]core.Record, error) {
	return make([]core.Record, 16<<min(s.calls.Add(1), 12)), nil
}

func (s *growingStore) Unfinished(context.Context, string, int) ([]core.Index, error) {
	return make([]core.Index, 16<<min(s.calls.Add(1), 12)), nil
}

type droppingStore struct{ core.IndexStore }

func (s droppingStore) Record(ctx context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
	kept := submissions[:min(len(submissions), 101)]
	records, err := s.IndexStore.Record(ctx, at, kept)
	for _, sub := range submissions[len(kept):] {
		records = append(records, core.Record{Index: sub.Index, Submissions: 1, Revision: 1})
	}
	return records, err
}

type repeatingCache struct{ core.ValueCache }

func (c repeatingCache) List(ctx context.Context, _ core.Position, limit int) ([]core.Summary, error) {
	return c.ValueCache.List(ctx, core.Position{}, limit)
}

type endlessCache struct{ core.ValueCache }

func (c endlessCache) List(_ context.Context, after core.Position, limit int) ([]core.Summary, error) {
	page := make([]core.Summary, limit)
	for i := range page {
		if after.IsZero() {
			after.CalculatedAt = time.Now()
		}
		after.CalculatedAt = after.CalculatedAt.Add(-time.Microsecond)
		page[i].CalculatedAt = after.CalculatedAt
	}
	return page, nil
}

type droppingCache struct{ core.ValueCache }

func (c droppingCache) Put(ctx context.Context, values ...core.Value) error {
	return c.ValueCache.Put(ctx, values[:min(len(values), 101)]...)
}

// endlessQueue makes up a task when it has none.
type endlessQueue struct {
	core.WorkQueue
	claims atomic.Int64
}

func (q *endlessQueue) Claim(ctx context.Context, limit core.ClaimLimit) ([]core.Claim, error) {
	claims, err := q.WorkQueue.Claim(ctx, limit)
	if err == nil && len(claims) == 0 {
		n := q.claims.Add(1)
		claims = []core.Claim{{Index: core.Index(n), Delivery: 1, Token: strconv.FormatInt(n, 10), Lease: time.Hour}}
	}
	return claims, err
}

// growingQueue hands out twice as much each time.
type growingQueue struct {
	core.WorkQueue
	calls atomic.Int64
}

func (q *growingQueue) Claim(ctx context.Context, limit core.ClaimLimit) ([]core.Claim, error) {
	claims, err := q.WorkQueue.Claim(ctx, limit)
	if len(claims) == 0 {
		return claims, err
	}
	return slices.Repeat(claims[:1], 16<<min(q.calls.Add(1), 12)), err
}

type droppingQueue struct{ core.WorkQueue }

func (q droppingQueue) Enqueue(ctx context.Context, submitter string, tasks ...core.Task) (int, error) {
	return q.WorkQueue.Enqueue(ctx, submitter, tasks[:min(len(tasks), 101)]...)
}

// waitingQueue waits for a task.
type waitingQueue struct{ core.WorkQueue }

func (q waitingQueue) Claim(ctx context.Context, limit core.ClaimLimit) ([]core.Claim, error) {
	claims, err := q.WorkQueue.Claim(ctx, limit)
	if err == nil && len(claims) == 0 {
		time.Sleep(200 * time.Millisecond)
	}
	return claims, err
}

type growingRegistry struct {
	core.WorkerRegistry
	calls atomic.Int64
}

func (r *growingRegistry) List(context.Context) ([]core.WorkerInfo, error) {
	return make([]core.WorkerInfo, 16<<min(r.calls.Add(1), 12)), nil
}

// endlessEvents has subscribers receive events that no one has published.
type endlessEvents struct{ core.Events }

func (e endlessEvents) Subscribe(ctx context.Context) (<-chan core.Event, error) {
	ch := make(chan core.Event)
	go func() {
		for {
			select {
			case ch <- core.Event{}:
			case <-ctx.Done():
				close(ch)
				return
			}
		}
	}()
	return ch, nil
}

type deafCalculator struct{ core.Calculator }

func (c deafCalculator) Calculate(_ context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	return c.Calculator.Calculate(context.Background(), n, progress)
}

// leakingCalculator leaves a goroutine when it is canceled.
type leakingCalculator struct{ core.Calculator }

func (c leakingCalculator) Calculate(ctx context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	f, err := c.Calculator.Calculate(ctx, n, progress)
	if err != nil {
		go time.Sleep(time.Hour)
	}
	return f, err
}

// shiftedCalculator takes an index for one that is close.
type shiftedCalculator struct{ core.Calculator }

func (c shiftedCalculator) Estimate(n core.Index) core.Estimate {
	return c.Calculator.Estimate(n/2 + n/2 + 5)
}

func (c shiftedCalculator) Calculate(ctx context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	return c.Calculator.Calculate(ctx, n/2+n/2+1, progress)
}
