package core

import (
	"cmp"
	"log/slog"
	"time"
)

// Service is what front ends use: it accepts submissions, reports the status of
// indices, and reads values. It calculates nothing itself. All methods are safe
// for concurrent use.
type Service struct {
	ports        Ports
	near         *nearCache
	recorder     *recorder
	admission    *admission
	restorations *restorations
	reopens      sharedCalls[Mark, struct{}] // of records whose values were lost
	events       *Broadcaster
	overview     *overviewCache
	limits       Limits
	log          *slog.Logger
}

// NewService returns a Service. Await and Watch depend on the broadcaster,
// which the caller must Run. If log is nil, it is slog.Default. NewService panics if
// a port or the broadcaster is nil.
func NewService(ports Ports, broadcaster *Broadcaster, limits Limits, log *slog.Logger) *Service {
	ports.mustBeWhole("NewService")
	if broadcaster == nil {
		panic("core: NewService needs a Broadcaster, which is nil")
	}
	log = cmp.Or(log, slog.Default())
	return &Service{
		ports:        ports,
		near:         newNearCache(ports.Cache, broadcaster.watch, limits.Memory),
		recorder:     newRecorder(ports.Store, &announcer{events: ports.Events, log: log}),
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
