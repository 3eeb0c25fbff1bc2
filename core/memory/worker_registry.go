package memory

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// WorkerRegistry is a core.WorkerRegistry. The zero value is empty and ready.
type WorkerRegistry struct {
	mu      sync.Mutex
	clock   func() time.Time // nil: time.Now
	workers map[string]announcement
}

type announcement struct {
	worker core.WorkerInfo
	until  time.Time
}

// SetClock makes the registry measure announcements by now instead of time.Now,
// for tests in which the clock of a server is set. Call it before all other methods.
func (r *WorkerRegistry) SetClock(now func() time.Time) { r.clock = now }

// Announce implements core.WorkerRegistry.
func (r *WorkerRegistry) Announce(ctx context.Context, worker core.WorkerInfo, ttl time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.workers == nil {
		r.workers = make(map[string]announcement)
	}
	r.workers[worker.Name] = announcement{worker, r.now().Add(min(ttl, core.MaxAnnouncement))}
	r.expire()
	return nil
}

// List implements core.WorkerRegistry.
func (r *WorkerRegistry) List(ctx context.Context) ([]core.WorkerInfo, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expire()
	var list []core.WorkerInfo
	for a := range maps.Values(r.workers) {
		a.worker.Remaining = a.until.Sub(r.now())
		list = append(list, a.worker)
	}
	slices.SortFunc(list, func(a, b core.WorkerInfo) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// Flush loses every worker.
func (r *WorkerRegistry) Flush() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.workers)
}

// expire forgets the workers whose announcements have expired, and those that
// were announced before the clock was set back; r.mu is held.
func (r *WorkerRegistry) expire() {
	now := r.now()
	latest := now.Add(core.MaxAnnouncement)
	maps.DeleteFunc(r.workers, func(_ string, a announcement) bool { return !now.Before(a.until) || a.until.After(latest) })
}

func (r *WorkerRegistry) now() time.Time {
	if r.clock == nil {
		return time.Now()
	}
	return r.clock()
}
