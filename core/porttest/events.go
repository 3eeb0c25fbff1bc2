package porttest

import (
	"context"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// TestEvents checks that an implementation keeps the contract of core.Events.
// open returns two views, such as those of two processes, of one without
// subscribers; subtests call it in parallel.
func TestEvents(t *testing.T, open func(t *testing.T) (a, b core.Events)) {
	for name, test := range map[string]func(t *testing.T, a, b core.Events){
		"Publish/reaches every subscriber, in order":       everySubscriber,
		"Publish/carries every field":                      everyField,
		"Publish/without subscribers is no error":          withoutSubscribers,
		"Publish/does not wait for a slow subscriber":      slowSubscriber,
		"Subscribe/a burst does not end it":                burst,
		"Subscribe/begins with what is published after it": freshSubscriber,
		"Subscribe/ends with its context":                  endedSubscriber,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := open(t)
			test(t, a, b)
		})
	}
}

func subscribe(t *testing.T, e core.Events) <-chan core.Event {
	t.Helper()
	ch, err := e.Subscribe(t.Context())
	must(t, err)
	return ch
}

// next returns the next event, which must come.
func next(t *testing.T, ch <-chan core.Event) core.Event {
	t.Helper()
	select {
	case e, open := <-ch:
		if !open {
			t.Fatal("the subscription ended")
		}
		return e
	case <-time.After(hangTimeout):
		t.Fatal("no event came")
	}
	panic("unreachable")
}

func everySubscriber(t *testing.T, a, b core.Events) {
	subscribers := []<-chan core.Event{subscribe(t, a), subscribe(t, a), subscribe(t, b)}
	for n := range core.Index(20) {
		must(t, a.Publish(t.Context(), core.Event{Index: 2 * n}, core.Event{Index: 2*n + 1}))
	}
	for i, ch := range subscribers {
		for n := range core.Index(40) {
			if e := next(t, ch); e.Index != n {
				t.Fatalf("subscriber %d got %d, want %d", i, e.Index, n)
			}
		}
	}
	must(t, b.Publish(t.Context(), core.Event{Index: 99}))
	for _, ch := range subscribers {
		if e := next(t, ch); e.Index != 99 {
			t.Fatalf("got %d, want 99, once", e.Index)
		}
	}
}

func everyField(t *testing.T, a, b core.Events) {
	ch := subscribe(t, b)
	for _, e := range []core.Event{
		{Kind: core.EventSeen, Index: 0, At: noon},
		{Kind: core.EventProgress, Index: -core.MaxIndex, At: noon, Progress: 0.125},
		{Kind: core.EventCalculated, Index: core.MaxIndex, At: noon},
		{Kind: core.EventFailed, Index: 5, At: noon, Reason: "Because — \"it\" did."},
	} {
		must(t, a.Publish(t.Context(), e))
		if got := next(t, ch); got != e {
			t.Errorf("published %+v, received %+v", e, got)
		}
	}

	// An implementation may leave out the summary, but nothing else.
	summary := valueOf(t, 10, "55", noon).Summary()
	e := core.Event{
		Kind: core.EventCalculated, Index: 10, At: noon, Summary: &summary,
		Worker: "a \"worker\"", Delivery: 2, ClaimedAt: noon.Add(-time.Microsecond),
	}
	must(t, a.Publish(t.Context(), e))
	got := next(t, ch)
	if got.Summary != nil && *got.Summary != summary {
		t.Errorf("published %+v, received %+v", summary, *got.Summary)
	}
	got.Summary = e.Summary
	if got != e {
		t.Errorf("published %+v, received %+v", e, got)
	}
}

func withoutSubscribers(t *testing.T, a, _ core.Events) {
	must(t, a.Publish(t.Context(), core.Event{Index: 1}))
	must(t, a.Publish(t.Context()))
}

// slowSubscriber checks that one who does not read costs the others nothing, and
// that it gets all events in the end or is told that it missed some.
func slowSubscriber(t *testing.T, a, b core.Events) {
	const messages, size = 200, 100
	slow := subscribe(t, b)
	for range messages {
		events := make([]core.Event, size)
		for i := range events {
			events[i] = core.Event{Kind: core.EventProgress, Index: core.Index(i)}
		}
		must(t, a.Publish(t.Context(), events...))
	}
	deadline := time.After(hangTimeout)
	for range messages * size {
		select {
		case _, open := <-slow:
			if !open {
				return
			}
		case <-deadline:
			t.Fatal("a subscriber that missed events was not told; its channel must be closed")
		}
	}
	must(t, a.Publish(t.Context(), core.Event{Index: 99}))
	if e := next(t, slow); e.Index != 99 {
		t.Fatalf("more events came than were published: got %d, want 99", e.Index)
	}
}

// burst checks that a subscriber may be EventBurst events behind.
func burst(t *testing.T, a, b core.Events) {
	const messages = 10
	ch := subscribe(t, b)
	for m := range messages {
		events := make([]core.Event, core.EventBurst/messages)
		for i := range events {
			events[i] = core.Event{Index: core.Index(m*len(events) + i), At: noon}
		}
		must(t, a.Publish(t.Context(), events...))
	}
	for n := range core.Index(core.EventBurst) {
		if e := next(t, ch); e.Index != n {
			t.Fatalf("got %d, want %d", e.Index, n)
		}
	}
}

func freshSubscriber(t *testing.T, a, b core.Events) {
	must(t, a.Publish(t.Context(), core.Event{Index: 1}))
	ch := subscribe(t, b)
	must(t, a.Publish(t.Context(), core.Event{Index: 2}))
	if e := next(t, ch); e.Index != 2 {
		t.Errorf("got %d first, which was published before", e.Index)
	}
}

func endedSubscriber(t *testing.T, a, b core.Events) {
	ctx, cancel := context.WithCancel(t.Context())
	ch, err := b.Subscribe(ctx)
	must(t, err)
	cancel()
	select {
	case _, open := <-ch:
		if open {
			t.Error("an event that was not published")
		}
	case <-time.After(hangTimeout):
		t.Error("the channel was not closed")
	}
	must(t, a.Publish(t.Context(), core.Event{Index: 1}))
}
