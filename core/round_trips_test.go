package core_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// A submission waits for few calls one after the other, however many it makes. In
// virtual time each call takes 100 µs, and nothing else takes any.
func TestSubmit_WaitsForFewCalls(t *testing.T) {
	t.Parallel()
	const roundTrip = 100 * time.Microsecond
	var mu sync.Mutex
	var calls []string
	inDomain(t, nil, func(dom *domain) {
		stop := dom.startWorker()
		dom.submit(1, 2, 3)
		dom.wait(1)
		dom.wait(2)
		dom.wait(3)
		synctest.Wait()
		stop()
		dom.ports = intercept.Ports(dom.ports, func(ctx context.Context, call intercept.Call) error {
			if call.Port() == "Calculator" {
				return call.Next(ctx)
			}
			mu.Lock()
			calls = append(calls, call.Name)
			mu.Unlock()
			time.Sleep(roundTrip)
			return call.Next(ctx)
		})
		dom.service = core.NewService(dom.ports, dom.broadcaster, core.Limits{}, quiet)
		for _, step := range []struct {
			name    string
			pause   time.Duration // since the last submission
			indices []core.Index
			trips   time.Duration
			calls   []string
		}{
			{"new", time.Second, []core.Index{101}, 3,
				[]string{"WorkQueue.Backlog", "ValueCache.Summaries", "IndexStore.Record", "WorkQueue.Enqueue", "Events.Publish"}},
			{"new, just after another", 0, []core.Index{102}, 3,
				[]string{"ValueCache.Summaries", "IndexStore.Record", "WorkQueue.Enqueue", "Events.Publish"}},
			{"known, pending", 0, []core.Index{101}, 3,
				[]string{"ValueCache.Summaries", "IndexStore.Record", "WorkQueue.Enqueue", "WorkQueue.Jobs", "Events.Publish"}},
			{"known, calculated", 0, []core.Index{1}, 2,
				[]string{"ValueCache.Summaries", "IndexStore.Record", "Events.Publish"}},
			{"known, calculated, after a while", time.Second, []core.Index{2}, 2,
				[]string{"WorkQueue.Backlog", "ValueCache.Summaries", "IndexStore.Record", "Events.Publish"}},
			{"of each kind", time.Second, []core.Index{3, 102, 103}, 3,
				[]string{"WorkQueue.Backlog", "ValueCache.Summaries", "IndexStore.Record", "WorkQueue.Enqueue", "WorkQueue.Jobs", "Events.Publish"}},
		} {
			time.Sleep(step.pause)
			calls = nil
			begin := time.Now()
			dom.submit(step.indices...)
			if trips := time.Since(begin) / roundTrip; trips != step.trips {
				dom.t.Errorf("%s: it waits for %d calls in sequence, want %d", step.name, trips, step.trips)
			}
			time.Sleep(roundTrip) // until the event is published
			synctest.Wait()
			slices.Sort(calls)
			slices.Sort(step.calls)
			if !slices.Equal(calls, step.calls) {
				dom.t.Errorf("%s: the calls are %q, want %q", step.name, calls, step.calls)
			}
		}
	})
}
