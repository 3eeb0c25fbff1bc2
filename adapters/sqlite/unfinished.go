package sqlite

import (
	"context"
	"database/sql"

	"github.com/pisano-dev/pisano/core"
)

// direction returns the direction of a sort by time.
func direction(order core.Order) string {
	if order == core.OldestFirst {
		return "ASC"
	}
	return "DESC"
}

// Pending implements core.IndexStore.
func (s IndexStore) Pending(ctx context.Context, order core.Order, limit int) ([]core.Index, error) {
	return s.indices(ctx, "SELECT n FROM indices WHERE state = 0 ORDER BY last_seen_at "+direction(order)+" LIMIT ?", limit)
}

// lostSQL walks from one generation to the next, of which there are a handful,
// and takes the first of each but the present one. It reads no more than the limit
// of each, also when all values were lost at once.
func lostSQL(order core.Order) string {
	return `
	WITH RECURSIVE generations (name) AS (
		SELECT min(generation) FROM indices WHERE state = 2
		UNION ALL
		SELECT (SELECT min(generation) FROM indices WHERE state = 2 AND generation > name)
		FROM generations WHERE name IS NOT NULL
	)
	SELECT lost.n FROM generations CROSS JOIN indices AS lost
	WHERE name <> ?1 AND lost.sequence IN (
		SELECT sequence FROM indices WHERE state = 2 AND generation = name
		ORDER BY last_seen_at ` + direction(order) + ` LIMIT ?2
	)
	ORDER BY lost.last_seen_at ` + direction(order) + ` LIMIT ?2`
}

// Lost implements core.IndexStore.
func (s IndexStore) Lost(ctx context.Context, generation string, order core.Order, limit int) ([]core.Index, error) {
	return s.indices(ctx, lostSQL(order), generation, limit)
}

var countLostSQL = "SELECT count(*) FROM (" + lostSQL(core.NewestFirst) + ")"

// CountLost implements core.IndexStore.
func (s IndexStore) CountLost(ctx context.Context, generation string, limit int) (count int, err error) {
	err = s.db.read.QueryRowContext(ctx, countLostSQL, generation, limit).Scan(&count)
	return count, wrap(err)
}

// indices returns the indices that a query selects.
func (s IndexStore) indices(ctx context.Context, query string, args ...any) ([]core.Index, error) {
	rows, err := s.db.read.QueryContext(ctx, query, args...)
	found, err := collect(rows, err, func(rows *sql.Rows) (n core.Index, err error) {
		err = rows.Scan(&n)
		return n, err
	})
	return found, wrap(err)
}
