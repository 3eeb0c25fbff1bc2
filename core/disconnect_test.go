package core_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// inSlowAdmission runs a test on a domain whose maximum backlog is 100 seconds and
// whose service has an interceptor before the calls of a port or a method.
func inSlowAdmission(t *testing.T, name string, i intercept.Interceptor, test func(dom *domain)) {
	t.Helper()
	const maxBacklog = 100 * time.Second
	inAdmission(t, maxBacklog, func(dom *domain) {
		dom.intercept(name, i)
		dom.service = core.NewService(dom.ports, dom.broadcaster, core.Limits{MaxBacklog: maxBacklog}, quiet)
		test(dom)
	})
}

// disconnecting submits indices for a submitter that disconnects after the given time.
func (dom *domain) disconnecting(after time.Duration, submitter string, indices ...core.Index) error {
	ctx, disconnect := context.WithCancel(dom.t.Context())
	defer time.AfterFunc(after, disconnect).Stop()
	_, err := dom.service.Submit(ctx, submitter, indices...)
	return err
}

func TestDisconnect_DuringTheLookupSubmitsNothing(t *testing.T) {
	t.Parallel()
	for _, port := range []string{"ValueCache.Summaries", "WorkQueue.Backlog"} {
		inSlowAdmission(t, port, intercept.Delay(5*time.Millisecond), func(dom *domain) {
			var all sync.WaitGroup
			for k := range core.Index(60) {
				all.Go(func() {
					if err := dom.disconnecting(2*time.Millisecond, "impatient", 1000*k+90); !errors.Is(err, context.Canceled) {
						dom.t.Errorf("submitted by a submitter that has disconnected: %v", err)
					}
				})
			}
			all.Wait()
			time.Sleep(time.Minute)
			if n := dom.submissions(); n > 0 {
				dom.t.Errorf("%d submissions were recorded after their submitter disconnected during %s", n, port)
			}
			dom.submits("impatient", 40)
		})
	}
}

func TestDisconnect_BeforeTheCommitBeginsRecordsNothing(t *testing.T) {
	t.Parallel()
	inSlowAdmission(t, "IndexStore.Record", intercept.Delay(time.Second), func(dom *domain) {
		var all sync.WaitGroup
		all.Go(func() { dom.submits("first", 1) })
		time.Sleep(100 * time.Millisecond) // the first is being committed
		all.Go(func() { dom.submits("second", 2) })
		begin := time.Now()
		if err := dom.disconnecting(500*time.Millisecond, "third", 2, 3); !errors.Is(err, context.Canceled) {
			dom.t.Errorf("withdrawn: %v", err)
		}
		if took := time.Since(begin); took != 500*time.Millisecond {
			dom.t.Errorf("it took %v to disconnect, want 500 ms", took)
		}
		all.Wait()
		time.Sleep(time.Minute)
		if n := dom.submissions(); n != 2 || dom.record(2).Submissions != 1 {
			dom.t.Errorf("%d submissions were recorded, want the 2 whose submitters stayed", n)
		}
		dom.submits("third", 40) // 3 is not charged
	})
}

// The work of a submitter that has disconnected counts until it is in the queue, and
// then in the queue.
func TestDisconnect_DuringTheCommitKeepsTheCharge(t *testing.T) {
	t.Parallel()
	inSlowAdmission(t, "IndexStore.Record", intercept.Delay(time.Second), func(dom *domain) {
		var all sync.WaitGroup
		all.Go(func() {
			if err := dom.disconnecting(100*time.Millisecond, "greedy", 45); err != nil {
				dom.t.Errorf("a commit that has begun is completed: %v", err)
			}
		})
		for range 20 {
			time.Sleep(150 * time.Millisecond) // never at the instant of the commit
			dom.refused("greedy", 44)
		}
		all.Wait()
		backlog, err := dom.queue.Backlog(dom.t.Context(), "greedy")
		if err != nil || backlog.Own < 45*time.Second || backlog.Tasks != 1 {
			dom.t.Errorf("the backlog of the submitter that left is %+v, %v", backlog, err)
		}
	})
}

// A deadline of the caller is not taken for a queue that can't be read.
func TestDisconnect_AtADeadlineSubmitsNothing(t *testing.T) {
	t.Parallel()
	inSlowAdmission(t, "WorkQueue.Backlog", intercept.Hang, func(dom *domain) {
		ctx, cancel := context.WithTimeout(dom.t.Context(), 500*time.Millisecond)
		defer cancel()
		if _, err := dom.service.Submit(ctx, "one", 90); !errors.Is(err, context.DeadlineExceeded) {
			dom.t.Errorf("submitted past its deadline: %v", err)
		}
		time.Sleep(time.Minute)
		if n := dom.submissions(); n > 0 {
			dom.t.Errorf("%d submissions were recorded", n)
		}
		dom.submits("one", 90) // without a deadline it does not depend on the queue
	})
}

// A store that hangs collects neither submissions without bound nor any that
// their submitters no longer wait for.
func TestRecord_HangingStoreCollectsABoundedNumber(t *testing.T) {
	t.Parallel()
	var hanging atomic.Bool
	inDomain(t, func(dom *domain) {
		dom.intercept("IndexStore.Record", intercept.When(hanging.Load, intercept.Hang))
	}, func(dom *domain) {
		hanging.Store(true)
		const calls, each, waiting = 60, 1000, 21 // one is being committed, twenty wait
		var mu sync.Mutex
		refused, unavailable := 0, 0
		begin := time.Now()
		var all sync.WaitGroup
		for k := range core.Index(calls) {
			all.Go(func() {
				time.Sleep(time.Duration(k) * time.Millisecond)
				indices := make([]core.Index, each)
				for i := range indices {
					indices[i] = k*each + core.Index(i)
				}
				_, err := dom.service.Submit(dom.t.Context(), k.String(), indices...)
				mu.Lock()
				defer mu.Unlock()
				var e *core.Error
				switch {
				case core.KindOf(err) == core.KindUnavailable:
					unavailable++
				case errors.As(err, &e) && e.Kind == core.KindOverloaded && e.Wait >= time.Second:
					refused++
				default:
					dom.t.Errorf("submitted to a store that hangs: %v", err)
				}
			})
		}
		all.Wait()
		if unavailable != waiting || refused != calls-waiting {
			dom.t.Errorf("%d calls waited and %d were refused, want %d and %d", unavailable, refused, waiting, calls-waiting)
		}
		if took := time.Since(begin); took > 21*time.Second {
			dom.t.Errorf("the last answer came after %v", took)
		}
		hanging.Store(false)
		dom.submit(7)
		time.Sleep(time.Minute)
		if n := dom.submissions(); n != 1 {
			dom.t.Errorf("%d submissions were recorded after the store was back, want 1", n)
		}
	})
}

// An index that was once in flight to the queue is charged again when it has to be
// calculated again.
func TestAdmission_IndexInFlightOnceIsNotFreeForever(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(dom *domain) {
		stop := dom.startWorker()
		dom.submits("one", 45)
		dom.wait(45)
		stop()
		dom.cache.Evict(45)
		dom.submits("one", 40)
		dom.refused("one", 45)
	})
}
