package core_test

import (
	"errors"
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
	inWorld(t, nil, func(w *world) {
		w.startWorker()
		if s := w.submit(-8)[0]; s.State != core.StatePending || s.Record.Submissions != 1 {
			w.t.Errorf("submitted: %+v", s)
		}
		s := w.wait(-8)
		if s.State != core.StateCalculated || s.Summary.Digits != "21" || s.Summary.Sign() != -1 {
			w.t.Errorf("F(−8) is %+v", s.Summary)
		}
		synctest.Wait()
		if r := w.record(-8); r.State != core.StateCalculated {
			w.t.Errorf("its record is %v", r.State)
		}
	})
}

func TestSubmit_ConcurrentSubmissionsMakeOneRecordAndOneCalculation(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		const submitters = 1000
		var all sync.WaitGroup
		for range submitters {
			all.Go(func() { w.submit(500) })
		}
		all.Wait()
		stop := w.startWorker()
		w.wait(500)
		synctest.Wait()
		stop()
		if r := w.record(500); r.Submissions != submitters {
			w.t.Errorf("%d submissions counted of %d", r.Submissions, submitters)
		}
		if n := w.calculator.begun[500]; n != 1 {
			w.t.Errorf("calculated %d times", n)
		}
	})
}

func TestSubmit_ConcurrentSubmissionsShareCommits(t *testing.T) {
	t.Parallel()
	var commits int
	inWorld(t, func(w *world) {
		w.intercept("IndexStore.Record", slow(time.Millisecond, 0))
		w.intercept("IndexStore.Record", intercept.Before(func() { commits++ }))
	}, func(w *world) {
		var all sync.WaitGroup
		for n := range core.Index(500) {
			all.Go(func() { w.submit(n) })
		}
		all.Wait()
		// The first is committed alone; the others collect meanwhile.
		if commits != 2 {
			w.t.Errorf("500 concurrent submissions took %d commits, want 2", commits)
		}
	})
}

func TestSubmit_CalculatedIndexIsNotCalculatedAgain(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		stop := w.startWorker()
		w.submit(10)
		before := w.wait(10)
		synctest.Wait()
		again := w.submit(10)[0]
		if again.State != core.StateCalculated || again.Record.Submissions != 2 {
			w.t.Errorf("submitted again: %+v", again)
		}
		time.Sleep(time.Minute)
		if after := w.status(10); *after.Summary != *before.Summary {
			w.t.Errorf("the value was %+v and is %+v", before.Summary, after.Summary)
		}
		stop()
		if n := w.calculator.begun[10]; n != 1 {
			w.t.Errorf("calculated %d times", n)
		}
	})
}

func TestSubmit_BatchIsAnsweredInOrderWithDuplicates(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		statuses := w.submit(3, 1, 3, 2)
		for i, n := range []core.Index{3, 1, 3, 2} {
			if statuses[i].Index != n {
				w.t.Errorf("status %d is of index %d, want %d", i, statuses[i].Index, n)
			}
		}
		if r := w.record(3); r.Submissions != 2 {
			w.t.Errorf("an index that is in a batch twice has %d submissions", r.Submissions)
		}
	})
}

func TestSubmit_IndexOutOfBoundsIsRefusedAndNothingIsRecorded(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		for n, kind := range map[core.Index]core.Kind{
			core.DefaultMaxIndex + 1: core.KindTooLarge, -core.DefaultMaxIndex - 1: core.KindTooLarge,
			core.MaxIndex: core.KindTooLarge, core.MaxIndex + 1: core.KindInvalid, -1 << 63: core.KindInvalid,
		} {
			_, err := w.service.Submit(w.t.Context(), "", 1, n)
			w.wantKind(err, kind)
			var e *core.Error
			if !errors.As(err, &e) || e.Field != "index" || (e.Estimate != nil) != (kind == core.KindTooLarge) {
				w.t.Errorf("error for %d: %+v", n, e)
			}
		}
		if list, err := w.service.Indices(w.t.Context(), 0, 10); err != nil || len(list) != 0 {
			w.t.Errorf("after the refusals, the list is %v, %v", list, err)
		}
	})
}

func TestSubmit_SucceedsWithoutQueueAndIsEnqueuedLater(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		var away atomic.Bool
		w.intercept("WorkQueue", intercept.When(away.Load, unavailable))
		w.service = core.NewService(w.ports, w.broadcaster, core.Limits{}, quiet)
		away.Store(true)
		w.startReconciler()
		w.startWorker()
		w.submit(77)
		time.Sleep(time.Minute)
		if s := w.status(77).State; s != core.StatePending {
			w.t.Errorf("without a queue, the state is %v", s)
		}
		away.Store(false)
		begin := time.Now()
		w.wait(77)
		if took := time.Since(begin); took > 10*time.Second {
			w.t.Errorf("the value came %v after the queue was back", took)
		}
	})
}

func TestSubmit_FailsWithoutIndexStore(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.intercept("IndexStore.Record", unavailable)
	}, func(w *world) {
		_, err := w.service.Submit(w.t.Context(), "", 1)
		w.wantKind(err, core.KindUnavailable)
	})
}
