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
	inWorld(t, nil, func(w *world) {
		_, err := w.service.Status(w.t.Context(), "a reader", 5)
		w.wantKind(err, core.KindNotFound)
		_, err = w.service.Digits(w.t.Context(), "a reader", 5, 0, 1)
		w.wantKind(err, core.KindNotFound)
		_, err = w.service.Await(w.t.Context(), "a reader", 5, time.Hour)
		w.wantKind(err, core.KindNotFound)
	})
}

func TestStatus_EvictedValueIsRecalculatedOnlyOnRequest(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		stop := w.startWorker()
		w.startReconciler()
		for _, request := range []func(){
			func() { w.submit(40) },
			func() { w.status(40) },
			func() {
				_, err := w.service.Digits(w.t.Context(), "a reader", 40, 0, 1)
				w.wantKind(err, core.KindNotReady)
			},
		} {
			w.submit(40)
			w.wait(40)
			synctest.Wait()
			w.cache.Evict(40)
			time.Sleep(time.Hour)
			if found, err := w.cache.Summaries(w.t.Context(), 40); err != nil || len(found) > 0 {
				w.t.Errorf("an evicted value was recalculated without a request: %v, %v", found, err)
			}
			request()
			if s := w.wait(40); s.Summary.Digits != "102334155" {
				w.t.Errorf("recalculated, F(40) is %s", s.Summary.Digits)
			}
		}
		stop()
		if n := w.calculator.begun[40]; n != 4 {
			w.t.Errorf("calculated %d times, want 4: once, and after each of three evictions", n)
		}
	})
}

func TestDigits_DamagedValueIsNeverServed(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.startWorker()
		w.submit(1000)
		want := w.wait(1000).Summary.Digits
		for _, k := range []int{-1, 0} {
			synctest.Wait()
			w.cache.Damage(1000, k)
			if digits, err := w.service.Digits(w.t.Context(), "a reader", 1000, 0, 209); err == nil {
				w.t.Errorf("damaged digits were served: %s", digits)
			}
			if got := w.wait(1000).Summary.Digits; got != want {
				w.t.Errorf("after the damage, F(1000) is %s", got)
			}
		}
	})
}

func TestStatus_FailedIndexShowsItsReasonAndIsRetriedWhenResubmitted(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.fail = map[core.Index]error{13: core.NewError(core.KindInternal, "It did not add up.")}
		w.startWorker()
		w.startReconciler()
		w.submit(13, 14)
		s := w.wait(13)
		if s.State != core.StateFailed || !strings.Contains(s.Reason, "add up") {
			w.t.Errorf("failed as %+v", s)
		}
		_, err := w.service.Digits(w.t.Context(), "a reader", 13, 0, 1)
		w.wantKind(err, core.KindNotReady)
		if s := w.status(14); s.State != core.StateCalculated {
			w.t.Errorf("the index behind it is %v", s.State)
		}
		time.Sleep(time.Hour)
		w.stopAll()
		if n := w.calculator.begun[13]; n != core.MaxDeliveries {
			w.t.Errorf("calculated %d times, want %d", n, core.MaxDeliveries)
		}
		w.calculator.fail = nil
		if s := w.submit(13)[0]; s.State != core.StatePending || s.Reason != "" {
			w.t.Errorf("submitted again: %+v", s)
		}
		w.startWorker()
		if s := w.wait(13); s.Summary == nil || s.Summary.Digits != "233" {
			w.t.Errorf("retried: %+v", s)
		}
	})
}
