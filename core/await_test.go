package core_test

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

func TestAwait_ReturnsTheStatusAtTheTimeout(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.submit(5)
		begin := time.Now()
		s, err := dom.service.Await(dom.t.Context(), "a reader", 5, 20*time.Second)
		if err != nil || s.State != core.StatePending || time.Since(begin) != 20*time.Second {
			dom.t.Errorf("after %v: %+v, %v", time.Since(begin), s, err)
		}
	})
}

func TestAwait_ReturnsAsSoonAsTheValueArrives(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculator.takes = 1300 * time.Millisecond
		dom.submit(5)
		dom.startWorker()
		begin := time.Now()
		dom.wait(5)
		if took := time.Since(begin); took != dom.calculator.takes {
			dom.t.Errorf("the calculation takes %v, Await returned after %v", dom.calculator.takes, took)
		}
	})
}

func TestAwait_DoesNotDependOnEvents(t *testing.T) {
	t.Parallel()
	inDomain(t, func(dom *domain) { dom.intercept("Events.Publish", intercept.Drop) }, func(dom *domain) {
		dom.submit(5)
		dom.startWorker()
		begin := time.Now()
		dom.wait(5)
		if took := time.Since(begin); took > 5*time.Second {
			dom.t.Errorf("without events, Await took %v", took)
		}
	})
}
