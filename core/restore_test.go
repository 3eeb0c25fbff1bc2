package core_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// calculatedAndEvicted has indices calculated and loses their values. No worker
// runs afterwards.
func (dom *domain) calculatedAndEvicted(indices ...core.Index) {
	dom.t.Helper()
	stop := dom.startWorker()
	for _, n := range indices {
		dom.submits("first", n)
		dom.wait(n)
		synctest.Wait() // until it has left the queue
		dom.cache.Evict(n)
	}
	stop()
}

// reads returns an error for each way to read a value.
func (dom *domain) reads(reader string, n core.Index) map[string]error {
	_, status := dom.service.Status(dom.t.Context(), reader, n)
	_, await := dom.service.Await(dom.t.Context(), reader, n, time.Second)
	_, digits := dom.service.Digits(dom.t.Context(), reader, n, 0, 1)
	_, summary := dom.service.Summary(dom.t.Context(), reader, n)
	return map[string]error{"Status": status, "Await": await, "Digits": digits, "Summary": summary}
}

func TestRestore_IsAdmittedAndChargedToItsReader(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(dom *domain) {
		var indices []core.Index
		for k := range core.Index(20) {
			indices = append(indices, 1000*k+10)
		}
		dom.calculatedAndEvicted(indices...)
		restored := 0
		for _, n := range indices {
			if _, err := dom.service.Status(dom.t.Context(), "reader", n); err == nil {
				restored++
			}
		}
		backlog, err := dom.queue.Backlog(dom.t.Context(), "reader")
		if err != nil || restored != 4 || backlog.Tasks != restored || backlog.Own != backlog.All || backlog.Own > 50*time.Second {
			t.Errorf("one reader had %d values restored, the backlog is %+v, %v", restored, backlog, err)
		}
		last := indices[len(indices)-1]
		for way, err := range dom.reads("reader", last) {
			var e *core.Error
			if !errors.As(err, &e) || e.Kind != core.KindOverloaded || e.Wait <= 0 || !strings.Contains(e.Message, "Try again in about ") {
				t.Errorf("%s of a value that admission refuses to restore: %v", way, err)
			}
		}
		if r := dom.record(last); r.State != core.StateCalculated {
			t.Errorf("a restore that was refused left the record %v", r.State)
		}
		dom.submits("writer", 20) // others have their shares
		if _, err := dom.service.Status(dom.t.Context(), "another reader", last); err != nil {
			t.Errorf("another reader: %v", err)
		}
	})
}

func TestRestore_IsAcceptedAfterTheWait(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(dom *domain) {
		dom.calculatedAndEvicted(40, 1030)
		dom.status(40)
		_, err := dom.service.Status(dom.t.Context(), "a reader", 1030)
		var e *core.Error
		if !errors.As(err, &e) || e.Kind != core.KindOverloaded {
			t.Fatalf("beyond half the bound: %v", err)
		}
		dom.calculator.takes = 40 * time.Second
		dom.startWorker()
		time.Sleep(e.Wait)
		synctest.Wait()
		dom.wait(1030)
	})
}

func TestRestore_OfWhatIsBeingCalculatedIsFree(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(dom *domain) {
		dom.calculatedAndEvicted(20, 1020)
		dom.submits("one", 45)
		dom.submits("two", 20) // evicted, and now somebody else's work
		for _, err := range dom.reads("one", 1020) {
			dom.wantKind(err, core.KindOverloaded)
		}
		for _, n := range []core.Index{20, 45} {
			for way, err := range dom.reads("one", n) {
				if err != nil && core.KindOf(err) != core.KindNotReady {
					t.Errorf("%s of an index that is queued: %v", way, err)
				}
			}
		}
		if backlog, err := dom.queue.Backlog(dom.t.Context(), "one"); err != nil || backlog.Own >= 46*time.Second {
			t.Errorf("the reader is charged %v, %v", backlog.Own, err)
		}
	})
}

// evictAfterMark returns an interceptor of a worker's calls that evicts each value
// immediately after its record is marked, as a cache that is too small does.
func (dom *domain) evictAfterMark() intercept.Interceptor {
	return intercept.On("IndexStore.MarkCalculated", func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		for _, n := range call.Indices() {
			dom.cache.Evict(n)
		}
		return err
	})
}

func TestRestore_OneRequestHasAValueCalculatedAgainAtMostOnce(t *testing.T) {
	t.Parallel()
	inDomain(t, func(dom *domain) { dom.intercept("Events.Publish", intercept.Drop) }, func(dom *domain) {
		dom.startWorker(dom.evictAfterMark())
		dom.submit(40)
		synctest.Wait() // until the value is evicted
		_, err := dom.service.Await(dom.t.Context(), "a reader", 40, time.Minute)
		var e *core.Error
		if !errors.As(err, &e) || e.Kind != core.KindOverloaded || e.Wait <= 0 || !strings.Contains(e.Message, "no room to keep F(40)") {
			t.Errorf("waiting for a value that the cache does not keep: %v", err)
		}
		dom.stopAll()
		if n := dom.calculator.begun[40]; n != 2 {
			t.Errorf("calculated %d times for a submission and a request, want 2", n)
		}
	})
}

// A waiting request is served by the calculation it waits for, however soon the
// cache loses the value.
func TestRestore_IsNotNeededByThoseWhoWaitForTheCalculation(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculator.takes = time.Second
		dom.startWorker(dom.evictAfterMark())
		dom.submit(40)
		for range 2 { // by the calculation of the submission, then by that of a restore
			begin := time.Now()
			status, err := dom.service.Await(dom.t.Context(), "a reader", 40, time.Minute)
			if err != nil || status.State != core.StateCalculated || status.Summary == nil || status.Summary.Digits != "102334155" {
				dom.t.Fatalf("waiting for F(40): %+v, %v", status, err)
			}
			if took := time.Since(begin); took != dom.calculator.takes {
				dom.t.Errorf("a calculation takes %v, the wait %v", dom.calculator.takes, took)
			}
			synctest.Wait()
		}
		dom.stopAll()
		if n := dom.calculator.begun[40]; n != 2 {
			dom.t.Errorf("calculated %d times for two requests, want 2", n)
		}
	})
}

// A client that asks on and on does not have the value calculated as often.
func TestRestore_BacksOffFromAValueThatIsNotKept(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.startWorker(dom.evictAfterMark())
		dom.startReconciler()
		dom.submit(40)
		for begin := time.Now(); time.Since(begin) < 10*time.Minute; time.Sleep(100 * time.Millisecond) {
			for way, err := range dom.reads("a reader", 40) {
				var e *core.Error
				switch {
				case err == nil, core.KindOf(err) == core.KindNotReady:
				case !errors.As(err, &e) || e.Kind != core.KindOverloaded || e.Wait <= 0 || e.Wait > time.Minute:
					t.Fatalf("%s: %v", way, err)
				}
			}
		}
		// One for the submission, about six in the first minute, one in each of the
		// others.
		dom.stopAll()
		n := dom.calculator.begun[40]
		dom.t.Logf("calculated %d times in ten minutes", n)
		if n < 10 || n > 17 {
			t.Errorf("calculated %d times in ten minutes", n)
		}
	})
}

// Readers that find a value lost at the same time have it restored together.
func TestRestore_OfConcurrentReadersCountsOnce(t *testing.T) {
	t.Parallel()
	var reopened atomic.Int64
	inDomain(t, func(dom *domain) {
		dom.intercept("IndexStore", intercept.Delay(10*time.Millisecond))
		dom.intercept("IndexStore.Reopen", intercept.Before(func() { reopened.Add(1) }))
	}, func(dom *domain) {
		dom.calculatedAndEvicted(40)
		var all sync.WaitGroup
		for k := range 100 {
			all.Go(func() {
				time.Sleep(time.Duration(k) * time.Millisecond)
				dom.status(40)
			})
		}
		all.Wait()
		dom.startWorker()
		dom.wait(40)
		dom.stopAll()
		if n := dom.calculator.begun[40]; n != 2 {
			t.Errorf("calculated %d times, want 2: once, and once for a hundred readers", n)
		}
		if n := reopened.Load(); n != 1 {
			t.Errorf("its record was reopened %d times for a hundred readers", n)
		}
	})
}

func TestRestore_IsImmediateAgainAfterAWhile(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.startWorker()
		dom.submit(40)
		for range 5 {
			for range 2 {
				dom.wait(40)
				synctest.Wait()
				dom.cache.Evict(40)
				dom.status(40)
			}
			dom.wait(40)
			synctest.Wait()
			dom.cache.Evict(40)
			_, err := dom.service.Status(dom.t.Context(), "a reader", 40)
			dom.wantKind(err, core.KindOverloaded)
			time.Sleep(10 * time.Minute)
			dom.status(40)
			time.Sleep(10 * time.Minute)
		}
	})
}

// The revisions of an index begin again once its record was deleted.
func TestRestore_KnowsARecordThatIsNew(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculatedAndEvicted(40)
		dom.status(40)
		stop := dom.startWorker()
		dom.wait(40)
		synctest.Wait()
		stop()
		if deleted, err := dom.store.Prune(dom.t.Context(), time.Now().Add(time.Hour), 10); err != nil || deleted != 1 {
			dom.t.Fatalf("%d records deleted, %v", deleted, err)
		}
		dom.cache.Evict(40)
		dom.calculatedAndEvicted(40)
		time.Sleep(time.Minute)
		dom.status(40)
		if jobs, err := dom.queue.Jobs(dom.t.Context(), 40); err != nil || len(jobs) != 1 {
			t.Errorf("the value of a new record was lost and read; its jobs are %v, %v", jobs, err)
		}
	})
}
