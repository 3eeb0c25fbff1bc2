package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pisano-dev/pisano/core"
)

var _ core.Pruner = IndexStore{}

// pruneSQL takes the oldest calculated records of each generation, as lostSQL does,
// and the oldest failed ones. Rows that others are changing are left out: a
// statement that waits for no lock is part of no deadlock. Those that were changed
// since the snapshot are looked at again before they are locked.
const pruneSQL = `
	WITH RECURSIVE generations (name) AS (
		SELECT min(generation) FROM indices WHERE state = 2
		UNION ALL
		SELECT (SELECT min(generation) FROM indices WHERE state = 2 AND generation > name)
		FROM generations WHERE name IS NOT NULL
	), old AS (
		SELECT n FROM generations CROSS JOIN LATERAL (
			SELECT n, generation, last_seen_at FROM indices WHERE state = 2 AND generation >= name
			ORDER BY generation, last_seen_at LIMIT $2
		) AS oldest WHERE generation = name AND last_seen_at < $1
		UNION ALL
		(SELECT n FROM indices WHERE state = 3 AND last_seen_at < $1 ORDER BY last_seen_at LIMIT $2)
	), locked AS MATERIALIZED (
		SELECT n FROM indices WHERE n = ANY (ARRAY(SELECT n FROM old LIMIT $2)) AND state IN (2, 3) AND last_seen_at < $1
		FOR UPDATE SKIP LOCKED
	)
	DELETE FROM indices WHERE n = ANY (ARRAY(SELECT n FROM locked)) RETURNING n`

// Prune implements core.Pruner.
func (s IndexStore) Prune(ctx context.Context, before time.Time, limit int) (deleted int, err error) {
	pruned, err := collect(ctx, s.db, false, pgx.RowTo[core.Index], pruneSQL, before, limit)
	return len(pruned), err
}
