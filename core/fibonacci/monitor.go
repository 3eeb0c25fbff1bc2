package fibonacci

import (
	"context"
	"sync"
	"sync/atomic"
)

// monitor reports the progress of a calculation and cancels it.
type monitor struct {
	total    int64
	done     atomic.Int64
	canceled atomic.Bool
	stop     func() bool // stops watching the context

	progress  func(float64)
	reporting sync.Mutex
	reported  int64
}

// newMonitor returns the monitor of a calculation of the given cost. progress may
// be nil. From the end of ctx on step returns false. The caller must call stop.
func newMonitor(ctx context.Context, total int64, progress func(float64)) *monitor {
	m := &monitor{progress: progress, total: total}
	m.stop = context.AfterFunc(ctx, func() { m.canceled.Store(true) })
	return m
}

// step adds the cost of work that is done. It returns false if the calculation is
// to stop.
func (m *monitor) step(cost int64) bool {
	done := m.done.Add(cost)
	// If another goroutine is reporting, this report is skipped.
	if m.progress != nil && m.reporting.TryLock() {
		if done > m.reported && done < m.total {
			m.reported = done
			m.progress(float64(done) / float64(m.total))
		}
		m.reporting.Unlock()
	}
	return !m.canceled.Load()
}
