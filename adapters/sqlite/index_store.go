package sqlite

import (
	"context"
	"database/sql"
	"math"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// IndexStore implements core.IndexStore.
type IndexStore struct{ db *DB }

var _ core.IndexStore = IndexStore{}

// IndexStore returns the store in db.
func (db *DB) IndexStore() IndexStore { return IndexStore{db} }

// Ping implements core.IndexStore.
func (s IndexStore) Ping(ctx context.Context) error { return s.db.Ping(ctx) }

const recordColumns = "n, sequence, first_seen_at, last_seen_at, submissions, revision, state, generation, reason"

func scanRecord(row interface{ Scan(...any) error }) (core.Record, error) {
	var r core.Record
	var first, last int64
	err := row.Scan(&r.Index, &r.Sequence, &first, &last, &r.Submissions, &r.Revision, &r.State, &r.Generation, &r.Reason)
	r.FirstSeenAt, r.LastSeenAt = fromMicro(first), fromMicro(last)
	return r, err
}

// Record implements core.IndexStore.
func (s IndexStore) Record(ctx context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
	if len(submissions) == 0 {
		return nil, nil
	}
	records := make([]core.Record, len(submissions))
	err := s.db.update(ctx, func(tx *sql.Tx) error {
		upsert, err := tx.PrepareContext(ctx, `
			INSERT INTO indices (n, first_seen_at, last_seen_at, submissions, revision, state)
			VALUES (@n, @at, @at, @count, 1, @pending)
			ON CONFLICT (n) DO UPDATE SET
				last_seen_at = max(last_seen_at, excluded.last_seen_at),
				submissions = submissions + excluded.submissions,
				revision = revision + iif(@reopen, 1, 0),
				state = iif(@reopen, @pending, state),
				reason = iif(@reopen, '', reason)
			RETURNING `+recordColumns)
		if err != nil {
			return err
		}
		defer upsert.Close()
		for i, submission := range submissions {
			records[i], err = scanRecord(upsert.QueryRowContext(ctx,
				sql.Named("n", int64(submission.Index)), sql.Named("at", at.UnixMicro()),
				sql.Named("count", submission.Count), sql.Named("reopen", submission.Reopen),
				sql.Named("pending", int(core.StatePending))))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// Reopen implements core.IndexStore.
func (s IndexStore) Reopen(ctx context.Context, n core.Index) error {
	return s.db.update(ctx, func(tx *sql.Tx) error {
		changed, err := affected(tx.ExecContext(ctx,
			"UPDATE indices SET state = ?, reason = '', revision = revision + 1 WHERE n = ?",
			int(core.StatePending), int64(n)))
		if err == nil && !changed {
			return sql.ErrNoRows
		}
		return err
	})
}

// Lookup implements core.IndexStore.
func (s IndexStore) Lookup(ctx context.Context, indices ...core.Index) (map[core.Index]core.Record, error) {
	marks, args := placeholders(indices)
	rows, err := s.db.read.QueryContext(ctx, "SELECT "+recordColumns+" FROM indices WHERE n IN ("+marks+")", args...)
	found, err := collect(rows, err, func(rows *sql.Rows) (core.Record, error) { return scanRecord(rows) })
	if err != nil {
		return nil, wrap(err)
	}
	records := make(map[core.Index]core.Record, len(found))
	for _, r := range found {
		records[r.Index] = r
	}
	return records, nil
}

// List implements core.IndexStore.
func (s IndexStore) List(ctx context.Context, before int64, limit int) ([]core.Record, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	rows, err := s.db.read.QueryContext(ctx,
		"SELECT "+recordColumns+" FROM indices WHERE sequence < ? ORDER BY sequence DESC LIMIT ?", before, limit)
	records, err := collect(rows, err, func(rows *sql.Rows) (core.Record, error) { return scanRecord(rows) })
	return records, wrap(err)
}

// Unfinished implements core.IndexStore. The two ranges of generations that
// are not the present one are empty as a rule, so that the index over them
// answers at once.
func (s IndexStore) Unfinished(ctx context.Context, generation string, limit int) ([]core.Index, error) {
	rows, err := s.db.read.QueryContext(ctx, `
		SELECT n, last_seen_at FROM indices WHERE state = 0
		UNION ALL SELECT n, last_seen_at FROM indices WHERE state = 2 AND generation < ?1
		UNION ALL SELECT n, last_seen_at FROM indices WHERE state = 2 AND generation > ?1
		ORDER BY last_seen_at DESC LIMIT ?2`, generation, limit)
	indices, err := collect(rows, err, func(rows *sql.Rows) (core.Index, error) {
		var n core.Index
		var at int64
		err := rows.Scan(&n, &at)
		return n, err
	})
	return indices, wrap(err)
}

// MarkCalculated implements core.IndexStore.
func (s IndexStore) MarkCalculated(ctx context.Context, generation string, marks ...core.Mark) (map[core.Index]bool, error) {
	return s.mark(ctx, core.StateCalculated, generation, "", marks)
}

// MarkFailed implements core.IndexStore.
func (s IndexStore) MarkFailed(ctx context.Context, n core.Index, revision int64, reason string) (bool, error) {
	marked, err := s.mark(ctx, core.StateFailed, "", reason, []core.Mark{{Index: n, Revision: revision}})
	return marked[n], err
}

// mark sets the state of the records that have the revisions of their marks.
func (s IndexStore) mark(ctx context.Context, state core.State, generation, reason string, marks []core.Mark) (map[core.Index]bool, error) {
	if len(marks) == 0 {
		return nil, nil
	}
	marked := make(map[core.Index]bool, len(marks))
	err := s.db.update(ctx, func(tx *sql.Tx) error {
		return each(ctx, tx, "UPDATE indices SET state = ?, generation = ?, reason = ? WHERE n = ? AND revision = ?", marks,
			func(m core.Mark) []any { return []any{int(state), generation, reason, int64(m.Index), m.Revision} },
			func(m core.Mark, changed bool) {
				if changed {
					marked[m.Index] = true
				}
			})
	})
	if err != nil {
		return nil, err
	}
	return marked, nil
}
