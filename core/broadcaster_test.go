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
			w.t.Errorf("after %d unread events, the slow watcher reads %+v", count, e)
		}
	})
}

func TestWatcher_KeepsUpWithABatchOfSubmissions(t *testing.T) {
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

func TestWatcher_EncodesAnEventOnceForAll(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		calls := 0
		encode := func(e core.Event) []byte {
			calls++
			return []byte(e.Index.String())
		}
		watchers := []*core.Watcher{w.service.Watch(), w.service.Watch(), w.service.Watch()}
		w.submit(5, 6)
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
		w.stops[0]() // the broadcaster
		if text, open := watchers[0].NextEncoded(encode); open {
			t.Errorf("after the end, %q was read", text)
		}
	})
}

func TestWatcher_IsClosedWhenTheBroadcasterStops(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(w *world) {
		watcher := w.service.Watch()
		w.submit(5)
		synctest.Wait()
		w.stops[0]() // the broadcaster
		if e, open := watcher.Next(); !open || e.Index != 5 {
			w.t.Errorf("the event before the end was read as %+v, %v", e, open)
		}
		for _, over := range []*core.Watcher{watcher, w.service.Watch()} {
			if e, open := over.Next(); open {
				w.t.Errorf("after the end, %+v was read", e)
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
	prepare := func(w *world) {
		w.intercept("Events.Subscribe", interruption(time.Now()))
	}
	inWorld(t, prepare, func(w *world) {
		before := w.service.Watch()
		time.Sleep(5 * time.Second)
		if e, open := before.Next(); open {
			w.t.Errorf("after the subscription broke, %+v was read", e)
		}
		meanwhile := w.service.Watch()
		w.submit(5) // its event is lost
		if e, open := meanwhile.Next(); open {
			w.t.Errorf("without a subscription, %+v was read", e)
		}
		since := w.service.Watch()
		w.submit(6)
		if e, open := since.Next(); !open || e.Index != 6 {
			w.t.Errorf("with a new subscription, %+v, %v was read", e, open)
		}
	})
}
