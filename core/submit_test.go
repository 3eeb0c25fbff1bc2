package core_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

func TestSubmit_IndexIsCalculated(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.startWorker()
		if s := dom.submit(-8)[0]; s.State != core.StatePending || s.Record.Submissions != 1 {
			dom.t.Errorf("submitted: %+v", s)
		}
		s := dom.wait(-8)
		if s.State != core.StateCalculated || s.Summary.Digits != "21" || s.Summary.Sign() != -1 {
			dom.t.Errorf("F(−8) is %+v", s.Summary)
		}
		synctest.Wait()
		if r := dom.record(-8); r.State != core.StateCalculated {
			dom.t.Errorf("its record is %v", r.State)
		}
	})
}

func TestSubmit_ConcurrentSubmissionsMakeOneRecordAndOneCalculation(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		const submitters = 1000
		var all sync.WaitGroup
		for range submitters {
			all.Go(func() { dom.submit(500) })
		}
		all.Wait()
		stop := dom.startWorker()
		dom.wait(500)
		synctest.Wait()
		stop()
		if r := dom.record(500); r.Submissions != submitters {
			dom.t.Errorf("%d submissions counted of %d", r.Submissions, submitters)
		}
		if n := dom.calculator.begun[500]; n != 1 {
			dom.t.Errorf("calculated %d times", n)
		}
	})
}

func TestSubmit_ConcurrentSubmissionsShareCommits(t *testing.T) {
	t.Parallel()
	var commits int
	inDomain(t, func(dom *domain) {
		dom.intercept("IndexStore.Record", slow(time.Millisecond, 0))
		dom.intercept("IndexStore.Record", intercept.Before(func() { commits++ }))
	}, func(dom *domain) {
		var all sync.WaitGroup
		for n := range core.Index(500) {
			all.Go(func() { dom.submit(n) })
		}
		all.Wait()
		// The first is committed alone; the others collect meanwhile.
		if commits != 2 {
			dom.t.Errorf("500 concurrent submissions took %d commits, want 2", commits)
		}
	})
}

func TestSubmit_EstimatesEachIndexOnce(t *testing.T) {
	t.Parallel()
	estimated := make(map[core.Index]int)
	inDomain(t, func(dom *domain) {
		dom.intercept("Calculator.Estimate", func(ctx context.Context, call intercept.Call) error {
			estimated[*intercept.Arg[core.Index](call)]++
			return call.Next(ctx)
		})
	}, func(dom *domain) {
		dom.submit(1, 2, 1)
		if want := map[core.Index]int{1: 1, 2: 1}; !maps.Equal(estimated, want) {
			dom.t.Errorf("estimates by index: %v, want %v", estimated, want)
		}
	})
}

func TestSubmit_CalculatedIndexIsNotCalculatedAgain(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		stop := dom.startWorker()
		dom.submit(10)
		before := dom.wait(10)
		synctest.Wait()
		again := dom.submit(10)[0]
		if again.State != core.StateCalculated || again.Record.Submissions != 2 {
			dom.t.Errorf("submitted again: %+v", again)
		}
		time.Sleep(time.Minute)
		if after := dom.status(10); *after.Summary != *before.Summary {
			dom.t.Errorf("the value was %+v and is %+v", before.Summary, after.Summary)
		}
		stop()
		if n := dom.calculator.begun[10]; n != 1 {
			dom.t.Errorf("calculated %d times", n)
		}
	})
}

func TestSubmit_BatchIsAnsweredInOrderWithDuplicates(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		statuses := dom.submit(3, 1, 3, 2)
		for i, n := range []core.Index{3, 1, 3, 2} {
			if statuses[i].Index != n {
				dom.t.Errorf("status %d is of index %d, want %d", i, statuses[i].Index, n)
			}
		}
		if r := dom.record(3); r.Submissions != 2 {
			dom.t.Errorf("an index that is in a batch twice has %d submissions", r.Submissions)
		}
	})
}

func TestSubmit_IndexOutOfBoundsIsRefusedAndNothingIsRecorded(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		for n, kind := range map[core.Index]core.Kind{
			core.DefaultMaxIndex + 1: core.KindTooLarge, -core.DefaultMaxIndex - 1: core.KindTooLarge,
			core.MaxIndex: core.KindTooLarge, core.MaxIndex + 1: core.KindTooLarge, -1 << 63: core.KindTooLarge,
		} {
			_, err := dom.service.Submit(dom.t.Context(), "", 1, n)
			dom.wantKind(err, kind)
			var e *core.Error
			if !errors.As(err, &e) || e.Field != "index" || e.Estimate == nil || e.Estimate.Digits <= 0 {
				dom.t.Errorf("error for %d: %+v", n, e)
			}
		}
		if list, err := dom.service.Indices(dom.t.Context(), 0, 10); err != nil || len(list) != 0 {
			dom.t.Errorf("after the refusals, the list is %v, %v", list, err)
		}
	})
}

func TestSubmit_SucceedsWithoutQueueAndIsEnqueuedLater(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		var away atomic.Bool
		dom.intercept("WorkQueue", intercept.When(away.Load, unavailable))
		dom.service = core.NewService(dom.ports, dom.broadcaster, core.Limits{}, quiet)
		away.Store(true)
		dom.startReconciler()
		dom.startWorker()
		dom.submit(77)
		time.Sleep(time.Minute)
		if s := dom.status(77).State; s != core.StatePending {
			dom.t.Errorf("without a queue, the state is %v", s)
		}
		away.Store(false)
		begin := time.Now()
		dom.wait(77)
		if took := time.Since(begin); took > 10*time.Second {
			dom.t.Errorf("the value came %v after the queue was back", took)
		}
	})
}

func TestSubmit_FailsWithoutIndexStore(t *testing.T) {
	t.Parallel()
	inDomain(t, func(dom *domain) {
		dom.intercept("IndexStore.Record", unavailable)
	}, func(dom *domain) {
		_, err := dom.service.Submit(dom.t.Context(), "", 1)
		dom.wantKind(err, core.KindUnavailable)
	})
}
