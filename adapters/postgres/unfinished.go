package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

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
	return query(ctx, s.db, pgx.RowTo[core.Index], pendingSQL(order), limit)
}

func pendingSQL(order core.Order) string {
	return "SELECT n FROM indices WHERE state = 0 ORDER BY last_seen_at " + direction(order) + " LIMIT $1"
}

// lostSQL walks from one generation to the next, of which there are a handful,
// and takes the first of each but the present one. It reads no more than the limit
// of each, also when all values were lost at once.
//
// The rows of a generation are those that come first from one bound on. Without
// statistics the planner takes an equality for so few rows that it would sort them
// all; the bound makes it read the index in its order.
func lostSQL(order core.Order) string {
	bound, direction := "<=", direction(order)
	if order == core.OldestFirst {
		bound = ">="
	}
	return `
	WITH RECURSIVE generations (name) AS (
		SELECT min(generation) FROM indices WHERE state = 2
		UNION ALL
		SELECT (SELECT min(generation) FROM indices WHERE state = 2 AND generation > name)
		FROM generations WHERE name IS NOT NULL
	)
	SELECT n FROM generations CROSS JOIN LATERAL (
		SELECT n, generation, last_seen_at FROM indices WHERE state = 2 AND generation ` + bound + ` name
		ORDER BY generation ` + direction + `, last_seen_at ` + direction + ` LIMIT $2
	) AS lost WHERE generation = name AND name <> $1
	ORDER BY last_seen_at ` + direction + ` LIMIT $2`
}

// Lost implements core.IndexStore.
func (s IndexStore) Lost(ctx context.Context, generation string, order core.Order, limit int) ([]core.Index, error) {
	return query(ctx, s.db, pgx.RowTo[core.Index], lostSQL(order), generation, limit)
}

var countLostSQL = "SELECT count(*) FROM (" + lostSQL(core.NewestFirst) + ") AS counted"

// CountLost implements core.IndexStore.
func (s IndexStore) CountLost(ctx context.Context, generation string, limit int) (int, error) {
	counts, err := query(ctx, s.db, pgx.RowTo[int], countLostSQL, generation, limit)
	if err != nil {
		return 0, err
	}
	return counts[0], nil
}
