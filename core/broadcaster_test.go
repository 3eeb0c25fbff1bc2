package core_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

func TestWatcher_SlowOneIsClosedAndOthersAreNot(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		const count = 12_000
		slow, quick := dom.service.Watch(dom.t.Context()), dom.service.Watch(dom.t.Context())
		got := 0
		for n := range core.Index(count) {
			if err := dom.events.Publish(dom.t.Context(), core.Event{Index: n}); err != nil {
				dom.t.Fatal(err)
			}
			if e, open := quick.Next(); !open || e.Index != n {
				dom.t.Fatalf("event %d came as %+v, %v", n, e, open)
			}
			got++
		}
		if e, open := slow.Next(); got != count || open {
			dom.t.Errorf("after %d unread events, the slow watcher reads %+v", count, e)
		}
	})
}

func TestWatcher_LaggingOneReadsTheNewestStateOfEachIndex(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		const count = 12_000
		lagging := dom.service.Watch(dom.t.Context())
		publish := func(e core.Event) {
			if err := dom.events.Publish(dom.t.Context(), e); err != nil {
				dom.t.Fatal(err)
			}
			synctest.Wait()
		}
		publish(core.Event{Kind: core.EventSeen, Index: 5})
		publish(core.Event{Kind: core.EventFailed, Index: 7, Reason: "Because."})
		for i := range count {
			publish(core.Event{Kind: core.EventProgress, Index: 5, Progress: float64(i) / count})
			publish(core.Event{Kind: core.EventProgress, Index: 6, Progress: float64(i) / count})
			publish(core.Event{Kind: core.EventSeen, Index: 7})
		}
		publish(core.Event{Kind: core.EventCalculated, Index: 5})
		const last = float64(count-1) / count
		for i, want := range []core.Event{
			{Kind: core.EventSeen, Index: 5},
			{Kind: core.EventFailed, Index: 7, Reason: "Because."},
			{Kind: core.EventProgress, Index: 6, Progress: last},
			{Kind: core.EventSeen, Index: 7},
			{Kind: core.EventCalculated, Index: 5},
		} {
			if e, open := lagging.Next(); e != want || !open {
				dom.t.Fatalf("event %d is %+v, %v, want %+v", i, e, open, want)
			}
		}
		select {
		case <-lagging.Ready():
			e, open := lagging.Next()
			dom.t.Errorf("then came %+v, %v", e, open)
		default:
		}
	})
}

// Two batches of submissions and their values are published at once, while the
// process is busy.
func TestWatcher_SurvivesABurst(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		const count = 4000
		watcher := dom.service.Watch(dom.t.Context())
		events := make([]core.Event, count)
		for i := range events {
			events[i] = core.Event{Index: core.Index(i)}
		}
		if err := dom.events.Publish(dom.t.Context(), events...); err != nil {
			dom.t.Fatal(err)
		}
		for n := range core.Index(count) {
			if e, open := watcher.Next(); !open || e.Index != n {
				dom.t.Fatalf("event %d came as %+v, %v", n, e, open)
			}
		}
	})
}

func TestWatcher_KeepsUpWithABatchOfSubmissions(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		watcher := dom.service.Watch(dom.t.Context())
		batch := make([]core.Index, 1000)
		for i := range batch {
			batch[i] = core.Index(i)
		}
		dom.submit(batch...)
		synctest.Wait()
		for _, n := range batch {
			if e, open := watcher.Next(); !open || e.Index != n || e.Kind != core.EventSeen {
				dom.t.Fatalf("event %d of the batch came as %+v, %v", n, e, open)
			}
		}
	})
}

func TestWatcher_EncodesAnEventOnceForAll(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		calls := 0
		encode := func(e core.Event) []byte {
			calls++
			return []byte(e.Index.String())
		}
		watchers := []*core.Watcher{dom.service.Watch(dom.t.Context()), dom.service.Watch(dom.t.Context()), dom.service.Watch(dom.t.Context())}
		dom.submit(5, 6)
		synctest.Wait()
		for _, watcher := range watchers {
			for _, want := range []string{"5", "6"} {
				if text, open := watcher.NextEncoded(encode); !open || string(text) != want {
					t.Errorf("read %q, %v, want %q", text, open, want)
				}
			}
		}
		if calls != 2 {
			t.Errorf("2 events were encoded %d times for %d watchers", calls, len(watchers))
		}
		dom.stops[0]() // the broadcaster
		if text, open := watchers[0].NextEncoded(encode); open {
			t.Errorf("after the end, %q was read", text)
		}
	})
}

func TestWatcher_IsClosedWhenTheBroadcasterStops(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		watcher := dom.service.Watch(dom.t.Context())
		dom.submit(5)
		synctest.Wait()
		dom.stops[0]() // the broadcaster
		if e, open := watcher.Next(); !open || e.Index != 5 {
			dom.t.Errorf("the event before the end was read as %+v, %v", e, open)
		}
		for _, over := range []*core.Watcher{watcher, dom.service.Watch(dom.t.Context())} {
			if e, open := over.Next(); open {
				dom.t.Errorf("after the end, %+v was read", e)
			}
		}
	})
}

// interruption ends the first subscription after a second and allows the next
// after ten.
func interruption(begin time.Time) intercept.Interceptor {
	subscribed := false
	return func(ctx context.Context, call intercept.Call) error {
		if !subscribed {
			subscribed = true
			ctx, cancel := context.WithDeadline(ctx, begin.Add(time.Second))
			context.AfterFunc(ctx, cancel)
			return call.Next(ctx)
		}
		if time.Since(begin) < 10*time.Second {
			return unavailable(ctx, call)
		}
		return call.Next(ctx)
	}
}

func TestWatcher_IsClosedWhenTheSubscriptionBreaksAndWhenItIsReestablished(t *testing.T) {
	t.Parallel()
	prepare := func(dom *domain) {
		dom.intercept("Events.Subscribe", interruption(time.Now()))
	}
	inDomain(t, prepare, func(dom *domain) {
		before := dom.service.Watch(dom.t.Context())
		time.Sleep(5 * time.Second)
		if e, open := before.Next(); open {
			dom.t.Errorf("after the subscription broke, %+v was read", e)
		}
		meanwhile := dom.service.Watch(dom.t.Context())
		dom.submit(5) // its event is lost
		if e, open := meanwhile.Next(); open {
			dom.t.Errorf("without a subscription, %+v was read", e)
		}
		since := dom.service.Watch(dom.t.Context())
		dom.submit(6)
		if e, open := since.Next(); !open || e.Index != 6 {
			dom.t.Errorf("with a new subscription, %+v, %v was read", e, open)
		}
	})
}
