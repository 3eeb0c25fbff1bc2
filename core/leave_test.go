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

// inSlowAdmission runs a test in a world whose maximum backlog is 100 seconds and
// whose service has an interceptor before the calls of a port or a method.
func inSlowAdmission(t *testing.T, name string, i intercept.Interceptor, test func(w *world)) {
	t.Helper()
	const maxBacklog = 100 * time.Second
	inAdmission(t, maxBacklog, func(w *world) {
		w.intercept(name, i)
		w.service = core.NewService(w.ports, w.broadcaster, core.Limits{MaxBacklog: maxBacklog}, quiet)
		test(w)
	})
}

// leaving submits indices for a submitter that leaves after the given time.
func (w *world) leaving(after time.Duration, submitter string, indices ...core.Index) error {
	ctx, leave := context.WithCancel(w.t.Context())
	defer time.AfterFunc(after, leave).Stop()
	_, err := w.service.Submit(ctx, submitter, indices...)
	return err
}

func TestLeave_DuringTheLookupSubmitsNothing(t *testing.T) {
	t.Parallel()
	for _, port := range []string{"ValueCache.Summaries", "WorkQueue.Backlog"} {
		inSlowAdmission(t, port, intercept.Delay(5*time.Millisecond), func(w *world) {
			var all sync.WaitGroup
			for k := range core.Index(60) {
				all.Go(func() {
					if err := w.leaving(2*time.Millisecond, "impatient", 1000*k+90); !errors.Is(err, context.Canceled) {
						w.t.Errorf("submitted by somebody who has left: %v", err)
					}
				})
			}
			all.Wait()
			time.Sleep(time.Minute)
			if n := w.submissions(); n > 0 {
				w.t.Errorf("%d submissions were recorded after their submitter left during %s", n, port)
			}
			w.submits("impatient", 40)
		})
	}
}

func TestLeave_BeforeTheCommitBeginsRecordsNothing(t *testing.T) {
	t.Parallel()
	inSlowAdmission(t, "IndexStore.Record", intercept.Delay(time.Second), func(w *world) {
		var all sync.WaitGroup
		all.Go(func() { w.submits("first", 1) })
		time.Sleep(100 * time.Millisecond) // the first is being committed
		all.Go(func() { w.submits("second", 2) })
		begin := time.Now()
		if err := w.leaving(500*time.Millisecond, "third", 2, 3); !errors.Is(err, context.Canceled) {
			w.t.Errorf("withdrawn: %v", err)
		}
		if took := time.Since(begin); took != 500*time.Millisecond {
			w.t.Errorf("it took %v to leave, want 500 ms", took)
		}
		all.Wait()
		time.Sleep(time.Minute)
		if n := w.submissions(); n != 2 || w.record(2).Submissions != 1 {
			w.t.Errorf("%d submissions were recorded, want the 2 whose submitters stayed", n)
		}
		w.submits("third", 40) // 3 is not charged
	})
}

// The work of a submitter that has left counts until it is in the queue, and
// then in the queue.
func TestLeave_DuringTheCommitKeepsTheCharge(t *testing.T) {
	t.Parallel()
	inSlowAdmission(t, "IndexStore.Record", intercept.Delay(time.Second), func(w *world) {
		var all sync.WaitGroup
		all.Go(func() {
			if err := w.leaving(100*time.Millisecond, "greedy", 45); err != nil {
				w.t.Errorf("a commit that has begun is completed: %v", err)
			}
		})
		for range 20 {
			time.Sleep(200 * time.Millisecond)
			w.refused("greedy", 44)
		}
		all.Wait()
		backlog, err := w.queue.Backlog(w.t.Context(), "greedy")
		if err != nil || backlog.Own < 45*time.Second || backlog.Tasks != 1 {
			w.t.Errorf("the backlog of the submitter that left is %+v, %v", backlog, err)
		}
	})
}

// A deadline of the caller is not taken for a queue that can't be read.
func TestLeave_AtADeadlineSubmitsNothing(t *testing.T) {
	t.Parallel()
	inSlowAdmission(t, "WorkQueue.Backlog", intercept.Hang, func(w *world) {
		ctx, cancel := context.WithTimeout(w.t.Context(), 500*time.Millisecond)
		defer cancel()
		if _, err := w.service.Submit(ctx, "one", 90); !errors.Is(err, context.DeadlineExceeded) {
			w.t.Errorf("submitted past its deadline: %v", err)
		}
		time.Sleep(time.Minute)
		if n := w.submissions(); n > 0 {
			w.t.Errorf("%d submissions were recorded", n)
		}
		w.submits("one", 90) // without a deadline it does not depend on the queue
	})
}

// A store that hangs collects neither submissions without bound nor any that
// their submitters no longer wait for.
func TestRecord_HangingStoreCollectsABoundedNumber(t *testing.T) {
	t.Parallel()
	var hanging atomic.Bool
	inWorld(t, func(w *world) {
		w.intercept("IndexStore.Record", intercept.When(hanging.Load, intercept.Hang))
	}, func(w *world) {
		hanging.Store(true)
		const calls, each, room = 60, 1000, 21 // one is being committed, twenty wait
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
				_, err := w.service.Submit(w.t.Context(), k.String(), indices...)
				mu.Lock()
				defer mu.Unlock()
				var e *core.Error
				switch {
				case core.KindOf(err) == core.KindUnavailable:
					unavailable++
				case errors.As(err, &e) && e.Kind == core.KindOverloaded && e.Wait >= time.Second:
					refused++
				default:
					w.t.Errorf("submitted to a store that hangs: %v", err)
				}
			})
		}
		all.Wait()
		if unavailable != room || refused != calls-room {
			w.t.Errorf("%d calls waited and %d were refused, want %d and %d", unavailable, refused, room, calls-room)
		}
		if took := time.Since(begin); took > 21*time.Second {
			w.t.Errorf("the last answer came after %v", took)
		}
		hanging.Store(false)
		w.submit(7)
		time.Sleep(time.Minute)
		if n := w.submissions(); n != 1 {
			w.t.Errorf("%d submissions were recorded after the store was back, want 1", n)
		}
	})
}

// An index that was once in flight to the queue is charged again when it needs
// room again.
func TestAdmission_IndexInFlightOnceIsNotFreeForever(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(w *world) {
		stop := w.startWorker()
		w.submits("one", 45)
		w.wait(45)
		stop()
		w.cache.Evict(45)
		w.submits("one", 40)
		w.refused("one", 45)
	})
}
