package core

import (
	"context"
	"log/slog"
	"time"
)

// Service answers front ends: it takes submissions, tells their state and
// reads values. It calculates nothing itself.
type Service struct {
	ports     Ports
	recorder  *recorder
	admission *admission
	events    *Broadcaster
	overview  *overviewCache
	limits    Limits
	log       *slog.Logger
}

// Ports are the implementations that the domain works with.
type Ports struct {
	Store      IndexStore
	Cache      ValueCache
	Queue      WorkQueue
	Events     Events
	Calculator Calculator
}

// NewService returns a Service. The events of the broadcaster, which somebody
// must Run, are what Await and Watch listen to.
func NewService(ports Ports, broadcaster *Broadcaster, limits Limits, log *slog.Logger) *Service {
	return &Service{
		ports:     ports,
		recorder:  &recorder{store: ports.Store},
		admission: newAdmission(ports, limits, log),
		events:    broadcaster,
		overview:  &overviewCache{ports: ports, log: log},
		limits:    limits,
		log:       log,
	}
}

// Status is where an index stands.
type Status struct {
	Index    Index
	State    State
	Progress float64  // when calculating, 0 to 1
	Reason   string   // when failed, a sentence for people
	Record   *Record  // what the IndexStore knows, where it was asked
	Summary  *Summary // when calculated and where the ValueCache was asked
}

// A submitter waits for the record to be committed, and little longer for what
// can be made up for.
const (
	// lookupTimeout bounds the look for values that are there already, and at the
	// backlog.
	lookupTimeout = time.Second
	// enqueueTimeout bounds the enqueuing of an index whose record is committed. It
	// goes on when the submitter has left.
	enqueueTimeout = 2 * time.Second
	// publishTimeout bounds the telling of events.
	publishTimeout = time.Second
)

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

// now returns the time in the precision that ports keep.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
