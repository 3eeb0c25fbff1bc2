package core_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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

// inAdmission runs a test on a domain whose service has the given maximum backlog.
func inAdmission(t *testing.T, maxBacklog time.Duration, test func(dom *domain)) {
	t.Helper()
	inDomain(t, func(dom *domain) {
		dom.intercept("Calculator.Estimate", estimateSeconds)
	}, func(dom *domain) {
		dom.service = core.NewService(dom.ports, dom.broadcaster, core.Limits{MaxBacklog: maxBacklog}, quiet)
		test(dom)
	})
}

// submits checks that a submission is accepted.
func (dom *domain) submits(submitter string, indices ...core.Index) {
	dom.t.Helper()
	if _, err := dom.service.Submit(dom.t.Context(), submitter, indices...); err != nil {
		dom.t.Errorf("%s submits %d: %v", submitter, indices, err)
	}
}

// refused checks that a submission is refused as overload and nothing of it is
// recorded, and returns the error.
func (dom *domain) refused(submitter string, indices ...core.Index) core.Error {
	dom.t.Helper()
	before := dom.submissions()
	_, err := dom.service.Submit(dom.t.Context(), submitter, indices...)
	dom.wantKind(err, core.KindOverloaded)
	if dom.submissions() != before {
		dom.t.Errorf("%s was refused %d, yet something was recorded", submitter, indices)
	}
	var e *core.Error
	if !errors.As(err, &e) {
		dom.t.Fatalf("%s submits %d: %v", submitter, indices, err)
	}
	if e.Wait <= 0 {
		dom.t.Errorf("%s has to wait %v: %v", submitter, e.Wait, err)
	}
	return *e
}

// submissions returns how many submissions are recorded.
func (dom *domain) submissions() (count int64) {
	dom.t.Helper()
	list, err := dom.service.Indices(dom.t.Context(), 0, 1000)
	if err != nil {
		dom.t.Fatal(err)
	}
	for _, s := range list {
		count += s.Record.Submissions
	}
	return count
}

func TestAdmission_SubmitterMayUseAsMuchAsItLeavesFree(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(dom *domain) {
		dom.submits("greedy", 20)
		dom.submits("greedy", 29)
		if e := dom.refused("greedy", 2); !strings.HasPrefix(e.Message, "What you submitted before") {
			dom.t.Error(e.Message)
		}
		dom.submits("second", 24)
		dom.refused("second", 23)
		dom.submits("third", 12)
		// However much the others have waiting, a little more is accepted.
		dom.submits("fourth", 1)
		if e := dom.refused("fifth", 50); !strings.HasPrefix(e.Message, "Too much is waiting") {
			dom.t.Error(e.Message)
		}
	})
}

func TestAdmission_RefusedSubmissionIsAcceptedAfterTheWait(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(dom *domain) {
		dom.calculator.takes = 40 * time.Second
		dom.submits("greedy", 40)
		wait := dom.refused("greedy", 30).Wait
		dom.startWorker()
		time.Sleep(wait)
		dom.submits("greedy", 30)
	})
}

func TestAdmission_CalculatedAndQueuedIndicesAreFree(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(dom *domain) {
		stop := dom.startWorker()
		dom.submits("one", 5)
		dom.wait(5)
		stop()
		dom.submits("one", 45)
		dom.refused("one", 44)
		dom.submits("one", 5, 45, -0)
		dom.submits("two", 5, 45)
		dom.refused("two", 5, 45, 44)
	})
}

func TestAdmission_EmptyQueueAcceptsAnyIndex(t *testing.T) {
	t.Parallel()
	inAdmission(t, 10*time.Second, func(dom *domain) {
		dom.submits("one", 999)
		e := dom.refused("two", 1)
		if e.Wait < 500*time.Second {
			dom.t.Errorf("with a thousand seconds of work waiting, the wait is %v", e.Wait)
		}
		dom.refused("two", 1999)
		dom.startWorker()
		dom.wait(999)
		synctest.Wait() // until it has left the queue
		dom.submits("two", 1999)
	})
}

func TestAdmission_BatchThatNeverFitsIsTooLarge(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(dom *domain) {
		_, err := dom.service.Submit(dom.t.Context(), "one", 30, 31)
		dom.wantKind(err, core.KindTooLarge)
		var e *core.Error
		if !errors.As(err, &e) || e.Estimate == nil || e.Field != "index" {
			dom.t.Fatalf("refused: %+v", err)
		}
		if d := e.Estimate.Duration; d < 61*time.Second || d > 62*time.Second || e.Estimate.Digits != 61 || e.Estimate.Bytes != 31 {
			dom.t.Errorf("the estimate is %+v", *e.Estimate)
		}
		dom.submits("one", 30)
	})
}

func TestAdmission_TinyIndicesCountToo(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) { // whose indices take no time to calculate
		dom.service = core.NewService(dom.ports, dom.broadcaster, core.Limits{MaxBacklog: 2 * time.Second}, quiet)
		accepted := core.Index(0)
		for ; accepted < 10_000; accepted++ {
			if _, err := dom.service.Submit(dom.t.Context(), "one", accepted); err != nil {
				dom.wantKind(err, core.KindOverloaded)
				break
			}
		}
		if accepted < 100 || accepted > 1000 {
			dom.t.Errorf("%d tiny indices fit into a backlog of two seconds", accepted)
		}
	})
}

// Work in flight to the queue counts.
func TestAdmission_BoundHoldsForAFlood(t *testing.T) {
	t.Parallel()
	inDomain(t, func(dom *domain) {
		dom.intercept("Calculator.Estimate", estimateSeconds)
		dom.intercept("IndexStore.Record", slow(time.Millisecond, 0))
		dom.slowQueue()
	}, func(dom *domain) {
		const most = 100 * time.Second
		dom.service = core.NewService(dom.ports, dom.broadcaster, core.Limits{MaxBacklog: most}, quiet)
		var all sync.WaitGroup
		for k := range core.Index(500) {
			all.Go(func() {
				time.Sleep(time.Duration(k) * 50 * time.Microsecond)
				if _, err := dom.service.Submit(dom.t.Context(), "flood", 1000*k+2); err != nil {
					dom.wantKind(err, core.KindOverloaded)
				}
			})
		}
		all.Wait()
		backlog, err := dom.queue.Backlog(dom.t.Context(), "flood")
		if err != nil || backlog.Own > most/2 || backlog.Own < most/2-3*time.Second {
			dom.t.Errorf("the flood has %v waiting of at most %v, %v", backlog.Own, most, err)
		}
		dom.submits("another", 20)
	})
}

// A submitter that never pauses is accepted as long as its work gets done.
func TestAdmission_FinishedWorkNoLongerCounts(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(dom *domain) {
		dom.startWorker()
		dom.slowQueue()
		dom.service = core.NewService(dom.ports, dom.broadcaster, core.Limits{MaxBacklog: 100 * time.Second}, quiet)
		var all sync.WaitGroup
		for k := range core.Index(60) {
			all.Go(func() { dom.submits("busy", 1000*k+2) })
			time.Sleep(5 * time.Millisecond) // half of what one takes
		}
		all.Wait()
	})
}

// The index is free for others while it is still in flight to the queue.
func TestAdmission_ManySubmittersOfOneIndexAreChargedOnce(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(dom *domain) {
		dom.slowQueue()
		dom.service = core.NewService(dom.ports, dom.broadcaster, core.Limits{MaxBacklog: 100 * time.Second}, quiet)
		var all sync.WaitGroup
		for k := range 500 {
			all.Go(func() {
				time.Sleep(time.Duration(k) * 50 * time.Microsecond)
				dom.submits(strconv.Itoa(k), 40)
			})
		}
		all.Wait()
	})
}

// slowQueue delays what admission asks of the queue.
func (dom *domain) slowQueue() {
	dom.intercept("WorkQueue.Enqueue", slow(3*time.Millisecond, 3*time.Millisecond))
	dom.intercept("WorkQueue.Backlog", slow(2*time.Millisecond, 2*time.Millisecond))
}

// slow delays a call before and after it takes effect.
func slow(before, after time.Duration) intercept.Interceptor {
	return func(ctx context.Context, call intercept.Call) error {
		time.Sleep(before)
		defer time.Sleep(after)
		return call.Next(ctx)
	}
}

// A queue that answers too late does not switch admission off: the backlog last
// read, and what was admitted since, count.
func TestAdmission_BoundHoldsWithAQueueThatIsTooSlow(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]intercept.Interceptor{
		"too slow": intercept.Hang,
		"away":     unavailable,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var troubled atomic.Bool
			inDomain(t, func(dom *domain) {
				dom.intercept("Calculator.Estimate", estimateSeconds)
				dom.intercept("WorkQueue.Backlog", intercept.When(troubled.Load, trouble))
				dom.intercept("WorkQueue.Enqueue", intercept.When(troubled.Load, trouble))
			}, func(dom *domain) {
				dom.service = core.NewService(dom.ports, dom.broadcaster, core.Limits{MaxBacklog: 100 * time.Second}, quiet)
				dom.submits("greedy", 30)
				troubled.Store(true)
				dom.submits("greedy", 19)
				dom.refused("greedy", 1020)
				dom.submits("second", 20)
				wait := dom.refused("second", 1025).Wait
				// Submissions go on at the rate of a worker.
				time.Sleep(wait)
				dom.submits("second", 1025)
				_, err := dom.service.Submit(dom.t.Context(), "third", 40, 41)
				dom.wantKind(err, core.KindTooLarge)
				time.Sleep(time.Hour)
				dom.submits("third", 999)
				dom.refused("second", 30)
				troubled.Store(false)
				dom.submits("second", 20)
			})
		})
	}
}
