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

// recordSQL records the submission of an index, ?1, at a time, ?2. ?3 is the count,
// ?4 whether to reopen the index, ?5 the state pending.
const recordSQL = `
	INSERT INTO indices (n, first_seen_at, last_seen_at, submissions, revision, state)
	VALUES (?1, ?2, ?2, ?3, 1, ?5)
	ON CONFLICT (n) DO UPDATE SET
		last_seen_at = max(last_seen_at, excluded.last_seen_at),
		submissions = submissions + excluded.submissions,
		revision = revision + iif(?4, 1, 0),
		state = iif(?4, ?5, state),
		reason = iif(?4, '', reason)
	RETURNING ` + recordColumns

// Record implements core.IndexStore.
func (s IndexStore) Record(ctx context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
	if len(submissions) == 0 {
		return nil, nil
	}
	records := make([]core.Record, len(submissions))
	err := s.db.updateDurably(ctx, func(tx transaction) (err error) {
		clear(records)
		latest := make(map[core.Index]core.Record, len(submissions))
		keys := keyedCall{tx: tx, at: at.UnixMicro()}
		for i, submission := range submissions {
			counts, refused, err := keys.use(submission.Key)
			switch {
			case err != nil:
				return err
			case refused:
				continue
			case !counts:
				submission.Count = 0
			}
			records[i], err = scanRecord(tx.row(recordSQL, int64(submission.Index), at.UnixMicro(), submission.Count, submission.Reopen, int(core.StatePending)))
			if err != nil {
				return err
			}
			latest[submission.Index] = records[i]
		}
		for i, r := range records {
			if r != (core.Record{}) {
				records[i] = latest[r.Index]
			}
		}
		return keys.forget()
	})
	s.db.noteRecord(err)
	if err != nil {
		return nil, err
	}
	return records, nil
}

// Reopen implements core.IndexStore.
func (s IndexStore) Reopen(ctx context.Context, n core.Index) error {
	return s.db.updateDurably(ctx, func(tx transaction) error {
		changed, err := tx.exec("UPDATE indices SET state = ?, reason = '', revision = revision + 1 WHERE n = ?",
			int(core.StatePending), int64(n))
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

// MarkCalculated implements core.IndexStore.
func (s IndexStore) MarkCalculated(ctx context.Context, generation string, marks ...core.Mark) (map[core.Index]bool, error) {
	if len(marks) == 0 {
		return nil, nil
	}
	marked := make(map[core.Index]bool, len(marks))
	err := s.db.updateDurably(ctx, func(tx transaction) error {
		clear(marked)
		for _, m := range marks {
			changed, err := tx.exec("UPDATE indices SET state = ?, generation = ?, reason = '' WHERE n = ? AND revision = ?",
				int(core.StateCalculated), generation, int64(m.Index), m.Revision)
			if err != nil {
				return err
			}
			if changed {
				marked[m.Index] = true
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return marked, nil
}

// MarkFailed implements core.IndexStore.
func (s IndexStore) MarkFailed(ctx context.Context, n core.Index, revision int64, reason string) (marked bool, err error) {
	err = s.db.updateDurably(ctx, func(tx transaction) (err error) {
		marked, err = tx.exec("UPDATE indices SET state = ?, generation = '', reason = ? WHERE n = ? AND revision = ? AND state = ?",
			int(core.StateFailed), reason, int64(n), revision, int(core.StatePending))
		return err
	})
	return marked && err == nil, err
}
