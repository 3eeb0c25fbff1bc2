package core_test

import (
	"testing"
	"testing/synctest"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

func TestWorker_AFailureSurvivesALostAcknowledgement(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		losses := 2
		w.intercept("WorkQueue.Acknowledge", intercept.When(func() bool { losses--; return losses >= 0 }, unavailable))
	}, func(w *world) {
		w.calculator.fail = map[core.Index]error{13: core.NewError(core.KindInternal, "The true reason.")}
		stop := w.startWorker()
		w.startReconciler()
		w.submit(13)
		if s := w.wait(13); s.State != core.StateFailed || s.Reason != "The true reason." {
			w.t.Errorf("failed as %+v", s)
		}
		synctest.Wait()
		if jobs, err := w.queue.Jobs(w.t.Context(), 13); err != nil || len(jobs) > 0 {
			w.t.Errorf("the job of an index that failed is still in the queue: %v, %v", jobs, err)
		}
		stop()
		begun := w.calculator.begun[13]
		w.calculator.fail = nil
		w.submit(13)
		w.startWorker()
		if s := w.wait(13); s.State != core.StateCalculated {
			w.t.Errorf("submitted again, it is %+v", s)
		}
		w.stopAll()
		if tried := w.calculator.begun[13] - begun; tried != 1 {
			w.t.Errorf("submitted again, it was calculated %d times", tried)
		}
	})
}
