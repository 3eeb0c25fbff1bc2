package core

import (
	"context"
	"log/slog"
	"time"
)

// Events is the port through which processes notify each other of what happens
// to indices. Delivery is best effort: nothing may depend on the arrival of an
// event. An event may arrive more than once, and a result after later events of
// its index: a Worker publishes it again if the publication seems to have failed.
//
// All methods are safe for concurrent use by any number of processes. If the
// connection is down, the error is of KindUnavailable; if ctx is cancelled, of
// KindCanceled.
type Events interface {
	// Publish sends events to the current subscribers. It does not wait for
	// them to receive. Without events, or without subscribers, it does nothing and
	// returns no error.
	Publish(ctx context.Context, events ...Event) error

	// Subscribe returns a channel of the events that any process publishes from
	// now on; those of one publisher arrive in order. The channel is closed when
	// ctx ends, and once an event may have been missed, because the subscriber is
	// too slow or the connection broke. A subscriber is not too slow as long as it
	// is no more than EventBurst events behind.
	Subscribe(ctx context.Context) (<-chan Event, error)
}

// EventBurst is how many events a subscriber may be behind at least: several
// batches of submissions arrive at once, and the process that receives them is
// busy with just these.
const EventBurst = 10_000

// EventKind is what happened to an index.
type EventKind int

// The kinds of events.
const (
	EventSeen       EventKind = iota // it was submitted
	EventProgress                    // its calculation progressed
	EventCalculated                  // its value was stored
	EventFailed                      // its calculation was abandoned
)

var eventKindNames = [...]string{"seen", "progress", "calculated", "failed"}

// String returns the name of the kind, for logs.
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
	At       time.Time // when it happened, as its publisher says; to the microsecond, in UTC
	Progress float64   // with EventProgress: fraction done, 0 to 1
	Reason   string    // with EventFailed: why, as a sentence for the user

	// Worker, Delivery and ClaimedAt, not with EventSeen, are the worker that has the
	// task, or had it last, which delivery of the task that is, and when the worker
	// claimed it. They are zero in the events of older programs.
	Worker    string
	Delivery  int
	ClaimedAt time.Time // by the clock of the worker; to the microsecond, in UTC

	// Summary, with EventCalculated, is that of the value, so that those who wait
	// for it have it even if the cache has no room to keep it. It is nil if the
	// adapter does not carry it.
	Summary *Summary
}

// publishTimeout bounds the publication of events.
const publishTimeout = time.Second

// publish publishes events. Those without a time get the current one. A failure is
// logged and returned.
func publish(ctx context.Context, port Events, log *slog.Logger, events ...Event) error {
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	at := now()
	for i := range events {
		if events[i].At.IsZero() {
			events[i].At = at
		}
	}
	err := port.Publish(ctx, events...)
	if err != nil {
		log.DebugContext(ctx, "events not published", "count", len(events), "error", err)
	}
	return err
}
