package sqlite

import (
	"context"
	"database/sql"

	"github.com/pisano-dev/pisano/core"
)

// Events implements core.Events: events are rows that subscribers read on
// from where they were. What this process publishes they read at once, what
// another one does within a tenth of a second.
type Events struct{ db *DB }

var _ core.Events = Events{}

// Events returns the events in db.
func (db *DB) Events() Events { return Events{db} }

const (
	// keptEvents is how many of the newest events stay in the file.
	keptEvents = 5000
	// eventBuffer is how many events a subscriber may be behind.
	eventBuffer = 1024
)

// Publish implements core.Events.
func (e Events) Publish(ctx context.Context, events ...core.Event) error {
	if len(events) == 0 {
		return nil
	}
	err := e.db.update(ctx, func(tx *sql.Tx) error {
		insert, err := tx.PrepareContext(ctx, "INSERT INTO events (kind, n, at, progress, reason) VALUES (?, ?, ?, ?, ?)")
		if err != nil {
			return err
		}
		defer insert.Close()
		for _, event := range events {
			if _, err := insert.ExecContext(ctx, int(event.Kind), int64(event.Index), event.At.UnixMicro(), event.Progress, event.Reason); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - ?", keptEvents)
		return err
	})
	if err == nil {
		e.db.published.notify()
	}
	return err
}

// Subscribe implements core.Events.
func (e Events) Subscribe(ctx context.Context) (<-chan core.Event, error) {
	var last int64
	err := e.db.read.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM events").Scan(&last)
	if err != nil {
		return nil, wrap(err)
	}
	ch := make(chan core.Event, eventBuffer)
	go func() {
		defer close(ch)
		e.follow(ctx, last, ch)
	}()
	return ch, nil
}

// follow sends events after last until ctx ends or one is missed.
func (e Events) follow(ctx context.Context, last int64, ch chan<- core.Event) {
	for {
		published := e.db.published.within(pollPeriod)
		rows, err := e.db.read.QueryContext(ctx,
			"SELECT id, kind, n, at, progress, reason FROM events WHERE id > ? ORDER BY id LIMIT ?", last, eventBuffer)
		events, err := collect(rows, err, scanEvent)
		if err != nil {
			return
		}
		for _, event := range events {
			if event.id != last+1 {
				return // deleted before it was read
			}
			last = event.id
			select {
			case ch <- event.Event:
			default:
				return
			}
		}
		if len(events) == eventBuffer {
			continue
		}
		select {
		case <-published:
		case <-ctx.Done():
			return
		}
	}
}

type numberedEvent struct {
	id int64
	core.Event
}

func scanEvent(rows *sql.Rows) (numberedEvent, error) {
	var e numberedEvent
	var at int64
	err := rows.Scan(&e.id, &e.Kind, &e.Index, &at, &e.Progress, &e.Reason)
	e.At = fromMicro(at)
	return e, err
}
