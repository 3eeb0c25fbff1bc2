package core

import (
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

// now returns the time in the precision that ports keep.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
