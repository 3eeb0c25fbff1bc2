package fibonacci

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/pisano-dev/pisano/core/internal/engine"
)

// work counts what is done of a calculation, reports it and stops it.
type work struct {
	total    int64
	done     atomic.Int64
	canceled atomic.Bool
	end      func() bool // ends the watch

	progress  func(float64)
	reporting sync.Mutex
	reported  int64
}

// watch follows a calculation of F(n) until end is called. From the moment ctx
// ends step reports false.
func watch(ctx context.Context, e engine.Engine, n uint64, progress func(float64)) *work {
	w := &work{progress: progress, total: costOf(e, n).total()}
	w.end = context.AfterFunc(ctx, func() { w.canceled.Store(true) })
	return w
}

// step adds work that is done. It reports false when the calculation is to
// stop.
func (w *work) step(cost int64) bool {
	done := w.done.Add(cost)
	// Who finds another goroutine reporting leaves it to that.
	if w.progress != nil && w.reporting.TryLock() {
		if done > w.reported && done < w.total {
			w.reported = done
			w.progress(float64(done) / float64(w.total))
		}
		w.reporting.Unlock()
	}
	return !w.canceled.Load()
}
