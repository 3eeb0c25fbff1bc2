package porttest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// TestWorkQueue checks that an implementation keeps the contract of
// core.WorkQueue. open returns two views, such as those of two processes, of
// one queue that holds nothing; subtests call it in parallel.
func TestWorkQueue(t *testing.T, open func(t *testing.T, claimPeriod time.Duration) (a, b core.WorkQueue)) {
	TestPartedWorkQueue(t, func(core.Index) int { return 0 }, open)
}

// TestPartedWorkQueue does the same for a queue of parts that each keep their
// order; partOf tells which of them an index belongs to.
func TestPartedWorkQueue(t *testing.T, partOf func(n core.Index) int, open func(t *testing.T, claimPeriod time.Duration) (a, b core.WorkQueue)) {
	// Long enough never to run out in a test, where that is not its subject.
	const long = time.Hour
	for name, test := range map[string]func(t *testing.T, a, b core.WorkQueue){
		"Enqueue/first in, first out":                       func(t *testing.T, a, b core.WorkQueue) { fifo(t, partOf, a, b) },
		"Enqueue/an index is in the queue once":             func(t *testing.T, a, b core.WorkQueue) { deduplicated(t, partOf, a, b) },
		"Enqueue/a claimed index is left alone":             claimedLeftAlone,
		"Claim/each index goes to one of many claimants":    manyClaimants,
		"Claim/waits for work from another process":         claimWaits,
		"Claim/an empty queue is not found":                 emptyQueue,
		"Claim/the end of the context ends the wait":        claimCanceled,
		"Acknowledge/removes the index, which may return":   acknowledged,
		"Release/hands the index back at once, not counted": released,
		"Jobs/tells waiting, claimed and unknown":           jobStates,
		"Backlog/counts what waits or is claimed":           backlogCounts,
		"Backlog/counts each index once, as first queued":   backlogDeduplicated,
		"Backlog/is exact after many changes at once":       backlogExact,
		"Workers/are those that are announced":              workersAnnounced,
		"Workers/one that falls silent is forgotten":        workersFallSilent,
		"Ping/a queue that is there answers":                func(t *testing.T, a, _ core.WorkQueue) { must(t, a.Ping(t.Context())) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := open(t, long)
			test(t, a, b)
		})
	}
	for name, test := range map[string]func(t *testing.T, a, b core.WorkQueue){
		"Claim/a silent claim runs out and is delivered again": claimRunsOut,
		"Renew/a lost claim is not found and harmless":         lostClaim,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := open(t, short)
			test(t, a, b)
		})
	}
	t.Run("Renew/keeps a claim for as long as it takes", func(t *testing.T) {
		t.Parallel()
		renewed(t, open)
	})
}

// short is a claim period that runs out while a test waits.
const short = 500 * time.Millisecond

func enqueue(t *testing.T, q core.WorkQueue, indices ...core.Index) int {
	t.Helper()
	added, err := q.Enqueue(t.Context(), "somebody", tasks(indices...)...)
	must(t, err)
	return added
}

// tasks are those of indices whose cost is of no matter.
func tasks(indices ...core.Index) []core.Task {
	all := make([]core.Task, len(indices))
	for i, n := range indices {
		all[i] = core.Task{Index: n, Cost: time.Millisecond}
	}
	return all
}

// claim takes the next index, which must be n if one is given.
func claim(t *testing.T, q core.WorkQueue, n core.Index) core.Claim {
	t.Helper()
	c, err := q.Claim(t.Context(), hangTimeout)
	must(t, err)
	if c.Index != n {
		t.Fatalf("claimed %d, want %d", c.Index, n)
	}
	return c
}

func wantEmpty(t *testing.T, q core.WorkQueue) {
	t.Helper()
	c, err := q.Claim(t.Context(), 20*time.Millisecond)
	if !core.IsNotFound(err) {
		t.Errorf("claimed %+v, %v from a queue that has nothing to give", c, err)
	}
}

// claimAll claims the given indices, from one view after the other: each once,
// and those of one part in the given order.
func claimAll(t *testing.T, partOf func(core.Index) int, indices []core.Index, views ...core.WorkQueue) {
	t.Helper()
	waiting := make(map[int][]core.Index)
	for _, n := range indices {
		waiting[partOf(n)] = append(waiting[partOf(n)], n)
	}
	for i := range indices {
		c, err := views[i%len(views)].Claim(t.Context(), hangTimeout)
		must(t, err)
		if c.Delivery != 1 {
			t.Errorf("first delivery is number %d", c.Delivery)
		}
		part := partOf(c.Index)
		if len(waiting[part]) == 0 || waiting[part][0] != c.Index {
			t.Fatalf("claimed %d when of its part %v were waiting", c.Index, waiting[part])
		}
		waiting[part] = waiting[part][1:]
	}
}

func fifo(t *testing.T, partOf func(core.Index) int, a, b core.WorkQueue) {
	indices := []core.Index{30, -10, 0}
	for n := range core.Index(100) {
		indices = append(indices, 1000-n)
	}
	indices = append(indices, core.MaxIndex, -core.MaxIndex)
	enqueue(t, a, indices[:50]...)
	enqueue(t, b, indices[50:]...)
	claimAll(t, partOf, indices, a, b)
	wantEmpty(t, a)
}

func deduplicated(t *testing.T, partOf func(core.Index) int, a, b core.WorkQueue) {
	if added := enqueue(t, a, 1, 2, 1); added != 2 {
		t.Errorf("added %d of two", added)
	}
	if added := enqueue(t, b, 2, 3, 1); added != 1 {
		t.Errorf("added %d of one", added)
	}
	if added := enqueue(t, b); added != 0 {
		t.Errorf("added %d of none", added)
	}
	claimAll(t, partOf, []core.Index{1, 2, 3}, a)
	wantEmpty(t, b)
}

func claimedLeftAlone(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1)
	claim(t, a, 1)
	if added := enqueue(t, b, 1); added != 0 {
		t.Errorf("added %d of an index that is claimed", added)
	}
	wantEmpty(t, b)
}

func manyClaimants(t *testing.T, a, b core.WorkQueue) {
	const count = 200
	var indices []core.Index
	for n := range core.Index(count) {
		indices = append(indices, n)
	}
	enqueue(t, a, indices...)
	var mu sync.Mutex
	seen := make(map[core.Index]int)
	var all sync.WaitGroup
	for i := range 8 {
		q := []core.WorkQueue{a, b}[i%2]
		all.Go(func() {
			for {
				c, err := q.Claim(t.Context(), 0)
				if core.IsNotFound(err) {
					return
				}
				if err == nil {
					err = q.Acknowledge(t.Context(), c)
				}
				if err != nil {
					t.Errorf("claimant: %v", err)
					return
				}
				mu.Lock()
				seen[c.Index]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	for _, n := range indices {
		if seen[n] != 1 {
			t.Errorf("%d was delivered %d times", n, seen[n])
		}
	}
}

func claimWaits(t *testing.T, a, b core.WorkQueue) {
	for n, q := range []core.WorkQueue{a, b} {
		waiting := make(chan struct{})
		var enqueued sync.WaitGroup
		enqueued.Go(func() {
			<-waiting
			if _, err := q.Enqueue(t.Context(), "somebody", tasks(core.Index(n))...); err != nil {
				t.Errorf("Enqueue: %v", err)
			}
		})
		close(waiting)
		claim(t, a, core.Index(n))
		enqueued.Wait()
	}
}

func emptyQueue(t *testing.T, a, _ core.WorkQueue) {
	for _, wait := range []time.Duration{0, 30 * time.Millisecond} {
		begin := time.Now()
		_, err := a.Claim(t.Context(), wait)
		wantKind(t, err, core.KindNotFound)
		if took := time.Since(begin); took < wait {
			t.Errorf("gave up after %v, told to wait %v", took, wait)
		}
	}
}

func claimCanceled(t *testing.T, a, _ core.WorkQueue) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := a.Claim(ctx, time.Minute)
	wantKind(t, err, core.KindCanceled)
}

func acknowledged(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1)
	c := claim(t, a, 1)
	must(t, b.Acknowledge(t.Context(), c))
	must(t, b.Acknowledge(t.Context(), c))
	wantKind(t, a.Renew(t.Context(), c, 0), core.KindNotFound)
	wantEmpty(t, a)
	if added := enqueue(t, b, 1); added != 1 {
		t.Error("an index that is done with could not be queued again")
	}
	if c := claim(t, a, 1); c.Delivery != 1 {
		t.Errorf("queued anew, its first delivery is number %d", c.Delivery)
	}
}

func released(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1)
	first := claim(t, a, 1)
	must(t, a.Release(t.Context(), first))
	second := claim(t, b, 1)
	if second.Delivery != 1 {
		t.Errorf("delivery %d after one that was handed back", second.Delivery)
	}
	// The first claim is lost, whatever it does.
	must(t, a.Release(t.Context(), first))
	must(t, a.Acknowledge(t.Context(), first))
	wantKind(t, a.Renew(t.Context(), first, 0.5), core.KindNotFound)
	wantEmpty(t, a)
	must(t, b.Renew(t.Context(), second, 0.5))
}

func jobStates(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1)
	c := claim(t, a, 1)
	enqueue(t, a, 2)
	must(t, a.Renew(t.Context(), c, 0.25))
	jobs, err := b.Jobs(t.Context(), 1, 2, 3)
	must(t, err)
	if len(jobs) != 2 || jobs[1] != (core.Job{Claimed: true, Progress: 0.25}) || jobs[2] != (core.Job{}) {
		t.Errorf("jobs %+v", jobs)
	}
	must(t, a.Release(t.Context(), c))
	jobs, err = b.Jobs(t.Context(), 1)
	must(t, err)
	if jobs[1] != (core.Job{}) {
		t.Errorf("a job handed back is %+v", jobs[1])
	}
	jobs, err = b.Jobs(t.Context())
	if len(jobs) != 0 || err != nil {
		t.Errorf("asked for none: %v, %v", jobs, err)
	}
}

func claimRunsOut(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1, 2)
	const deliveries = 3
	last := make(map[core.Index]int)
	claimed := make(map[core.Index]time.Time) // not later than the claim began
	for i := 0; last[1] < deliveries || last[2] < deliveries; i++ {
		begin := time.Now()
		c, err := []core.WorkQueue{a, b}[i%2].Claim(t.Context(), hangTimeout)
		must(t, err)
		if c.Delivery != last[c.Index]+1 {
			t.Errorf("delivery %d of %d, want %d", c.Delivery, c.Index, last[c.Index]+1)
		}
		if since := time.Since(claimed[c.Index]); c.Delivery > 1 && since < short {
			t.Errorf("delivery %d of %d came %v after a claim of %v began", c.Delivery, c.Index, since, short)
		}
		last[c.Index], claimed[c.Index] = c.Delivery, begin
	}
}

// renewed renews a claim in time for three claim periods. A machine that is too busy to do so is given a longer period.
func renewed(t *testing.T, open func(t *testing.T, claimPeriod time.Duration) (a, b core.WorkQueue)) {
	for period := short; ; period *= 8 {
		a, b := open(t, period)
		latest, delivered := renewInTime(t, a, b, period)
		if !delivered {
			return
		}
		if latest < period {
			t.Fatalf("a claim of %v was delivered again although it was renewed every %v at the latest", period, latest)
		}
		if period > hangTimeout {
			t.Fatalf("renewals %v apart are too late for a claim of %v", latest, period)
		}
		t.Logf("this machine was too busy to renew a claim of %v: it took %v", period, latest)
	}
}

// renewInTime renews a claim five times a period, for three of them, and returns how far apart renewals were at most and
// whether the index was delivered again meanwhile.
func renewInTime(t *testing.T, a, b core.WorkQueue, period time.Duration) (latest time.Duration, delivered bool) {
	t.Helper()
	enqueue(t, a, 1)
	renewal := time.Now() // not later than the claim, or the last renewal, began
	c := claim(t, a, 1)
	stolen := make(chan core.Claim, 1)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		if c, err := b.Claim(ctx, hangTimeout); err == nil {
			stolen <- c
		}
	}()
	tick := time.NewTicker(period / 5)
	defer tick.Stop()
	for i := range 15 {
		<-tick.C
		begin := time.Now()
		err := a.Renew(t.Context(), c, float64(i)/15)
		latest = max(latest, time.Since(renewal))
		if core.IsNotFound(err) {
			return latest, true
		}
		must(t, err)
		renewal = begin
	}
	must(t, a.Acknowledge(t.Context(), c))
	select {
	case <-stolen:
		return latest, true
	default:
		return latest, false
	}
}

func lostClaim(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1)
	lost := claim(t, a, 1)
	c := claim(t, b, 1) // once the first has run out
	wantKind(t, a.Renew(t.Context(), lost, 0.9), core.KindNotFound)
	must(t, a.Acknowledge(t.Context(), lost))
	must(t, a.Release(t.Context(), lost))
	for {
		begin := time.Now()
		must(t, b.Renew(t.Context(), c, 0.1))
		jobs, err := a.Jobs(t.Context(), 1)
		must(t, err)
		if jobs[1].Claimed && jobs[1].Progress == 0.1 {
			return
		}
		if took := time.Since(begin); took < short || took > hangTimeout { // else the claim has run out meanwhile
			t.Fatalf("the job of the second claim is %+v, %v after it was renewed", jobs[1], took)
		}
	}
}
