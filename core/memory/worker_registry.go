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
	workers map[string]announcement
}

type announcement struct {
	worker core.WorkerInfo
	until  time.Time
}

// Announce implements core.WorkerRegistry.
func (m *WorkerRegistry) Announce(ctx context.Context, worker core.WorkerInfo, ttl time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.workers == nil {
		m.workers = make(map[string]announcement)
	}
	m.workers[worker.Name] = announcement{worker, time.Now().Add(ttl)}
	m.expire()
	return nil
}

// List implements core.WorkerRegistry.
func (m *WorkerRegistry) List(ctx context.Context) ([]core.WorkerInfo, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire()
	var list []core.WorkerInfo
	for a := range maps.Values(m.workers) {
		list = append(list, a.worker)
	}
	slices.SortFunc(list, func(a, b core.WorkerInfo) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// Flush loses every worker.
func (m *WorkerRegistry) Flush() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.workers)
}

// expire forgets the workers whose announcements have expired; m.mu is held.
func (m *WorkerRegistry) expire() {
	maps.DeleteFunc(m.workers, func(_ string, a announcement) bool { return !time.Now().Before(a.until) })
}
