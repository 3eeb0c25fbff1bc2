package core_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
)

func TestStatus_UnknownIndexIsNotFound(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		_, err := dom.service.Status(dom.t.Context(), "a reader", 5)
		dom.wantKind(err, core.KindNotFound)
		_, err = dom.service.Digits(dom.t.Context(), "a reader", 5, 0, 1)
		dom.wantKind(err, core.KindNotFound)
		_, err = dom.service.Await(dom.t.Context(), "a reader", 5, time.Hour)
		dom.wantKind(err, core.KindNotFound)
	})
}

func TestStatus_EvictedValueIsRecalculatedOnlyOnRequest(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		stop := dom.startWorker()
		dom.startReconciler()
		for _, request := range []func(){
			func() { dom.submit(40) },
			func() { dom.status(40) },
			func() {
				_, err := dom.service.Digits(dom.t.Context(), "a reader", 40, 0, 1)
				dom.wantKind(err, core.KindNotReady)
			},
		} {
			dom.submit(40)
			dom.wait(40)
			synctest.Wait()
			dom.cache.Evict(40)
			time.Sleep(time.Hour)
			if found, err := dom.cache.Summaries(dom.t.Context(), 40); err != nil || len(found) > 0 {
				dom.t.Errorf("an evicted value was recalculated without a request: %v, %v", found, err)
			}
			request()
			if s := dom.wait(40); s.Summary.Digits != "102334155" {
				dom.t.Errorf("recalculated, F(40) is %s", s.Summary.Digits)
			}
		}
		stop()
		if n := dom.calculator.begun[40]; n != 4 {
			dom.t.Errorf("calculated %d times, want 4: once, and after each of three evictions", n)
		}
	})
}

func TestDigits_DamagedValueIsNeverServed(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.startWorker()
		dom.submit(1000)
		want := dom.wait(1000).Summary.Digits
		for _, k := range []int{-1, 0} {
			synctest.Wait()
			dom.cache.Damage(1000, k)
			if digits, err := dom.service.Digits(dom.t.Context(), "a reader", 1000, 0, 209); err == nil {
				dom.t.Errorf("damaged digits were served: %s", digits)
			}
			if got := dom.wait(1000).Summary.Digits; got != want {
				dom.t.Errorf("after the damage, F(1000) is %s", got)
			}
		}
	})
}

func TestStatus_FailedIndexShowsItsReasonAndIsRetriedWhenResubmitted(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculator.fail = map[core.Index]error{13: core.NewError(core.KindInternal, "It did not add up.")}
		dom.startWorker()
		dom.startReconciler()
		dom.submit(13, 14)
		s := dom.wait(13)
		if s.State != core.StateFailed || !strings.Contains(s.Reason, "add up") {
			dom.t.Errorf("failed as %+v", s)
		}
		_, err := dom.service.Digits(dom.t.Context(), "a reader", 13, 0, 1)
		dom.wantKind(err, core.KindNotReady)
		if s := dom.status(14); s.State != core.StateCalculated {
			dom.t.Errorf("the index behind it is %v", s.State)
		}
		time.Sleep(time.Hour)
		dom.stopAll()
		if n := dom.calculator.begun[13]; n != core.MaxDeliveries {
			dom.t.Errorf("calculated %d times, want %d", n, core.MaxDeliveries)
		}
		dom.calculator.fail = nil
		if s := dom.submit(13)[0]; s.State != core.StatePending || s.Reason != "" {
			dom.t.Errorf("submitted again: %+v", s)
		}
		dom.startWorker()
		if s := dom.wait(13); s.Summary == nil || s.Summary.Digits != "233" {
			dom.t.Errorf("retried: %+v", s)
		}
	})
}
