package fibonacci

import (
	"context"
	"sync"
	"sync/atomic"
)

// work counts what is done of a calculation, reports it and stops it.
type work struct {
	total    int64
	done     atomic.Int64
	progress func(float64)
	cancel   func() bool // of watching the context
	canceled atomic.Bool

	reporting sync.Mutex
	reported  int64
}

// startWork watches ctx during a calculation of F(n). One that is over sooner
// than it could be stopped is not watched.
func startWork(ctx context.Context, n uint64, progress func(float64)) *work {
	if n < transformIndex {
		return &work{progress: progress, cancel: func() bool { return true }}
	}
	w := &work{progress: progress, total: costOf(n).total()}
	w.cancel = context.AfterFunc(ctx, func() { w.canceled.Store(true) })
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
	return !w.stopped()
}

func (w *work) stopped() bool { return w.canceled.Load() }

// finish reports that all is done.
func (w *work) finish() {
	if w.progress != nil {
		w.progress(1)
	}
}

// end stops watching the context.
func (w *work) end() { w.cancel() }
