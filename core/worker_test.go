package core_test

import (
	"context"
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
	inDomain(t, nil, func(dom *domain) {
		dom.calculator.takes = time.Second
		var dead atomic.Bool
		dom.startWorker(intercept.When(dead.Load, unavailable)) // a dead worker reaches no port
		dom.submit(10)
		time.Sleep(500 * time.Millisecond)
		dead.Store(true)
		begin := time.Now()
		dom.startWorker()
		dom.wait(10)
		if took := time.Since(begin); took > 15*time.Second {
			dom.t.Errorf("taken over after %v", took)
		}
	})
}

func TestWorker_CalculatesOnceWhatTakesLongerThanTheLease(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculator.takes = 5 * lease
		stop := []func(){dom.startWorker(), dom.startWorker()}
		dom.startReconciler()
		dom.submit(10)
		dom.wait(10)
		for _, s := range stop {
			s()
		}
		if n := dom.calculator.begun[10]; n != 1 {
			dom.t.Errorf("begun %d times", n)
		}
	})
}

func TestWorker_ReportsProgress(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculator.takes = 20 * time.Second
		dom.startWorker()
		last, count := -1.0, 0
		watcher := dom.service.Watch(dom.t.Context())
		dom.start(func(context.Context) {
			for calculated := false; !calculated; {
				e, open := watcher.Next()
				if !open {
					dom.t.Error("events were missed")
					return
				}
				calculated = e.Kind == core.EventCalculated
				if e.Kind == core.EventProgress {
					if e.Progress < last {
						dom.t.Errorf("progress went from %v to %v", last, e.Progress)
					}
					last = e.Progress
					count++
				}
			}
		})
		dom.submit(10)
		time.Sleep(10500 * time.Millisecond)
		s := dom.status(10)
		if s.State != core.StateCalculating || s.Progress < 0.4 || s.Progress > 0.6 {
			dom.t.Errorf("half way the status is %+v", s)
		}
		dom.wait(10)
		synctest.Wait()
		if count < 5 {
			dom.t.Errorf("%d progress events in 20 s", count)
		}
	})
}

func TestWorker_ReleasesItsTaskWhenItIsStopped(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculator.takes = time.Hour
		stop := dom.startWorker()
		dom.submit(10)
		time.Sleep(time.Second)
		begin := time.Now()
		stop()
		claims, err := dom.queue.Claim(dom.t.Context(), core.ClaimLimit{})
		if err != nil || len(claims) != 1 || claims[0].Index != 10 || claims[0].Delivery != 1 || time.Since(begin) > 0 {
			dom.t.Errorf("after %v: claims %+v, %v", time.Since(begin), claims, err)
		}
	})
}

func TestWorker_FailsAnIndexThatKillsItsWorkers(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.startReconciler()
		dom.submit(666)
		// Workers that die are claims that no one renews.
		for range core.MaxDeliveries {
			if claims, err := dom.queue.Claim(dom.t.Context(), core.ClaimLimit{}); err != nil || len(claims) != 1 {
				dom.t.Fatalf("claims %+v, %v", claims, err)
			}
			time.Sleep(lease)
		}
		stop := dom.startWorker()
		s := dom.wait(666)
		if s.State != core.StateFailed || !strings.Contains(s.Reason, "5 times") {
			dom.t.Errorf("after five deaths: %+v", s)
		}
		synctest.Wait()
		stop()
		if len(dom.calculator.begun) > 0 {
			dom.t.Error("a sixth worker tried")
		}
		if jobs, err := dom.queue.Jobs(dom.t.Context(), 666); err != nil || len(jobs) > 0 {
			dom.t.Errorf("it is still in the queue: %v, %v", jobs, err)
		}
	})
}

// Its events tell that a worker died, and which one has its task now.
func TestWorker_TellsWhichDeliveryItIs(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculator.takes = 20 * time.Second
		watcher := dom.service.Watch(dom.t.Context())
		dom.submit(10)
		if claims, err := dom.queue.Claim(dom.t.Context(), core.ClaimLimit{}); err != nil || len(claims) != 1 {
			dom.t.Fatalf("claims %+v, %v", claims, err)
		}
		time.Sleep(lease) // no one renews the claim: its worker has died
		claimedAt := time.Now().UTC()
		dom.startWorker()
		synctest.Wait() // until it is registered
		count := make(map[core.EventKind]int)
		for count[core.EventCalculated] == 0 {
			e, open := watcher.Next()
			if !open {
				dom.t.Fatal("events were missed")
			}
			count[e.Kind]++
			workers, err := dom.workers.List(dom.t.Context())
			if err != nil || len(workers) != 1 {
				dom.t.Fatalf("the workers are %+v, %v", workers, err)
			}
			want := core.Event{Kind: e.Kind, Worker: workers[0].Name, Delivery: 2, ClaimedAt: claimedAt}
			if e.Kind == core.EventSeen {
				want = core.Event{}
			}
			if e.Worker != want.Worker || e.Delivery != want.Delivery || !e.ClaimedAt.Equal(want.ClaimedAt) {
				dom.t.Errorf("%v: %+v, want %+v", e.Kind, e, want)
			}
		}
		if count[core.EventSeen] != 1 || count[core.EventProgress] == 0 {
			dom.t.Errorf("the events are %v", count)
		}
	})
}

func TestWorker_KeepsAValueWhileTheCacheIsUnavailable(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		var away atomic.Bool
		stop := dom.startWorker(intercept.On("ValueCache.Put", intercept.When(away.Load, unavailable)))
		away.Store(true)
		dom.submit(10)
		time.Sleep(time.Minute)
		away.Store(false)
		dom.wait(10)
		stop()
		if n := dom.calculator.begun[10]; n != 1 {
			dom.t.Errorf("calculated %d times", n)
		}
	})
}

func TestWorker_CalculatesAgainWhatIsEvictedAndSubmittedWhileMarked(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.startReconciler()
		dom.submit(10)
		// Between the worker's read of the cache and its mark, the value is
		// evicted and the index is submitted again.
		evicted := false
		dom.startWorker(intercept.On("IndexStore.MarkCalculated", intercept.Before(func() {
			if !evicted {
				evicted = true
				dom.cache.Evict(10)
				dom.submit(10)
			}
		})))
		time.Sleep(30 * time.Second)
		found, err := dom.cache.Summaries(dom.t.Context(), 10)
		if err != nil || found[10].Digits != "55" {
			dom.t.Errorf("accepted with 202, but there is no value: %v, %v", found, err)
		}
	})
}

func TestWorker_IsRegisteredWhileItLives(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		wantWorkers := func(when string, want int) {
			dom.t.Helper()
			synctest.Wait()
			if seen := dom.service.Overview(dom.t.Context()); seen.Workers == nil || len(seen.Workers) != want {
				dom.t.Errorf("%s: %+v, want %d workers", when, seen, want)
			}
		}
		dom.calculator.takes = 5 * lease
		wantWorkers("before the start", 0)
		stop := dom.startWorker()
		var dead atomic.Bool
		dom.startWorker(intercept.When(dead.Load, unavailable)) // a dead worker reaches no port
		time.Sleep(time.Second)
		wantWorkers("at the start", 2)
		time.Sleep(10 * lease)
		wantWorkers("after a long time without work", 2)
		dom.submit(10, 20)
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
