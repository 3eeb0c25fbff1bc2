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
)

var quiet = slog.New(slog.DiscardHandler)

// awayQueue is a queue that can be out of reach.
type awayQueue struct {
	core.WorkQueue
	away atomic.Bool
}

func (q *awayQueue) set(away bool) { q.away.Store(away) }

func (q *awayQueue) err() error {
	if q.away.Load() {
		return core.NewError(core.KindUnavailable, "The queue is away.")
	}
	return nil
}

func (q *awayQueue) Enqueue(ctx context.Context, client string, tasks ...core.Task) (int, error) {
	if err := q.err(); err != nil {
		return 0, err
	}
	return q.WorkQueue.Enqueue(ctx, client, tasks...)
}

func (q *awayQueue) Backlog(ctx context.Context, client string) (core.Backlog, error) {
	if err := q.err(); err != nil {
		return core.Backlog{}, err
	}
	return q.WorkQueue.Backlog(ctx, client)
}

func (q *awayQueue) Claim(ctx context.Context, wait time.Duration) (core.Claim, error) {
	if err := q.err(); err != nil {
		return core.Claim{}, err
	}
	return q.WorkQueue.Claim(ctx, wait)
}

func (q *awayQueue) Renew(ctx context.Context, c core.Claim, progress float64) error {
	if err := q.err(); err != nil {
		return err
	}
	return q.WorkQueue.Renew(ctx, c, progress)
}

// dead makes a worker that was killed of one that lives: from then on nothing
// it says reaches anybody.
func dead(ports *core.Ports) (kill func()) {
	q := &awayQueue{WorkQueue: ports.Queue}
	ports.Queue = deadQueue{q}
	ports.Store = deadStore{ports.Store, q}
	ports.Cache = deadCache{ports.Cache, q}
	return func() { q.set(true) }
}

type deadQueue struct{ *awayQueue }

func (q deadQueue) Acknowledge(ctx context.Context, c core.Claim) error {
	if err := q.err(); err != nil {
		return err
	}
	return q.WorkQueue.Acknowledge(ctx, c)
}

func (q deadQueue) Announce(ctx context.Context, worker string, lasting time.Duration) error {
	if err := q.err(); err != nil {
		return err
	}
	return q.WorkQueue.Announce(ctx, worker, lasting)
}

func (q deadQueue) Release(ctx context.Context, c core.Claim) error {
	if err := q.err(); err != nil {
		return err
	}
	return q.WorkQueue.Release(ctx, c)
}

type deadStore struct {
	core.IndexStore
	queue *awayQueue
}

func (s deadStore) MarkCalculated(ctx context.Context, n core.Index, revision int64, generation string) (bool, error) {
	if err := s.queue.err(); err != nil {
		return false, err
	}
	return s.IndexStore.MarkCalculated(ctx, n, revision, generation)
}

type deadCache struct {
	core.ValueCache
	queue *awayQueue
}

func (c deadCache) Put(ctx context.Context, v core.Value) error {
	if err := c.queue.err(); err != nil {
		return err
	}
	return c.ValueCache.Put(ctx, v)
}

func TestIndexOfADeadWorkerIsTakenOver(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.takes = time.Second
		var kill func()
		w.startWorker(func(ports *core.Ports) { kill = dead(ports) })
		w.submit(10)
		time.Sleep(500 * time.Millisecond)
		kill()
		begin := time.Now()
		w.startWorker()
		w.wait(10)
		if took := time.Since(begin); took > 15*time.Second {
			w.t.Errorf("taken over after %v", took)
		}
	})
}

func TestCalculationLongerThanTheClaimPeriodIsDoneOnce(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.takes = 5 * claimPeriod
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

func TestProgressIsShownWhileCalculating(t *testing.T) {
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

func TestStoppedWorkerHandsItsIndexBackAtOnce(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.takes = time.Hour
		stop := w.startWorker()
		w.submit(10)
		time.Sleep(time.Second)
		begin := time.Now()
		stop()
		claim, err := w.queue.Claim(w.t.Context(), 0)
		if err != nil || claim.Index != 10 || claim.Delivery != 1 || time.Since(begin) > 0 {
			w.t.Errorf("after %v: claim %+v, %v", time.Since(begin), claim, err)
		}
	})
}

func TestIndexThatKillsItsWorkersIsGivenUp(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.startReconciler()
		w.submit(666)
		// Workers that die are claims that nobody renews.
		for range core.MaxDeliveries {
			if _, err := w.queue.Claim(w.t.Context(), time.Minute); err != nil {
				w.t.Fatal(err)
			}
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

func TestLostClaimEndsTheCalculation(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.takes = time.Hour
		w.startWorker()
		w.submit(10)
		time.Sleep(time.Second)
		w.queue.Flush()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		w.calculator.takes = 0
		w.submit(10)
		w.wait(10) // the worker is free again
	})
}

func TestValueWaitsForACacheThatIsAway(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		away := &awayQueue{}
		stop := w.startWorker(func(ports *core.Ports) { ports.Cache = deadCache{ports.Cache, away} })
		away.set(true)
		w.submit(10)
		time.Sleep(time.Minute)
		away.set(false)
		w.wait(10)
		stop()
		if n := w.calculator.begun[10]; n != 1 {
			w.t.Errorf("calculated %d times", n)
		}
	})
}

func TestValueEvictedAndAskedForWhileBeingMarkedIsNotForgotten(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.startReconciler()
		w.submit(10)
		// Between the worker's look at the cache and its mark, the value is
		// evicted and somebody asks for it.
		evicted := false
		w.startWorker(func(ports *core.Ports) {
			ports.Store = beforeMark{ports.Store, func() {
				if !evicted {
					evicted = true
					w.cache.Evict(10)
					w.submit(10)
				}
			}}
		})
		time.Sleep(30 * time.Second)
		found, err := w.cache.Summaries(w.t.Context(), 10)
		if err != nil || found[10].Digits != "55" {
			w.t.Errorf("accepted with 202, but there is no value: %v, %v", found, err)
		}
	})
}

// beforeMark does something just before a record is marked calculated.
type beforeMark struct {
	core.IndexStore
	do func()
}

func (s beforeMark) MarkCalculated(ctx context.Context, n core.Index, revision int64, generation string) (bool, error) {
	s.do()
	return s.IndexStore.MarkCalculated(ctx, n, revision, generation)
}

func TestWorkerIsCountedWhileItLivesWorkOrNot(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		wantWorkers := func(when string, want int) {
			w.t.Helper()
			synctest.Wait()
			if seen := w.service.Overview(w.t.Context()); seen.Workers == nil || *seen.Workers != want {
				w.t.Errorf("%s: %+v, want %d workers", when, seen, want)
			}
		}
		w.calculator.takes = 5 * claimPeriod
		wantWorkers("before the start", 0)
		stop := w.startWorker()
		var kill func()
		w.startWorker(func(ports *core.Ports) { kill = dead(ports) })
		time.Sleep(time.Second)
		wantWorkers("at the start", 2)
		time.Sleep(10 * claimPeriod)
		wantWorkers("after a long time without work", 2)
		w.submit(10, 20)
		time.Sleep(4 * claimPeriod)
		wantWorkers("at work", 2)
		kill()
		time.Sleep(2 * claimPeriod)
		wantWorkers("two claim periods after the death of one", 1)
		stop()
		time.Sleep(time.Second) // for so long the overview may be as it was
		wantWorkers("the other was stopped", 0)
	})
}
