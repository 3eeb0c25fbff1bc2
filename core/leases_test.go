package core_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// startWorkerOf2 starts a worker of two calculations at a time.
func (w *world) startWorkerOf2(interceptors ...intercept.Interceptor) {
	ports := intercept.Ports(w.ports, interceptors...)
	w.start(core.NewWorker(ports, core.WorkerOptions{Concurrency: 2}, quiet).Run)
}

func (w *world) wantCalculatedOnce(n core.Index) {
	w.t.Helper()
	if s := w.wait(n); s.State != core.StateCalculated {
		w.t.Errorf("in the end it is %+v", s)
	}
	w.stopAll()
	if begun := w.calculator.begun[n]; begun != 1 {
		w.t.Errorf("begun %d times", begun)
	}
}

func TestWorker_RenewsBeforeItClaims(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		var begun atomic.Int64
		takeLong := func(ctx context.Context, call intercept.Call) error {
			if *intercept.Arg[core.Index](call) != 10 {
				return call.Next(ctx)
			}
			begun.Add(1)
			return intercept.Delay(20*lease)(ctx, call)
		}
		var late atomic.Bool // as after a pause of the process
		w.startWorkerOf2(intercept.On("Calculator.Calculate", takeLong), intercept.On("WorkQueue.Renew", intercept.When(late.Load, unavailable)))
		w.submit(10)
		for i := range core.Index(2 * core.MaxDeliveries) {
			time.Sleep(time.Second)
			late.Store(true)
			time.Sleep(lease + lease/2)
			w.submit(20 + i) // wakes the other slot
			time.Sleep(3 * time.Second)
			late.Store(false)
			w.wait(20 + i)
		}
		if s := w.wait(10); s.State != core.StateCalculated || begun.Load() != 1 {
			w.t.Errorf("begun %d times, and in the end it is %+v", begun.Load(), s)
		}
	})
}

// A pause between the last renewal and a claim can't be noticed.
func TestWorker_GoesOnWithWhatItClaimsAgain(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.takes = 10 * lease
		w.startWorkerOf2(intercept.On("WorkQueue.Renew", intercept.Drop))
		w.submit(10)
		time.Sleep(9 * lease)
		synctest.Wait()
		if jobs, err := w.queue.Jobs(w.t.Context(), 10); err != nil || jobs[10].Deliveries != 1 {
			w.t.Errorf("its job is %+v, %v", jobs[10], err)
		}
		w.wantCalculatedOnce(10)
	})
}

// Two workers take turns in being cut off from the queue for longer than a lease.
func TestWorker_ThatLivesIsNoDeath(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.takes = 10 * lease
		var cut [2]atomic.Bool
		for i := range cut {
			w.startWorker(intercept.On("WorkQueue", intercept.When(cut[i].Load, unavailable)))
		}
		w.submit(10)
		time.Sleep(time.Second)
		for i := range 2 * core.MaxDeliveries {
			cut[i%2].Store(true)
			time.Sleep(lease + lease/2)
			cut[i%2].Store(false)
			time.Sleep(4 * time.Second)
		}
		if s := w.wait(10); s.State != core.StateCalculated {
			w.t.Errorf("two workers live, and the index is %+v", s)
		}
	})
}

func TestWorker_LeaseLostToAnotherEndsTheCalculation(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.takes = time.Hour
		var cut atomic.Bool
		w.startWorker(intercept.On("WorkQueue", intercept.When(cut.Load, unavailable)))
		w.submit(10)
		time.Sleep(time.Second)
		cut.Store(true)
		time.Sleep(lease)
		claims, err := w.queue.Claim(w.t.Context(), core.ClaimLimit{})
		if err != nil || len(claims) != 1 || claims[0].Delivery != 2 {
			w.t.Fatalf("claims %+v, %v", claims, err)
		}
		cut.Store(false)
		time.Sleep(4 * time.Second)
		synctest.Wait()
		w.calculator.takes = 0
		w.submit(20)
		w.wait(20) // the worker is free again
		jobs, err := w.queue.Jobs(w.t.Context(), 10)
		if err != nil || !jobs[10].Claimed || jobs[10].Deliveries != 1 {
			w.t.Errorf("the job of the other worker is %+v, %v", jobs[10], err)
		}
	})
}

func TestWorker_QueueLostMeanwhileEndsNoCalculation(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]time.Duration{"flushed": 0, "away for a while": lease / 2, "away for long": 2 * lease} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, nil, func(w *world) {
				w.calculator.takes = 10 * lease
				var cut atomic.Bool
				w.startWorkerOf2(intercept.On("WorkQueue", intercept.When(cut.Load, unavailable)))
				w.submit(10)
				time.Sleep(5 * lease)
				cut.Store(true)
				w.queue.Flush()
				time.Sleep(away)
				cut.Store(false)
				time.Sleep(time.Second + 500*time.Millisecond)
				w.startReconciler() // enqueues it again
				w.wantCalculatedOnce(10)
			})
		})
	}
}

// With another worker that is idle the index may be begun twice, but the first
// goes on.
func TestWorker_FinishesInTimeAlthoughTheQueueIsLost(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.takes = 10 * lease
		begin := time.Now()
		w.startReconciler()
		w.startWorker()
		w.submit(10)
		time.Sleep(time.Second)
		w.startWorker()
		time.Sleep(8 * lease)
		w.queue.Flush()
		if s := w.wait(10); s.State != core.StateCalculated || time.Since(begin) > 10*lease+time.Second {
			w.t.Errorf("after %v it is %+v", time.Since(begin), s)
		}
	})
}
