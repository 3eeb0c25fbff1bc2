package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// WorkerRegistry implements core.WorkerRegistry.
type WorkerRegistry struct{ db *DB }

var _ core.WorkerRegistry = WorkerRegistry{}

// WorkerRegistry returns the registry in db.
func (db *DB) WorkerRegistry() WorkerRegistry { return WorkerRegistry{db} }

// isAlive is the condition, with the arguments that alive returns, that an
// announcement has not expired. Those that end later than any made now were
// made before the clock was set back.
const isAlive = "(announced_until > ? AND announced_until <= ?)"

func alive(now time.Time) []any {
	return []any{now.UnixMicro(), now.Add(core.MaxAnnouncement).UnixMicro()}
}

// Announce implements core.WorkerRegistry.
func (r WorkerRegistry) Announce(ctx context.Context, worker core.WorkerInfo, ttl time.Duration) error {
	return r.db.update(ctx, func(tx transaction) error {
		now := r.db.now()
		if _, err := tx.exec(`
			INSERT INTO workers VALUES (?, ?)
			ON CONFLICT (name) DO UPDATE SET announced_until = excluded.announced_until`,
			worker.Name, now.Add(min(ttl, core.MaxAnnouncement)).UnixMicro()); err != nil {
			return err
		}
		if _, err := tx.exec(`
			INSERT INTO worker_memory VALUES (?, ?)
			ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes`,
			worker.Name, worker.Memory); err != nil {
			return err
		}
		if _, err := tx.exec(`
			INSERT INTO worker_speed VALUES (?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET slots = excluded.slots, speed = excluded.speed`,
			worker.Name, worker.Slots, worker.Speed); err != nil {
			return err
		}
		if _, err := tx.exec("DELETE FROM workers WHERE NOT "+isAlive, alive(now)...); err != nil {
			return err
		}
		// Also of those that a program of an earlier version has removed.
		for _, table := range []string{"worker_memory", "worker_speed"} {
			if _, err := tx.exec("DELETE FROM " + table + " WHERE name NOT IN (SELECT name FROM workers)"); err != nil {
				return err
			}
		}
		return nil
	})
}

// List implements core.WorkerRegistry.
func (r WorkerRegistry) List(ctx context.Context) ([]core.WorkerInfo, error) {
	now := r.db.now()
	rows, err := r.db.read.QueryContext(ctx, `
		SELECT name, coalesce(bytes, 0), coalesce(slots, 0), coalesce(speed, 0), announced_until - ?
		FROM workers LEFT JOIN worker_memory USING (name) LEFT JOIN worker_speed USING (name)
		WHERE `+isAlive+` ORDER BY name`, append([]any{now.UnixMicro()}, alive(now)...)...)
	workers, err := collect(rows, err, func(rows *sql.Rows) (worker core.WorkerInfo, err error) {
		var remaining int64 // in microseconds
		err = rows.Scan(&worker.Name, &worker.Memory, &worker.Slots, &worker.Speed, &remaining)
		worker.Remaining = time.Duration(remaining) * time.Microsecond
		return worker, err
	})
	return workers, wrap(err)
}
