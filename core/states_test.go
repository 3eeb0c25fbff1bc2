package core_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
)

func TestStates_AreThoseOfTheSubmittedIndicesInOrder(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		stop := dom.startWorker()
		dom.submit(10, 20)
		dom.wait(10)
		dom.wait(20)
		stop()
		dom.submit(30)
		statuses, err := dom.service.States(dom.t.Context(), "a reader", 30, 20, 77, 10, 30)
		if err != nil || len(statuses) != 3 {
			dom.t.Fatalf("the statuses are %+v, %v", statuses, err)
		}
		if s := statuses[0]; s.Index != 30 || s.State != core.StatePending || s.Summary != nil {
			dom.t.Errorf("a pending index is %+v", s)
		}
		for i, n := range []core.Index{20, 10} {
			if s := statuses[i+1]; s.Index != n || s.State != core.StateCalculated || s.Summary == nil {
				dom.t.Errorf("a calculated index is %+v", s)
			}
		}
	})
}

func TestStates_HaveLostValuesCalculatedAgain(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculatedAndEvicted(10, 20)
		statuses, err := dom.service.States(dom.t.Context(), "a reader", 10, 20)
		if err != nil || len(statuses) != 2 || statuses[0].State != core.StatePending || statuses[1].State != core.StatePending {
			dom.t.Fatalf("the statuses are %+v, %v", statuses, err)
		}
		dom.startWorker()
		time.Sleep(time.Minute)
		synctest.Wait()
		statuses, err = dom.service.States(dom.t.Context(), "a reader", 10, 20)
		if err != nil || len(statuses) != 2 || statuses[0].State != core.StateCalculated || statuses[1].State != core.StateCalculated {
			dom.t.Errorf("after a minute the statuses are %+v, %v", statuses, err)
		}
	})
}

// A value that can't be restored now does not keep the others from being read.
func TestStates_WithoutRoomToRestoreLeaveLostValuesPending(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(dom *domain) {
		var indices []core.Index
		for k := range core.Index(20) {
			indices = append(indices, 1000*k+10)
		}
		dom.calculatedAndEvicted(indices...)
		statuses, err := dom.service.States(dom.t.Context(), "a reader", indices...)
		if err != nil || len(statuses) != len(indices) {
			dom.t.Fatalf("%d statuses, %v", len(statuses), err)
		}
		for _, s := range statuses {
			if s.State != core.StatePending {
				dom.t.Errorf("F(%d) is %v", s.Index, s.State)
			}
		}
		if backlog, err := dom.queue.Backlog(dom.t.Context(), "a reader"); err != nil || backlog.Tasks != 4 {
			dom.t.Errorf("the backlog is %+v, %v", backlog, err)
		}
	})
}

func TestStates_UnavailablePortsAreReported(t *testing.T) {
	t.Parallel()
	for port, kind := range map[string]core.Kind{
		"IndexStore.Lookup": core.KindUnavailable, "ValueCache.Summaries": core.KindUnavailable, "WorkQueue.Jobs": core.KindNone,
	} {
		inDomain(t, func(dom *domain) { dom.intercept(port, unavailable) }, func(dom *domain) {
			dom.submit(10)
			stop := dom.startWorker()
			time.Sleep(time.Minute)
			synctest.Wait()
			stop()
			_, err := dom.service.States(dom.t.Context(), "a reader", 10)
			dom.wantKind(err, kind)
		})
	}
}
