package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/pisano-dev/pisano/core"
)

var _ core.Pruner = IndexStore{}

// generationsSQL walks from one generation of calculated records to the next, of
// which there are a handful.
const generationsSQL = `
	WITH RECURSIVE generations (name) AS (
		SELECT min(generation) FROM indices WHERE state = 2
		UNION ALL
		SELECT (SELECT min(generation) FROM indices WHERE state = 2 AND generation > name)
		FROM generations WHERE name IS NOT NULL
	)
	SELECT name FROM generations WHERE name IS NOT NULL`

// The records to delete were last seen before ?1. There are ?2 of them at most.
const (
	oldCalculatedSQL = "SELECT sequence FROM indices WHERE state = 2 AND generation = ?3 AND last_seen_at < ?1 ORDER BY last_seen_at LIMIT ?2"
	oldFailedSQL     = "SELECT sequence FROM indices WHERE state = 3 AND last_seen_at < ?1 ORDER BY last_seen_at LIMIT ?2"
)

// Prune implements core.Pruner.
func (s IndexStore) Prune(ctx context.Context, before time.Time, limit int) (deleted int, err error) {
	rows, err := s.db.read.QueryContext(ctx, generationsSQL)
	generations, err := collect(rows, err, func(rows *sql.Rows) (name string, err error) {
		err = rows.Scan(&name)
		return name, err
	})
	if err != nil {
		return 0, wrap(err)
	}
	err = s.db.update(ctx, func(tx transaction) error {
		deleted = 0
		for _, generation := range generations {
			count, err := tx.prune(oldCalculatedSQL, before.UnixMicro(), limit-deleted, generation)
			if deleted += count; err != nil {
				return err
			}
		}
		count, err := tx.prune(oldFailedSQL, before.UnixMicro(), limit-deleted)
		deleted += count
		return err
	})
	if err != nil {
		return 0, err
	}
	return deleted, nil
}

// prune deletes the records that a query selects, and returns how many.
func (tx transaction) prune(query string, args ...any) (deleted int, err error) {
	result, err := tx.statements.ExecContext(context.Background(), "DELETE FROM indices WHERE sequence IN ("+query+")", args...)
	if err != nil {
		return 0, err
	}
	count, err := result.RowsAffected()
	return int(count), err
}
