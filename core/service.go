package core

import (
	"log/slog"
	"time"
)

// Service is what front ends use: it accepts submissions, reports the status of
// indices, and reads values. It calculates nothing itself. All methods are safe
// for concurrent use.
type Service struct {
	ports        Ports
	recorder     *recorder
	admission    *admission
	restorations *restorations
	events       *Broadcaster
	overview     *overviewCache
	limits       Limits
	log          *slog.Logger
}

// Ports are the implementations that the domain works with. None may be nil
// where it is used: a Worker uses all, a Broadcaster Events only.
type Ports struct {
	Store      IndexStore
	Cache      ValueCache
	Queue      WorkQueue
	Workers    WorkerRegistry
	Events     Events
	Calculator Calculator
}

// NewService returns a Service. Await and Watch depend on the broadcaster,
// which the caller must Run. log must not be nil.
func NewService(ports Ports, broadcaster *Broadcaster, limits Limits, log *slog.Logger) *Service {
	return &Service{
		ports:        ports,
		recorder:     &recorder{store: ports.Store},
		admission:    newAdmission(ports, limits, log),
		restorations: new(restorations),
		events:       broadcaster,
		overview:     &overviewCache{ports: ports, log: log},
		limits:       limits,
		log:          log,
	}
}

// now returns the current time in the precision and location that ports keep.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
