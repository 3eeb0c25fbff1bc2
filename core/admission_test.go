package core_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// estimateSeconds estimates that an index takes as many seconds as its last
// three digits.
func estimateSeconds(_ context.Context, call intercept.Call) error {
	seconds := int64(intercept.Arg[core.Index](call).Abs() % 1000)
	*intercept.Result[core.Estimate](call) = core.Estimate{Digits: seconds, Bytes: seconds, Duration: time.Duration(seconds) * time.Second}
	return nil
}

// inAdmission runs a test in a world whose service has the given maximum backlog.
func inAdmission(t *testing.T, maxBacklog time.Duration, test func(w *world)) {
	t.Helper()
	inWorld(t, func(w *world) {
		w.intercept("Calculator.Estimate", estimateSeconds)
	}, func(w *world) {
		w.service = core.NewService(w.ports, w.broadcaster, core.Limits{MaxBacklog: maxBacklog}, quiet)
		test(w)
	})
}

// submits checks that a submission is accepted.
func (w *world) submits(submitter string, indices ...core.Index) {
	w.t.Helper()
	if _, err := w.service.Submit(w.t.Context(), submitter, indices...); err != nil {
		w.t.Errorf("%s submits %d: %v", submitter, indices, err)
	}
}

// refused checks that a submission is refused as overload and nothing of it is
// recorded, and returns the error.
func (w *world) refused(submitter string, indices ...core.Index) core.Error {
	w.t.Helper()
	before := w.submissions()
	_, err := w.service.Submit(w.t.Context(), submitter, indices...)
	w.wantKind(err, core.KindOverloaded)
	if w.submissions() != before {
		w.t.Errorf("%s was refused %d, yet something was recorded", submitter, indices)
	}
	var e *core.Error
	if !errors.As(err, &e) {
		w.t.Fatalf("%s submits %d: %v", submitter, indices, err)
	}
	if e.Wait <= 0 {
		w.t.Errorf("%s has to wait %v: %v", submitter, e.Wait, err)
	}
	return *e
}

// submissions returns how many submissions are recorded.
func (w *world) submissions() (count int64) {
	w.t.Helper()
	list, err := w.service.Indices(w.t.Context(), 0, 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range list {
		count += s.Record.Submissions
	}
	return count
}

func TestAdmission_SubmitterMayUseAsMuchAsItLeavesFree(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(w *world) {
		w.submits("greedy", 20)
		w.submits("greedy", 29)
		if e := w.refused("greedy", 2); !strings.HasPrefix(e.Message, "What you submitted before") {
			w.t.Error(e.Message)
		}
		w.submits("second", 24)
		w.refused("second", 23)
		w.submits("third", 12)
		// However much the others have waiting, a little more is accepted.
		w.submits("fourth", 1)
		if e := w.refused("fifth", 50); !strings.HasPrefix(e.Message, "Too much is waiting") {
			w.t.Error(e.Message)
		}
	})
}

func TestAdmission_RefusedSubmissionIsAcceptedAfterTheWait(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(w *world) {
		w.calculator.takes = 40 * time.Second
		w.submits("greedy", 40)
		wait := w.refused("greedy", 30).Wait
		w.startWorker()
		time.Sleep(wait)
		w.submits("greedy", 30)
	})
}

func TestAdmission_CalculatedAndQueuedIndicesAreFree(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(w *world) {
		stop := w.startWorker()
		w.submits("one", 5)
		w.wait(5)
		stop()
		w.submits("one", 45)
		w.refused("one", 44)
		w.submits("one", 5, 45, -0)
		w.submits("two", 5, 45)
		w.refused("two", 5, 45, 44)
	})
}

func TestAdmission_EmptyQueueAcceptsAnyIndex(t *testing.T) {
	t.Parallel()
	inAdmission(t, 10*time.Second, func(w *world) {
		w.submits("one", 999)
		e := w.refused("two", 1)
		if e.Wait < 500*time.Second {
			w.t.Errorf("with a thousand seconds of work waiting, the wait is %v", e.Wait)
		}
		w.refused("two", 1999)
		w.startWorker()
		w.wait(999)
		synctest.Wait() // until it has left the queue
		w.submits("two", 1999)
	})
}

func TestAdmission_BatchThatNeverFitsIsTooLarge(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(w *world) {
		_, err := w.service.Submit(w.t.Context(), "one", 30, 31)
		w.wantKind(err, core.KindTooLarge)
		var e *core.Error
		if !errors.As(err, &e) || e.Estimate == nil || e.Field != "index" {
			w.t.Fatalf("refused: %+v", err)
		}
		if d := e.Estimate.Duration; d < 61*time.Second || d > 62*time.Second || e.Estimate.Digits != 61 || e.Estimate.Bytes != 31 {
			w.t.Errorf("the estimate is %+v", *e.Estimate)
		}
		w.submits("one", 30)
	})
}

func TestAdmission_TinyIndicesCountToo(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) { // whose indices take no time to calculate
		w.service = core.NewService(w.ports, w.broadcaster, core.Limits{MaxBacklog: 2 * time.Second}, quiet)
		accepted := core.Index(0)
		for ; accepted < 10_000; accepted++ {
			if _, err := w.service.Submit(w.t.Context(), "one", accepted); err != nil {
				w.wantKind(err, core.KindOverloaded)
				break
			}
		}
		if accepted < 100 || accepted > 1000 {
			w.t.Errorf("%d tiny indices fit into a backlog of two seconds", accepted)
		}
	})
}

// Work in flight to the queue counts.
func TestAdmission_BoundHoldsForAFlood(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.intercept("Calculator.Estimate", estimateSeconds)
		w.intercept("IndexStore.Record", slow(time.Millisecond, 0))
		w.slowQueue()
	}, func(w *world) {
		const most = 100 * time.Second
		w.service = core.NewService(w.ports, w.broadcaster, core.Limits{MaxBacklog: most}, quiet)
		var all sync.WaitGroup
		for k := range core.Index(500) {
			all.Go(func() {
				time.Sleep(time.Duration(k) * 50 * time.Microsecond)
				if _, err := w.service.Submit(w.t.Context(), "flood", 1000*k+2); err != nil {
					w.wantKind(err, core.KindOverloaded)
				}
			})
		}
		all.Wait()
		backlog, err := w.queue.Backlog(w.t.Context(), "flood")
		if err != nil || backlog.Own > most/2 || backlog.Own < most/2-3*time.Second {
			w.t.Errorf("the flood has %v waiting of at most %v, %v", backlog.Own, most, err)
		}
		w.submits("another", 20)
	})
}

// A submitter that never pauses is accepted as long as its work gets done.
func TestAdmission_FinishedWorkNoLongerCounts(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(w *world) {
		w.startWorker()
		w.slowQueue()
		w.service = core.NewService(w.ports, w.broadcaster, core.Limits{MaxBacklog: 100 * time.Second}, quiet)
		var all sync.WaitGroup
		for k := range core.Index(60) {
			all.Go(func() { w.submits("busy", 1000*k+2) })
			time.Sleep(5 * time.Millisecond) // half of what one takes
		}
		all.Wait()
	})
}

// The index is free for others while it is still in flight to the queue.
func TestAdmission_ManySubmittersOfOneIndexAreChargedOnce(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(w *world) {
		w.slowQueue()
		w.service = core.NewService(w.ports, w.broadcaster, core.Limits{MaxBacklog: 100 * time.Second}, quiet)
		var all sync.WaitGroup
		for k := range 500 {
			all.Go(func() {
				time.Sleep(time.Duration(k) * 50 * time.Microsecond)
				w.submits(strconv.Itoa(k), 40)
			})
		}
		all.Wait()
	})
}

// slowQueue delays what admission asks of the queue.
func (w *world) slowQueue() {
	w.intercept("WorkQueue.Enqueue", slow(3*time.Millisecond, 3*time.Millisecond))
	w.intercept("WorkQueue.Backlog", slow(2*time.Millisecond, 2*time.Millisecond))
}

// slow delays a call before and after it takes effect.
func slow(before, after time.Duration) intercept.Interceptor {
	return func(ctx context.Context, call intercept.Call) error {
		time.Sleep(before)
		defer time.Sleep(after)
		return call.Next(ctx)
	}
}
