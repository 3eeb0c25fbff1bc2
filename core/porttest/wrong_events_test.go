package porttest_test

import (
	"context"
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/core/porttest"
)

var wrongEvents = map[string]wrong{
	"events that never end":          {"more events came than were published", eventsTest(func(e core.Events) core.Events { return endlessEvents{e} })},
	"events that a burst interrupts": {"the subscription ended", eventsTest(func(e core.Events) core.Events { return hastyEvents{e} })},
	"events of another worker":       {"received", eventsTest(func(e core.Events) core.Events { return strangeEvents{e} })},
	"events that are dropped unsaid": {"got 5001, want 5000", eventsTest(func(e core.Events) core.Events { return droppingEvents{e} })},
}

func eventsTest(spoil func(core.Events) core.Events) func(*testing.T) {
	return func(t *testing.T) {
		porttest.TestEvents(t, func(*testing.T) (a, b core.Events) {
			e := spoil(new(memory.Events))
			return e, e
		})
	}
}

// endlessEvents has subscribers receive events that no one has published.
type endlessEvents struct{ core.Events }

func (e endlessEvents) Subscribe(ctx context.Context) (<-chan core.Event, error) {
	ch := make(chan core.Event)
	go func() {
		for {
			select {
			case ch <- core.Event{}:
			case <-ctx.Done():
				close(ch)
				return
			}
		}
	}()
	return ch, nil
}

// hastyEvents closes the channel of a subscriber that lags by a few events.
type hastyEvents struct{ core.Events }

func (e hastyEvents) Subscribe(ctx context.Context) (<-chan core.Event, error) {
	events, err := e.Events.Subscribe(ctx)
	ch := make(chan core.Event, 1024)
	go func() {
		defer close(ch)
		for event := range events {
			select {
			case ch <- event:
			default:
				return
			}
		}
	}()
	return ch, err
}

// strangeEvents loses which worker it was, but not which delivery.
type strangeEvents struct{ core.Events }

func (e strangeEvents) Publish(ctx context.Context, events ...core.Event) error {
	for i := range events {
		events[i].Worker = ""
	}
	return e.Events.Publish(ctx, events...)
}

// droppingEvents drops an event of a burst.
type droppingEvents struct{ core.Events }

func (e droppingEvents) Subscribe(ctx context.Context) (<-chan core.Event, error) {
	events, err := e.Events.Subscribe(ctx)
	ch := make(chan core.Event, 2*core.EventBurst)
	go func() {
		defer close(ch)
		for event := range events {
			if event.Index != 5000 {
				ch <- event
			}
		}
	}()
	return ch, err
}
