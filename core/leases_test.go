package core_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// startWorkerOf2 starts a worker of two calculations at a time.
func (dom *domain) startWorkerOf2(interceptors ...intercept.Interceptor) {
	ports := intercept.Ports(dom.ports, interceptors...)
	dom.start(core.NewWorker(ports, core.WorkerOptions{Concurrency: 2}, quiet).Run)
}

func (dom *domain) wantCalculatedOnce(n core.Index) {
	dom.t.Helper()
	if s := dom.wait(n); s.State != core.StateCalculated {
		dom.t.Errorf("in the end it is %+v", s)
	}
	dom.stopAll()
	if begun := dom.calculator.begun[n]; begun != 1 {
		dom.t.Errorf("begun %d times", begun)
	}
}

func TestWorker_RenewsBeforeItClaims(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		var begun atomic.Int64
		takeLong := func(ctx context.Context, call intercept.Call) error {
			if *intercept.Arg[core.Index](call) != 10 {
				return call.Next(ctx)
			}
			begun.Add(1)
			return intercept.Delay(20*lease)(ctx, call)
		}
		var late atomic.Bool // as after a pause of the process
		dom.startWorkerOf2(intercept.On("Calculator.Calculate", takeLong), intercept.On("WorkQueue.Renew", intercept.When(late.Load, unavailable)))
		dom.submit(10)
		for i := range core.Index(2 * core.MaxDeliveries) {
			time.Sleep(time.Second)
			late.Store(true)
			time.Sleep(lease + lease/2)
			dom.submit(20 + i) // wakes the other slot
			time.Sleep(3 * time.Second)
			late.Store(false)
			dom.wait(20 + i)
		}
		if s := dom.wait(10); s.State != core.StateCalculated || begun.Load() != 1 {
			dom.t.Errorf("begun %d times, and in the end it is %+v", begun.Load(), s)
		}
	})
}

// A pause between the last renewal and a claim can't be noticed.
func TestWorker_ContinuesWhatItClaimsAgain(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculator.takes = 10 * lease
		dom.startWorkerOf2(intercept.On("WorkQueue.Renew", intercept.Drop))
		dom.submit(10)
		time.Sleep(9 * lease)
		synctest.Wait()
		if jobs, err := dom.queue.Jobs(dom.t.Context(), 10); err != nil || jobs[10].Deliveries != 1 {
			dom.t.Errorf("its job is %+v, %v", jobs[10], err)
		}
		dom.wantCalculatedOnce(10)
	})
}

// Two workers take turns in being cut off from the queue for longer than a lease.
func TestWorker_ThatLivesIsNotCountedAsDead(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculator.takes = 10 * lease
		var cut [2]atomic.Bool
		for i := range cut {
			dom.startWorker(intercept.On("WorkQueue", intercept.When(cut[i].Load, unavailable)))
		}
		dom.submit(10)
		time.Sleep(time.Second)
		for i := range 2 * core.MaxDeliveries {
			cut[i%2].Store(true)
			time.Sleep(lease + lease/2)
			cut[i%2].Store(false)
			time.Sleep(4 * time.Second)
		}
		if s := dom.wait(10); s.State != core.StateCalculated {
			dom.t.Errorf("two workers live, and the index is %+v", s)
		}
	})
}

func TestWorker_LeaseLostToAnotherEndsTheCalculation(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculator.takes = time.Hour
		var cut atomic.Bool
		dom.startWorker(intercept.On("WorkQueue", intercept.When(cut.Load, unavailable)))
		dom.submit(10)
		time.Sleep(time.Second)
		cut.Store(true)
		time.Sleep(lease)
		claims, err := dom.queue.Claim(dom.t.Context(), core.ClaimLimit{})
		if err != nil || len(claims) != 1 || claims[0].Delivery != 2 {
			dom.t.Fatalf("claims %+v, %v", claims, err)
		}
		cut.Store(false)
		time.Sleep(4 * time.Second)
		synctest.Wait()
		dom.calculator.takes = 0
		dom.submit(20)
		dom.wait(20) // the worker is free again
		jobs, err := dom.queue.Jobs(dom.t.Context(), 10)
		if err != nil || !jobs[10].Claimed || jobs[10].Deliveries != 1 {
			dom.t.Errorf("the job of the other worker is %+v, %v", jobs[10], err)
		}
	})
}

func TestWorker_QueueLostMeanwhileEndsNoCalculation(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]time.Duration{"flushed": 0, "away for a while": lease / 2, "away for long": 2 * lease} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inDomain(t, nil, func(dom *domain) {
				dom.calculator.takes = 10 * lease
				var cut atomic.Bool
				dom.startWorkerOf2(intercept.On("WorkQueue", intercept.When(cut.Load, unavailable)))
				dom.submit(10)
				time.Sleep(5 * lease)
				cut.Store(true)
				dom.queue.Flush()
				time.Sleep(away)
				cut.Store(false)
				time.Sleep(time.Second + 500*time.Millisecond)
				dom.startReconciler() // enqueues it again
				dom.wantCalculatedOnce(10)
			})
		})
	}
}

// With another worker that is idle the index may be begun twice, but the first
// goes on.
func TestWorker_FinishesInTimeAlthoughTheQueueIsLost(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculator.takes = 10 * lease
		begin := time.Now()
		dom.startReconciler()
		dom.startWorker()
		dom.submit(10)
		time.Sleep(time.Second)
		dom.startWorker()
		time.Sleep(8 * lease)
		dom.queue.Flush()
		if s := dom.wait(10); s.State != core.StateCalculated || time.Since(begin) > 10*lease+time.Second {
			dom.t.Errorf("after %v it is %+v", time.Since(begin), s)
		}
	})
}

// TestWorker_ASuspendedMachineCostsNoCalculation has the machine of the queue and
// of two workers suspended: by the wall clock all leases expire at once.
func TestWorker_ASuspendedMachineCostsNoCalculation(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		var suspended atomic.Int64
		wall := func() time.Time { return time.Now().Round(0).Add(time.Duration(suspended.Load())) }
		dom.queue.SetClock(wall)
		dom.calculator.takes = 10 * lease
		for range 2 {
			dom.start(core.NewWorker(dom.ports, core.WorkerOptions{Concurrency: 20, Clock: wall}, quiet).Run)
		}
		for i := range core.Index(2 * core.MaxDeliveries) {
			dom.submit(10 + i) // wakes all that have nothing to do
			time.Sleep(lease/2 + time.Duration(i)*111*time.Millisecond)
			suspended.Add(int64(time.Hour))
		}
		for i := range core.Index(2 * core.MaxDeliveries) {
			if s := dom.wait(10 + i); s.State != core.StateCalculated {
				dom.t.Errorf("in the end it is %+v", s)
			}
		}
		dom.stopAll()
		for n, begun := range dom.calculator.begun {
			if begun != 1 {
				dom.t.Errorf("the calculation of %d was begun %d times", n, begun)
			}
		}
	})
}

// The clock of the queue alone is set ahead: what its workers lose by it counts
// as no death.
func TestWorker_ALeaseThatTheQueuesClockEndsIsNoDeath(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		var ahead atomic.Int64
		dom.queue.SetClock(func() time.Time { return time.Now().Round(0).Add(time.Duration(ahead.Load())) })
		dom.calculator.takes = 10 * lease
		for range 3 {
			dom.startWorker()
		}
		dom.submit(10)
		time.Sleep(time.Second)
		for range 2 * core.MaxDeliveries {
			ahead.Add(int64(time.Hour))
			dom.submit(10)
			time.Sleep(4 * time.Second)
		}
		jobs, err := dom.queue.Jobs(dom.t.Context(), 10)
		if err != nil || jobs[10].Deliveries > 1 {
			dom.t.Errorf("its job is %+v, %v", jobs[10], err)
		}
		if s := dom.wait(10); s.State != core.StateCalculated {
			dom.t.Errorf("all workers live, and the index is %+v", s)
		}
	})
}

// An index is in two lanes, which a program that does not know lanes has done.
func TestWorker_AcknowledgesTheTaskOfASecondLane(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculator.takes = lease
		second := core.Claim{Index: 10, Lane: core.LaneLong, Cost: time.Second, Delivery: 1, Token: "the second", Lease: lease}
		var twice atomic.Bool
		claim := func(ctx context.Context, call intercept.Call) error {
			err := call.Next(ctx)
			if claims := intercept.Result[[]core.Claim](call); err == nil && len(*claims) == 0 && twice.CompareAndSwap(true, false) {
				*claims = []core.Claim{second}
			}
			return err
		}
		var mu sync.Mutex
		ended := make(map[string][]core.Lane)
		note := func(ctx context.Context, call intercept.Call) error {
			mu.Lock()
			defer mu.Unlock()
			for _, c := range *intercept.Arg[[]core.Claim](call) {
				ended[call.Method()] = append(ended[call.Method()], c.Lane)
			}
			return call.Next(ctx)
		}
		dom.startWorkerOf2(intercept.On("WorkQueue.Claim", claim), intercept.On("WorkQueue.Renew", intercept.Drop),
			intercept.On("WorkQueue.Acknowledge", note), intercept.On("WorkQueue.Release", note))
		dom.submit(10)
		time.Sleep(time.Second)
		twice.Store(true)
		_, err := dom.queue.Enqueue(dom.t.Context(), "", core.Task{Index: 20}) // wakes the other slot
		if err != nil {
			dom.t.Fatal(err)
		}
		dom.wantCalculatedOnce(10)
		synctest.Wait()
		mu.Lock()
		defer mu.Unlock()
		if acknowledged := ended["Acknowledge"]; !slices.Contains(acknowledged, core.LaneLong) ||
			len(slices.DeleteFunc(slices.Clone(acknowledged), func(l core.Lane) bool { return l != core.LaneShort })) != 2 {
			dom.t.Errorf("acknowledged in the lanes %v, want long, and short for both indices", acknowledged)
		}
		if released := ended["Release"]; len(released) > 0 {
			dom.t.Errorf("released in the lanes %v", released)
		}
	})
}
