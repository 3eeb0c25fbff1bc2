package core

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

const (
	// progressDelay is how long a calculation lasts before its progress is
	// published: most are done by then.
	progressDelay = 50 * time.Millisecond
	// progressPeriod is the least time between two progress events of a calculation.
	progressPeriod = 250 * time.Millisecond
)

// fraction is a progress between 0 and 1, shared by the calculation, the renewal
// of its lease and the publication of its events.
type fraction struct{ millionths atomic.Int64 }

func (f *fraction) store(x float64) { f.millionths.Store(int64(x * 1e6)) }
func (f *fraction) load() float64   { return float64(f.millionths.Load()) / 1e6 }

// progressReporter publishes the progress of a calculation, which does not wait
// for that: of what it reports during a publication only the latest is published.
type progressReporter struct {
	events   Events
	log      *slog.Logger
	event    Event // without its time and its progress
	progress *fraction
	reported chan struct{} // holds an element if progress has changed
	done     chan struct{} // closed when run has returned
	stop     context.CancelFunc
}

// startReporting returns a progressReporter, which the caller must end.
func (w *Worker) startReporting(d *delivery) *progressReporter {
	ctx, stop := context.WithCancel(d.ctx)
	r := &progressReporter{
		events:   w.ports.Events,
		log:      d.log,
		event:    w.eventOf(EventProgress, d),
		progress: &d.progress,
		reported: make(chan struct{}, 1),
		done:     make(chan struct{}),
		stop:     stop,
	}
	go func() {
		defer close(r.done)
		r.run(ctx)
	}()
	return r
}

// report notes the progress. It never blocks.
func (r *progressReporter) report(done float64) {
	r.progress.store(done)
	select {
	case r.reported <- struct{}{}:
	default:
	}
}

// end stops the publication. It waits for the one that is under way, so that no
// progress is published after the result.
func (r *progressReporter) end() {
	r.stop()
	<-r.done
}

func (r *progressReporter) run(ctx context.Context) {
	for wait := progressDelay; ; wait = progressPeriod {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
		select {
		case <-r.reported:
		case <-ctx.Done():
			return
		}
		if ctx.Err() != nil {
			return // both were ready: another worker may have the task
		}
		event := r.event
		event.Progress = r.progress.load()
		_ = publish(ctx, r.events, r.log, event)
	}
}

// eventOf returns an event of a delivery.
func (w *Worker) eventOf(kind EventKind, d *delivery) Event {
	return Event{Kind: kind, Index: d.Index, Worker: w.info.Name, Delivery: d.Delivery, ClaimedAt: d.claimedAt}
}

// A result is published again after a failure: no event follows it that makes up
// for it, as one does for a progress.
const (
	resultTries = 5
	resultPause = 500 * time.Millisecond
)

// announce publishes results of deliveries, which do not wait for that. Run does,
// for a try that is under way.
func (w *Worker) announce(ctx context.Context, results ...Event) {
	ctx = context.WithoutCancel(ctx)
	w.all.Go(func() {
		for range resultTries {
			if publish(ctx, w.ports.Events, w.log, results...) == nil {
				return
			}
			select {
			case <-time.After(resultPause):
			case <-w.ending:
				return
			}
		}
	})
}
