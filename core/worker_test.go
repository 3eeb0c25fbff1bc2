package core_test

import (
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

var quiet = slog.New(slog.DiscardHandler)

func TestWorker_TakesOverTheTaskOfADeadOne(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.takes = time.Second
		var dead atomic.Bool
		w.startWorker(intercept.When(dead.Load, unavailable)) // a dead worker reaches no port
		w.submit(10)
		time.Sleep(500 * time.Millisecond)
		dead.Store(true)
		begin := time.Now()
		w.startWorker()
		w.wait(10)
		if took := time.Since(begin); took > 15*time.Second {
			w.t.Errorf("taken over after %v", took)
		}
	})
}

func TestWorker_CalculatesOnceWhatTakesLongerThanTheLease(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.takes = 5 * lease
		stop := []func(){w.startWorker(), w.startWorker()}
		w.startReconciler()
		w.submit(10)
		w.wait(10)
		for _, s := range stop {
			s()
		}
		if n := w.calculator.begun[10]; n != 1 {
			w.t.Errorf("begun %d times", n)
		}
	})
}

func TestWorker_ReportsProgress(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.takes = 20 * time.Second
		w.startWorker()
		events := w.service.Watch()
		w.submit(10)
		time.Sleep(10500 * time.Millisecond)
		s := w.status(10)
		if s.State != core.StateCalculating || s.Progress < 0.4 || s.Progress > 0.6 {
			w.t.Errorf("half way the status is %+v", s)
		}
		w.wait(10)
		synctest.Wait()
		last, count := -1.0, 0
		for calculated := false; !calculated; {
			e, open := events.Next()
			if !open {
				w.t.Fatal("events were missed")
			}
			calculated = e.Kind == core.EventCalculated
			if e.Kind == core.EventProgress {
				if e.Progress < last {
					w.t.Errorf("progress went from %v to %v", last, e.Progress)
				}
				last = e.Progress
				count++
			}
		}
		if count < 5 {
			w.t.Errorf("%d progress events in 20 s", count)
		}
	})
}

func TestWorker_ReleasesItsTaskWhenItIsStopped(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.takes = time.Hour
		stop := w.startWorker()
		w.submit(10)
		time.Sleep(time.Second)
		begin := time.Now()
		stop()
		claims, err := w.queue.Claim(w.t.Context(), core.ClaimLimit{})
		if err != nil || len(claims) != 1 || claims[0].Index != 10 || claims[0].Delivery != 1 || time.Since(begin) > 0 {
			w.t.Errorf("after %v: claims %+v, %v", time.Since(begin), claims, err)
		}
	})
}

func TestWorker_FailsAnIndexThatKillsItsWorkers(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.startReconciler()
		w.submit(666)
		// Workers that die are claims that no one renews.
		for range core.MaxDeliveries {
			if claims, err := w.queue.Claim(w.t.Context(), core.ClaimLimit{}); err != nil || len(claims) != 1 {
				w.t.Fatalf("claims %+v, %v", claims, err)
			}
			time.Sleep(lease)
		}
		stop := w.startWorker()
		s := w.wait(666)
		if s.State != core.StateFailed || !strings.Contains(s.Reason, "5 times") {
			w.t.Errorf("after five deaths: %+v", s)
		}
		synctest.Wait()
		stop()
		if len(w.calculator.begun) > 0 {
			w.t.Error("a sixth worker tried")
		}
		if jobs, err := w.queue.Jobs(w.t.Context(), 666); err != nil || len(jobs) > 0 {
			w.t.Errorf("it is still in the queue: %v, %v", jobs, err)
		}
	})
}

func TestWorker_KeepsAValueWhileTheCacheIsUnavailable(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		var away atomic.Bool
		stop := w.startWorker(intercept.On("ValueCache.Put", intercept.When(away.Load, unavailable)))
		away.Store(true)
		w.submit(10)
		time.Sleep(time.Minute)
		away.Store(false)
		w.wait(10)
		stop()
		if n := w.calculator.begun[10]; n != 1 {
			w.t.Errorf("calculated %d times", n)
		}
	})
}

func TestWorker_CalculatesAgainWhatIsEvictedAndSubmittedWhileMarked(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.startReconciler()
		w.submit(10)
		// Between the worker's read of the cache and its mark, the value is
		// evicted and the index is submitted again.
		evicted := false
		w.startWorker(intercept.On("IndexStore.MarkCalculated", intercept.Before(func() {
			if !evicted {
				evicted = true
				w.cache.Evict(10)
				w.submit(10)
			}
		})))
		time.Sleep(30 * time.Second)
		found, err := w.cache.Summaries(w.t.Context(), 10)
		if err != nil || found[10].Digits != "55" {
			w.t.Errorf("accepted with 202, but there is no value: %v, %v", found, err)
		}
	})
}

func TestWorker_IsRegisteredWhileItLives(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		wantWorkers := func(when string, want int) {
			w.t.Helper()
			synctest.Wait()
			if seen := w.service.Overview(w.t.Context()); seen.Workers == nil || *seen.Workers != want {
				w.t.Errorf("%s: %+v, want %d workers", when, seen, want)
			}
		}
		w.calculator.takes = 5 * lease
		wantWorkers("before the start", 0)
		stop := w.startWorker()
		var dead atomic.Bool
		w.startWorker(intercept.When(dead.Load, unavailable)) // a dead worker reaches no port
		time.Sleep(time.Second)
		wantWorkers("at the start", 2)
		time.Sleep(10 * lease)
		wantWorkers("after a long time without work", 2)
		w.submit(10, 20)
		time.Sleep(4 * lease)
		wantWorkers("at work", 2)
		dead.Store(true)
		time.Sleep(2 * lease)
		wantWorkers("two leases after the death of one", 1)
		stop()
		time.Sleep(time.Second) // the overview may be that old
		wantWorkers("the other was stopped", 0)
	})
}
