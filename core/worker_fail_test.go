package core_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

func TestWorker_AFailureSurvivesALostAcknowledgement(t *testing.T) {
	t.Parallel()
	inDomain(t, func(dom *domain) {
		losses := 2
		dom.intercept("WorkQueue.Acknowledge", intercept.When(func() bool { losses--; return losses >= 0 }, unavailable))
	}, func(dom *domain) {
		dom.calculator.fail = map[core.Index]error{13: core.NewError(core.KindInternal, "The true reason.")}
		stop := dom.startWorker()
		dom.startReconciler()
		dom.submit(13)
		if s := dom.wait(13); s.State != core.StateFailed || s.Reason != "The true reason." {
			dom.t.Errorf("failed as %+v", s)
		}
		synctest.Wait()
		if jobs, err := dom.queue.Jobs(dom.t.Context(), 13); err != nil || len(jobs) > 0 {
			dom.t.Errorf("the job of an index that failed is still in the queue: %v, %v", jobs, err)
		}
		stop()
		begun := dom.calculator.begun[13]
		dom.calculator.fail = nil
		dom.submit(13)
		dom.startWorker()
		if s := dom.wait(13); s.State != core.StateCalculated {
			dom.t.Errorf("submitted again, it is %+v", s)
		}
		dom.stopAll()
		if tried := dom.calculator.begun[13] - begun; tried != 1 {
			dom.t.Errorf("submitted again, it was calculated %d times", tried)
		}
	})
}

// Once the lease may have ended, another worker may have the task, which would stay
// in the queue with its count.
func TestWorker_FailsNothingThatItRemovesTooLate(t *testing.T) {
	t.Parallel()
	var slow atomic.Bool
	slow.Store(true)
	inDomain(t, func(dom *domain) {
		dom.intercept("WorkQueue.Acknowledge", intercept.When(slow.Load, intercept.Delay(2*lease)))
	}, func(dom *domain) {
		dom.calculator.fail = map[core.Index]error{13: core.NewError(core.KindInternal, "The true reason.")}
		dom.startWorker()
		dom.submit(13)
		for range 10 * core.MaxDeliveries {
			time.Sleep(lease)
			if record := dom.record(13); record.State == core.StateFailed {
				dom.t.Fatalf("failed as %+v, and its task may be in the queue", record)
			}
		}
		slow.Store(false)
		if s := dom.wait(13); s.State != core.StateFailed {
			dom.t.Errorf("when it is removed in time it is %+v", s)
		}
	})
}

// fullFor refuses to store the values of an index while full is set.
func fullFor(n core.Index, full *atomic.Bool) intercept.Interceptor {
	return func(ctx context.Context, call intercept.Call) error {
		if full.Load() && call.Indices()[0] == n {
			return core.NewError(core.KindOverloaded, "The disk is full.")
		}
		return call.Next(ctx)
	}
}

func TestWorker_AValueWithoutRoomFailsItsIndexAndNoOther(t *testing.T) {
	t.Parallel()
	var full atomic.Bool
	full.Store(true)
	inDomain(t, func(dom *domain) {
		dom.intercept("ValueCache.Put", fullFor(13, &full))
	}, func(dom *domain) {
		stop := dom.startWorker()
		dom.startReconciler()
		begin := time.Now()
		dom.submit(13)
		dom.submit(1)
		if s := dom.wait(13); s.State != core.StateFailed || s.Reason != "The disk is full." {
			dom.t.Errorf("without room it is %+v", s)
		}
		if s := dom.wait(1); s.State != core.StateCalculated {
			dom.t.Errorf("behind it, F(1) is %+v", s)
		}
		if took := time.Since(begin); took > lease {
			dom.t.Errorf("F(1) waited %v for a value that had no room", took)
		}
		stop()
		if begun := dom.calculator.begun[13]; begun != 1 {
			dom.t.Errorf("the value that had no room was calculated %d times", begun)
		}

		full.Store(false)
		dom.startWorker()
		dom.submit(13)
		if s := dom.wait(13); s.State != core.StateCalculated {
			dom.t.Errorf("submitted again when there was room, it is %+v", s)
		}
	})
}

// Room that comes back while the value waits is used.
func TestWorker_StoresAValueWhenThereIsRoomAgain(t *testing.T) {
	t.Parallel()
	refusals := 4
	inDomain(t, func(dom *domain) {
		dom.intercept("ValueCache.Put", intercept.When(func() bool { refusals--; return refusals >= 0 },
			intercept.Fail(core.NewError(core.KindOverloaded, "The disk is full."))))
	}, func(dom *domain) {
		stop := dom.startWorker()
		dom.submit(13)
		if s := dom.wait(13); s.State != core.StateCalculated {
			dom.t.Errorf("after %d refusals it is %+v", 4, s)
		}
		stop()
		if begun := dom.calculator.begun[13]; begun != 1 {
			dom.t.Errorf("calculated %d times", begun)
		}
	})
}

// A port other than the cache may be full, too: that is not the fault of a task.
func TestWorker_AFullPortFailsNoIndex(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"IndexStore.Lookup", "IndexStore.MarkCalculated", "ValueCache.Generation", "ValueCache.Summaries"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			var full atomic.Bool
			inDomain(t, nil, func(dom *domain) {
				dom.submit(13)
				full.Store(true)
				dom.startWorker(intercept.On(method, intercept.When(full.Load, intercept.Fail(core.NewError(core.KindOverloaded, "The disk is full.")))))
				time.Sleep(20 * lease)
				jobs, err := dom.queue.Jobs(dom.t.Context(), 13)
				if record := dom.record(13); err != nil || record.State != core.StatePending || jobs[13].Deliveries > 1 {
					dom.t.Errorf("after %v the record is %+v, the job %+v, %v", 20*lease, record, jobs, err)
				}
				full.Store(false)
				if s := dom.wait(13); s.State != core.StateCalculated {
					dom.t.Errorf("when there is room again it is %+v", s)
				}
			})
		})
	}
}

// refused is what becomes of the calls of a port that is not set up for them.
var refused = intercept.Fail(core.NewError(core.KindInternal, "The server refused a command."))

// A database whose tables are being restored refuses all statements: that is not
// the fault of a task, and its deliveries must not count.
func TestWorker_APortThatRefusesAllCallsFailsNoIndex(t *testing.T) {
	t.Parallel()
	for _, port := range []string{"IndexStore", "ValueCache"} {
		t.Run(port, func(t *testing.T) {
			t.Parallel()
			var refuses atomic.Bool
			inDomain(t, nil, func(dom *domain) {
				dom.submit(13)
				refuses.Store(true)
				dom.startWorker(intercept.On(port, intercept.When(refuses.Load, refused)))
				time.Sleep(20 * lease)
				jobs, err := dom.queue.Jobs(dom.t.Context(), 13)
				if record := dom.record(13); err != nil || record.State != core.StatePending || jobs[13].Deliveries > 1 {
					dom.t.Errorf("after %v the record is %+v, the job %+v, %v", 20*lease, record, jobs, err)
				}
				refuses.Store(false)
				if s := dom.wait(13); s.State != core.StateCalculated {
					dom.t.Errorf("when the port works again it is %+v", s)
				}
			})
		})
	}
}

func TestWorker_KeepsAValueWhileTheCacheRefusesAllCalls(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		var refuses atomic.Bool
		dom.calculator.takes = time.Second
		dom.startWorker(intercept.On("ValueCache", intercept.When(refuses.Load, refused)))
		dom.submit(13)
		time.Sleep(dom.calculator.takes / 2)
		refuses.Store(true)
		time.Sleep(20 * lease)
		refuses.Store(false)
		dom.wantCalculatedOnce(13)
	})
}

// What a port refuses of one index only, such as its key in Redis that another
// program has taken, must hold up no other index, and not be tried without end.
func TestWorker_APortThatRefusesOneIndexFailsThatOne(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		refuseOne := func(ctx context.Context, call intercept.Call) error {
			if slices.Contains(call.Indices(), 13) {
				return refused(ctx, call)
			}
			return call.Next(ctx)
		}
		dom.submit(1, 13, 2)
		begin := time.Now()
		dom.startWorker(intercept.On("ValueCache.Summaries", refuseOne))
		for _, n := range []core.Index{1, 2} {
			if s := dom.wait(n); s.State != core.StateCalculated || time.Since(begin) > 2*lease {
				dom.t.Errorf("after %v F(%d) is %+v", time.Since(begin), n, s)
			}
		}
		if s := dom.wait(13); s.State != core.StateFailed || s.Reason != "An unexpected error occurred." {
			dom.t.Errorf("F(13) is %+v", s)
		}
	})
}
