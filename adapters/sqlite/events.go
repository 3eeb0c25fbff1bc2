package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/pisano-dev/pisano/adapters/internal/batches"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/memory"
)

// Events implements core.Events. What this process publishes reaches its own
// subscribers from memory. To those of other processes events are rows, which they
// look for every pollPeriod.
type Events struct{ db *DB }

var _ core.Events = Events{}

// Events returns the events in db.
func (db *DB) Events() Events { return Events{db} }

// keptEvents is how many of the newest events stay in the file, and so how many
// another process may be behind.
const keptEvents = core.EventBurst

// eventLog distributes events to the subscribers of this process. All but local is
// guarded by the turn of calls: its holder publishes or reads the table, so that
// the rows after last are those of other processes.
type eventLog struct {
	calls       *batches.Group[[]core.Event]
	local       memory.Events
	subscribers int
	last        int64 // id of the last row that was distributed
	gaps        int   // how often rows were deleted before they were read
}

// Publish implements core.Events.
func (e Events) Publish(ctx context.Context, events ...core.Event) error {
	if len(events) == 0 {
		return nil
	}
	eventLog := &e.db.eventLog
	return wrap(eventLog.calls.Do(ctx, events, func(take func() []*batches.Call[[]core.Event]) error {
		var own []core.Event
		for _, c := range take() {
			own = append(own, c.Item...)
		}
		var others []numberedEvent
		var last int64
		err := e.db.update(ctx, func(tx transaction) (err error) {
			if eventLog.subscribers > 0 {
				if others, err = scanEvents(tx.rows(newEventsSQL, eventLog.last)); err != nil {
					return err
				}
			}
			for _, event := range own {
				if err := addEvent(tx, event); err != nil {
					return err
				}
			}
			if err := tx.row("SELECT last_insert_rowid()").Scan(&last); err != nil {
				return err
			}
			if _, err = tx.exec("DELETE FROM events WHERE id <= ?", last-keptEvents); err != nil {
				return err
			}
			_, err = tx.exec("DELETE FROM event_deliveries WHERE id <= ?", last-keptEvents)
			return err
		})
		if err != nil {
			return err
		}
		eventLog.distribute(others)
		eventLog.last = last
		for i := range own {
			own[i].At = fromMicro(own[i].At.UnixMicro()) // as others read it
		}
		return eventLog.local.Publish(context.Background(), own...)
	}))
}

// Subscribe implements core.Events.
func (e Events) Subscribe(ctx context.Context) (<-chan core.Event, error) {
	eventLog := &e.db.eventLog
	if err := eventLog.calls.Begin(ctx); err != nil {
		return nil, wrap(err)
	}
	defer eventLog.calls.End()
	if eventLog.subscribers > 0 {
		if err := e.readOthers(ctx); err != nil {
			return nil, wrap(err)
		}
	} else if err := e.db.read.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM events").Scan(&eventLog.last); err != nil {
		return nil, wrap(err)
	}
	ctx, end := context.WithCancel(ctx)
	from, err := eventLog.local.Subscribe(ctx)
	if err != nil {
		end()
		return nil, err
	}
	eventLog.subscribers++
	gaps, to := eventLog.gaps, make(chan core.Event)
	go func() {
		defer close(to)
		e.follow(ctx, from, to, gaps)
		end()
		_ = eventLog.calls.Begin(context.Background()) // can't fail
		eventLog.subscribers--
		eventLog.calls.End()
	}()
	return to, nil
}

// follow passes events on, and looks for those of other processes, until the
// subscription ends or events are missing.
func (e Events) follow(ctx context.Context, from <-chan core.Event, to chan<- core.Event, gaps int) {
	tick := time.NewTicker(pollPeriod)
	defer tick.Stop()
	for {
		select {
		case event, open := <-from:
			if !open {
				return
			}
			select {
			case to <- event:
			case <-ctx.Done():
				return
			}
		case <-tick.C:
			if !e.poll(ctx, gaps) {
				return
			}
		}
	}
}

// poll distributes the events of other processes. It reports whether none is missing.
func (e Events) poll(ctx context.Context, gaps int) bool {
	eventLog := &e.db.eventLog
	if eventLog.calls.Begin(ctx) != nil {
		return false
	}
	defer eventLog.calls.End()
	return e.readOthers(ctx) == nil && eventLog.gaps == gaps
}

// newEventsSQL selects the events after an id. Submissions have no delivery, nor do
// events of older programs.
const newEventsSQL = `SELECT id, kind, n, at, progress, reason, coalesce(worker, ''), coalesce(delivery, 0), coalesce(claimed_at, 0)
	FROM events LEFT JOIN event_deliveries USING (id) WHERE id > ? ORDER BY id`

// addEvent writes an event for the subscribers of other processes.
func addEvent(tx transaction, event core.Event) error {
	if _, err := tx.exec("INSERT INTO events (kind, n, at, progress, reason) VALUES (?, ?, ?, ?, ?)",
		int(event.Kind), int64(event.Index), event.At.UnixMicro(), event.Progress, event.Reason); err != nil || event.Delivery == 0 {
		return err
	}
	_, err := tx.exec("INSERT OR REPLACE INTO event_deliveries VALUES (last_insert_rowid(), ?, ?, ?)",
		event.Worker, event.Delivery, event.ClaimedAt.UnixMicro())
	return err
}

// readOthers distributes the events that other processes have published since.
func (e Events) readOthers(ctx context.Context) error {
	others, err := scanEvents(e.db.read.QueryContext(ctx, newEventsSQL, e.db.eventLog.last))
	if err == nil {
		e.db.eventLog.distribute(others)
	}
	return err
}

// distribute passes events of other processes on.
func (f *eventLog) distribute(others []numberedEvent) {
	if len(others) == 0 {
		return
	}
	events := make([]core.Event, len(others))
	for i, o := range others {
		if o.id != f.last+1 {
			f.gaps++
		}
		f.last, events[i] = o.id, o.Event
	}
	_ = f.local.Publish(context.Background(), events...) // fails only if the context has ended
}

type numberedEvent struct {
	id int64
	core.Event
}

func scanEvents(rows *sql.Rows, err error) ([]numberedEvent, error) {
	return collect(rows, err, func(rows *sql.Rows) (e numberedEvent, err error) {
		var at, claimedAt int64
		err = rows.Scan(&e.id, &e.Kind, &e.Index, &at, &e.Progress, &e.Reason, &e.Worker, &e.Delivery, &claimedAt)
		e.At = fromMicro(at)
		if e.Delivery > 0 {
			e.ClaimedAt = fromMicro(claimedAt)
		}
		return e, err
	})
}
