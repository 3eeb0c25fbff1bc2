package core

import (
	"context"
	"log/slog"
	"time"
)

// Events is the port by which processes tell each other, now, what happened.
// It is best effort: nothing may depend on an event that arrives.
//
// All methods are safe for concurrent use by any number of processes. When
// the way is cut the error's kind is KindUnavailable.
type Events interface {
	// Publish sends events to all present subscribers. It does not wait for
	// them.
	Publish(ctx context.Context, events ...Event) error

	// Subscribe returns a channel of the events published after it returns, by
	// any process; those of one publisher arrive in order. The channel is
	// closed when ctx ends and as soon as an event may have been missed: the
	// subscriber is too slow, or the connection broke.
	Subscribe(ctx context.Context) (<-chan Event, error)
}

// EventKind says what happened.
type EventKind int

// The kinds of events.
const (
	EventSeen       EventKind = iota // the index was submitted
	EventProgress                    // its calculation moved on
	EventCalculated                  // its value is there
	EventFailed                      // it was given up
)

var eventKindNames = [...]string{"seen", "progress", "calculated", "failed"}

// String returns the kind's name.
func (k EventKind) String() string {
	if k < 0 || int(k) >= len(eventKindNames) {
		return "unknown"
	}
	return eventKindNames[k]
}

// Event is something that happened to an index.
type Event struct {
	Kind     EventKind
	Index    Index
	At       time.Time
	Progress float64 // with EventProgress, 0 to 1
	Reason   string  // with EventFailed, a sentence for people
}

// publishTimeout bounds the telling of events.
const publishTimeout = time.Second

// publish tells everybody what just happened. Events are best effort: a
// failure is only worth a line in the log.
func publish(ctx context.Context, port Events, log *slog.Logger, events ...Event) {
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	at := now()
	for i := range events {
		events[i].At = at
	}
	if err := port.Publish(ctx, events...); err != nil {
		log.DebugContext(ctx, "events not published", "count", len(events), "error", err)
	}
}
