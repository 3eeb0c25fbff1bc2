package core_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
)

func TestSubmittedIndexIsCalculated(t *testing.T) {
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

func TestConcurrentSubmissionsMakeOneRecordAndOneCalculation(t *testing.T) {
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

func TestConcurrentSubmissionsShareCommits(t *testing.T) {
	t.Parallel()
	var commits int
	inWorld(t, func(w *world) {
		w.ports.Store = slowStore{w.store, &commits}
	}, func(w *world) {
		var all sync.WaitGroup
		for n := range core.Index(500) {
			all.Go(func() { w.submit(n) })
		}
		all.Wait()
		// The first goes alone, the others gather while it is being written.
		if commits != 2 {
			w.t.Errorf("500 concurrent submissions took %d commits, want 2", commits)
		}
	})
}

// slowStore takes a moment for each commit and counts them.
type slowStore struct {
	core.IndexStore
	commits *int
}

func (s slowStore) Record(ctx context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
	time.Sleep(time.Millisecond)
	*s.commits++
	return s.IndexStore.Record(ctx, at, submissions)
}

func TestCalculatedIndexIsNotCalculatedAgainWhenResubmitted(t *testing.T) {
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

func TestBatchIsAnsweredInItsOrderWithRepetitions(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		statuses := w.submit(3, 1, 3, 2)
		for i, n := range []core.Index{3, 1, 3, 2} {
			if statuses[i].Index != n {
				w.t.Errorf("answer %d is about %d, want %d", i, statuses[i].Index, n)
			}
		}
		if r := w.record(3); r.Submissions != 2 {
			w.t.Errorf("an index twice in a batch has %d submissions", r.Submissions)
		}
	})
}

func TestIndexOutOfBoundsIsRefusedAndNothingRecorded(t *testing.T) {
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
				w.t.Errorf("error about %d: %+v", n, e)
			}
		}
		if list, err := w.service.Indices(w.t.Context(), 0, 10); err != nil || len(list) != 0 {
			w.t.Errorf("after refusals the list is %v, %v", list, err)
		}
	})
}

func TestSubmissionSucceedsWithoutQueueAndIsMadeUpFor(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		away := &awayQueue{WorkQueue: w.queue}
		w.ports.Queue = away
		w.service = core.NewService(w.ports, w.broadcaster, core.Limits{}, quiet)
		away.set(true)
		w.startReconciler()
		w.startWorker()
		w.submit(77)
		time.Sleep(time.Minute)
		if s := w.status(77).State; s != core.StatePending {
			w.t.Errorf("without a queue the state is %v", s)
		}
		away.set(false)
		begin := time.Now()
		w.wait(77)
		if took := time.Since(begin); took > 10*time.Second {
			w.t.Errorf("the value came %v after the queue", took)
		}
	})
}

func TestNothingIsAcceptedWithoutTheStore(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.ports.Store = brokenStore{w.store}
	}, func(w *world) {
		_, err := w.service.Submit(w.t.Context(), "", 1)
		w.wantKind(err, core.KindUnavailable)
	})
}

type brokenStore struct{ core.IndexStore }

func (brokenStore) Record(context.Context, time.Time, []core.Submission) ([]core.Record, error) {
	return nil, core.NewError(core.KindUnavailable, "The store is away.")
}

func TestEvictedValueComesBackWhenAskedForAndOnlyThen(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		stop := w.startWorker()
		w.startReconciler()
		for _, ask := range []func(){
			func() { w.submit(40) },
			func() { w.status(40) },
			func() { _, err := w.service.Digits(w.t.Context(), 40, 0, 1); w.wantKind(err, core.KindNotReady) },
		} {
			w.submit(40)
			w.wait(40)
			synctest.Wait()
			w.cache.Evict(40)
			time.Sleep(time.Hour)
			if found, err := w.cache.Summaries(w.t.Context(), 40); err != nil || len(found) > 0 {
				w.t.Errorf("an evicted value came back unasked: %v, %v", found, err)
			}
			ask()
			if s := w.wait(40); s.Summary.Digits != "102334155" {
				w.t.Errorf("F(40) came back as %s", s.Summary.Digits)
			}
		}
		stop()
		if n := w.calculator.begun[40]; n != 4 {
			w.t.Errorf("calculated %d times for a first time and three evictions", n)
		}
	})
}

func TestFlushedValuesComeBackByThemselves(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.startWorker()
		w.startReconciler()
		const count = 3000
		for first := core.Index(0); first < count; first += 1000 {
			var batch []core.Index
			for n := range core.Index(1000) {
				batch = append(batch, first+n)
			}
			w.submit(batch...)
		}
		for n := range core.Index(count) {
			w.wait(n)
		}
		synctest.Wait()
		w.cache.Flush()
		w.queue.Flush()
		if list, err := w.service.Indices(w.t.Context(), 0, 1); err != nil || list[0].State != core.StatePending {
			w.t.Errorf("after a flush the list says %+v, %v", list, err)
		}
		time.Sleep(time.Minute)
		list, err := w.service.Values(w.t.Context(), core.Position{}, 2*count)
		if err != nil || len(list) != count {
			w.t.Errorf("%d of %d values are back, %v", len(list), count, err)
		}
	})
}

func TestDamagedValueIsNeverServed(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.startWorker()
		w.submit(1000)
		want := w.wait(1000).Summary.Digits
		for _, k := range []int{-1, 0} {
			synctest.Wait()
			w.cache.Damage(1000, k)
			if digits, err := w.service.Digits(w.t.Context(), 1000, 0, 209); err == nil {
				w.t.Errorf("damaged digits were served: %s", digits)
			}
			if got := w.wait(1000).Summary.Digits; got != want {
				w.t.Errorf("after damage F(1000) is %s", got)
			}
		}
	})
}

func TestUnknownIndexIsNotFound(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		_, err := w.service.Status(w.t.Context(), 5)
		w.wantKind(err, core.KindNotFound)
		_, err = w.service.Digits(w.t.Context(), 5, 0, 1)
		w.wantKind(err, core.KindNotFound)
		_, err = w.service.Await(w.t.Context(), 5, time.Hour)
		w.wantKind(err, core.KindNotFound)
	})
}

func TestAwaitReturnsTheStateWhenTheTimeIsUp(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.submit(5)
		begin := time.Now()
		s, err := w.service.Await(w.t.Context(), 5, 20*time.Second)
		if err != nil || s.State != core.StatePending || time.Since(begin) != 20*time.Second {
			w.t.Errorf("after %v: %+v, %v", time.Since(begin), s, err)
		}
	})
}

func TestAwaitReturnsAtOnceWhenTheValueArrives(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		w.calculator.takes = 1300 * time.Millisecond
		w.submit(5)
		w.startWorker()
		begin := time.Now()
		w.wait(5)
		if took := time.Since(begin); took != w.calculator.takes {
			w.t.Errorf("the value was there after %v, Await returned after %v", w.calculator.takes, took)
		}
	})
}

func TestAwaitDoesNotDependOnEvents(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) { w.ports.Events = silence{w.events} }, func(w *world) {
		w.submit(5)
		w.startWorker()
		begin := time.Now()
		w.wait(5)
		if took := time.Since(begin); took > 5*time.Second {
			w.t.Errorf("without events it took %v", took)
		}
	})
}

// silence loses every event.
type silence struct{ core.Events }

func (silence) Publish(context.Context, ...core.Event) error { return nil }

func TestSlowWatcherIsDroppedAndOthersAreNot(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		const count = 12_000
		slow, quick := w.service.Watch(), w.service.Watch()
		got := 0
		for n := range core.Index(count) {
			if err := w.events.Publish(w.t.Context(), core.Event{Index: n}); err != nil {
				w.t.Fatal(err)
			}
			if e, open := quick.Next(); !open || e.Index != n {
				w.t.Fatalf("event %d came as %+v, %v", n, e, open)
			}
			got++
		}
		if e, open := slow.Next(); got != count || open {
			w.t.Errorf("who reads nothing of %d events is told %+v", count, e)
		}
	})
}

func TestBatchOfSubmissionsDropsNoWatcher(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		watcher := w.service.Watch()
		batch := make([]core.Index, 1000)
		for i := range batch {
			batch[i] = core.Index(i)
		}
		w.submit(batch...)
		synctest.Wait()
		for _, n := range batch {
			if e, open := watcher.Next(); !open || e.Index != n || e.Kind != core.EventSeen {
				w.t.Fatalf("event %d of the batch came as %+v, %v", n, e, open)
			}
		}
	})
}

// interruptedEvents has one subscription that breaks, and then none for a while.
type interruptedEvents struct {
	core.Events
	firstEnds, secondBegins time.Time
	subscribed              bool
}

func (e *interruptedEvents) Subscribe(ctx context.Context) (<-chan core.Event, error) {
	switch now := time.Now(); {
	case !e.subscribed:
		e.subscribed = true
		ctx, cancel := context.WithDeadline(ctx, e.firstEnds)
		context.AfterFunc(ctx, cancel)
		return e.Events.Subscribe(ctx)
	case now.Before(e.secondBegins):
		return nil, core.NewError(core.KindUnavailable, "The events are away.")
	}
	return e.Events.Subscribe(ctx)
}

func TestWhoWatchesWhileEventsAreAwayIsToldToLookAgainOnceTheyAreBack(t *testing.T) {
	t.Parallel()
	prepare := func(w *world) {
		now := time.Now()
		w.ports.Events = &interruptedEvents{Events: w.events, firstEnds: now.Add(time.Second), secondBegins: now.Add(10 * time.Second)}
	}
	inWorld(t, prepare, func(w *world) {
		before := w.service.Watch()
		time.Sleep(5 * time.Second)
		if e, open := before.Next(); open {
			w.t.Errorf("after the subscription broke came %+v", e)
		}
		meanwhile := w.service.Watch()
		w.submit(5) // which no subscription hears of
		if e, open := meanwhile.Next(); open {
			w.t.Errorf("without a subscription came %+v", e)
		}
		since := w.service.Watch()
		w.submit(6)
		if e, open := since.Next(); !open || e.Index != 6 {
			w.t.Errorf("once events were back came %+v, %v", e, open)
		}
	})
}

func TestFailedIndexShowsItsReasonAndIsTriedAnewWhenResubmitted(t *testing.T) {
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
		_, err := w.service.Digits(w.t.Context(), 13, 0, 1)
		w.wantKind(err, core.KindNotReady)
		if s := w.status(14); s.State != core.StateCalculated {
			w.t.Errorf("the index behind it is %v", s.State)
		}
		time.Sleep(time.Hour)
		w.stopAll()
		if n := w.calculator.begun[13]; n != core.MaxDeliveries {
			w.t.Errorf("tried %d times, want %d", n, core.MaxDeliveries)
		}
		w.calculator.fail = nil
		if s := w.submit(13)[0]; s.State != core.StatePending || s.Reason != "" {
			w.t.Errorf("submitted anew: %+v", s)
		}
		w.startWorker()
		if s := w.wait(13); s.Summary == nil || s.Summary.Digits != "233" {
			w.t.Errorf("tried anew: %+v", s)
		}
	})
}

func TestWatcherIsToldWhenNothingMoreWillCome(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		watcher := w.service.Watch()
		w.submit(5)
		synctest.Wait()
		w.stops[0]() // the broadcaster
		if e, open := watcher.Next(); !open || e.Index != 5 {
			w.t.Errorf("what came before the end is told as %+v, %v", e, open)
		}
		for _, over := range []*core.Watcher{watcher, w.service.Watch()} {
			if e, open := over.Next(); open {
				w.t.Errorf("after the end came %+v", e)
			}
		}
	})
}
