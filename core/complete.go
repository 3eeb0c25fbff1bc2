package core

import (
	"cmp"
	"context"
	"slices"
)

// complete brings the indices of deliveries to the state calculated, with one call
// of a port for all of them, and notes the errors of those that it can't. ctx bounds
// the calls.
//
// It reads the records before anything else and marks only those that were not
// reopened since: else a value that was evicted and requested again meanwhile would
// be taken for done. Each value is stored before its record is marked. One that is
// stored is not looked up again, so that a cache that evicts it immediately does not
// have it calculated without end.
func (w *Worker) complete(ctx context.Context, batch []*delivery) {
	for len(batch) > 0 {
		reopened, err := w.completeOnce(ctx, batch)
		if err = w.examine(ctx, err); err != nil {
			for _, d := range batch {
				d.err = cmp.Or(d.err, err)
			}
			return
		}
		batch = reopened
	}
}

// examine returns the error of a call of the store or the cache. One that refused
// the call may refuse all of them, as a database does whose tables are being
// restored. Then no task is to blame, and the kind of the error is KindUnavailable.
func (w *Worker) examine(ctx context.Context, err error) error {
	if KindOf(err) != KindInternal {
		return err
	}
	if w.ports.Store.Ping(ctx) == nil && w.ports.Cache.Ping(ctx) == nil {
		return err
	}
	return WrapError(KindUnavailable, "The store or the cache can't do its work at the moment.", err)
}

// completeOnce returns the deliveries whose indices were reopened meanwhile. Its
// error is that of all that have none of their own.
func (w *Worker) completeOnce(ctx context.Context, batch []*delivery) (reopened []*delivery, err error) {
	records, err := w.ports.Store.Lookup(ctx, deliveredIndices(batch)...)
	if err != nil {
		return nil, err
	}
	batch = slices.DeleteFunc(slices.Clone(batch), func(d *delivery) bool {
		record, known := records[d.Index]
		if !known {
			d.err = errNotSubmitted
			return true
		}
		d.revision, d.seenAt, d.lost = record.Revision, record.FirstSeenAt, record.State == StateCalculated
		return false
	})
	if len(batch) == 0 {
		return nil, nil
	}
	// Before the values: if the cache is lost in between, the records name the
	// generation that the values were lost with.
	generation, err := w.ports.Cache.Generation(ctx)
	if err != nil {
		return nil, err
	}
	summaries, err := w.ports.Cache.Summaries(ctx, deliveredIndices(batch)...)
	if err != nil {
		return nil, err
	}
	var missing []*delivery
	for _, d := range batch {
		d.generation = generation
		if summary, found := summaries[d.Index]; found {
			d.summary = summary
		} else {
			missing = append(missing, d)
		}
	}
	w.calculateAndStore(ctx, missing)
	return w.mark(ctx, generation, batch)
}

// mark marks the records of those deliveries that have no error, and announces it.
// It returns those whose indices were reopened meanwhile.
func (w *Worker) mark(ctx context.Context, generation string, batch []*delivery) (reopened []*delivery, err error) {
	batch = slices.DeleteFunc(batch, func(d *delivery) bool { return d.err != nil })
	marks := make([]Mark, len(batch))
	for i, d := range batch {
		marks[i] = Mark{d.Index, d.revision}
	}
	marked, err := w.ports.Store.MarkCalculated(ctx, generation, marks...)
	if err != nil {
		return nil, err
	}
	var results []Event
	for _, d := range batch {
		if marked[d.Index] {
			event, summary := w.eventOf(EventCalculated, d), d.summary
			event.Summary = &summary
			results = append(results, event)
		} else {
			reopened = append(reopened, d)
		}
	}
	if len(results) > 0 {
		w.announce(ctx, results...)
	}
	return reopened, nil
}

func deliveredIndices(batch []*delivery) []Index {
	indices := make([]Index, len(batch))
	for i, d := range batch {
		indices[i] = d.Index
	}
	return indices
}
