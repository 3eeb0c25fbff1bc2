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

// Announce implements core.WorkerRegistry.
func (r WorkerRegistry) Announce(ctx context.Context, worker core.WorkerInfo, ttl time.Duration) error {
	return r.db.update(ctx, func(tx *sql.Tx) error {
		now := time.Now()
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO workers VALUES (?, ?)
			ON CONFLICT (name) DO UPDATE SET announced_until = excluded.announced_until`,
			worker.Name, now.Add(ttl).UnixMicro()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO worker_memory VALUES (?, ?)
			ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes`,
			worker.Name, worker.Memory); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM workers WHERE announced_until <= ?", now.UnixMicro()); err != nil {
			return err
		}
		// Also of those that a program of the version before has removed.
		_, err := tx.ExecContext(ctx, "DELETE FROM worker_memory WHERE name NOT IN (SELECT name FROM workers)")
		return err
	})
}

// List implements core.WorkerRegistry.
func (r WorkerRegistry) List(ctx context.Context) ([]core.WorkerInfo, error) {
	rows, err := r.db.read.QueryContext(ctx, `
		SELECT name, coalesce(bytes, 0) FROM workers LEFT JOIN worker_memory USING (name)
		WHERE announced_until > ? ORDER BY name`, time.Now().UnixMicro())
	workers, err := collect(rows, err, func(rows *sql.Rows) (worker core.WorkerInfo, err error) {
		err = rows.Scan(&worker.Name, &worker.Memory)
		return worker, err
	})
	return workers, wrap(err)
}
