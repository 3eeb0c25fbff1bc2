package core_test

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

func TestAwait_ReturnsTheStatusAtTheTimeout(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.submit(5)
		begin := time.Now()
		s, err := w.service.Await(w.t.Context(), "a reader", 5, 20*time.Second)
		if err != nil || s.State != core.StatePending || time.Since(begin) != 20*time.Second {
			w.t.Errorf("after %v: %+v, %v", time.Since(begin), s, err)
		}
	})
}

func TestAwait_ReturnsAsSoonAsTheValueArrives(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.takes = 1300 * time.Millisecond
		w.submit(5)
		w.startWorker()
		begin := time.Now()
		w.wait(5)
		if took := time.Since(begin); took != w.calculator.takes {
			w.t.Errorf("the calculation takes %v, Await returned after %v", w.calculator.takes, took)
		}
	})
}

func TestAwait_DoesNotDependOnEvents(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) { w.intercept("Events.Publish", intercept.Drop) }, func(w *world) {
		w.submit(5)
		w.startWorker()
		begin := time.Now()
		w.wait(5)
		if took := time.Since(begin); took > 5*time.Second {
			w.t.Errorf("without events, Await took %v", took)
		}
	})
}
