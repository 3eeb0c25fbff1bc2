package postgres

import (
	"context"
	"math"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pisano-dev/pisano/core"
)

// IndexStore implements core.IndexStore. Every call is one statement in a
// transaction of its own, and ends within five seconds.
type IndexStore struct {
	pool      *pgxpool.Pool
	anyServer *pgx.ConnConfig // for what may be done on a read-only server too
	unnamed   atomic.Bool     // named statements have failed
	refused   atomic.Pointer[refusal]
}

var _ core.IndexStore = (*IndexStore)(nil)

// attempts is how often a statement is tried that was undone because it met
// others, or refused by a server that has lost its role.
const attempts = 3

// do runs a statement on a connection and gives its error a kind.
func (s *IndexStore) do(ctx context.Context, reads bool, statement func(context.Context, session) error) error {
	ctx, cancel := context.WithTimeout(ctx, statementTimeout)
	defer cancel()
	var err error
	for range attempts {
		var c session
		if c, err = s.open(ctx, reads); err == nil {
			err = statement(ctx, c)
		}
		again := s.learn(ctx, c, err)
		if c.Conn != nil {
			c.release()
		}
		if !again {
			break
		}
	}
	return wrap(err)
}

// query runs a statement that only reads and returns what scan makes of its
// rows.
func query[T any](ctx context.Context, s *IndexStore, scan pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	return collect(ctx, s, true, scan, sql, args...)
}

// collect runs a statement and returns what scan makes of its rows. It returns
// after the commit, not with the last row.
func collect[T any](ctx context.Context, s *IndexStore, reads bool, scan pgx.RowToFunc[T], sql string, args ...any) (all []T, err error) {
	err = s.do(ctx, reads, func(ctx context.Context, c session) error {
		rows, err := c.Query(ctx, sql, append([]any{c.mode}, args...)...)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, scan)
		return err
	})
	if !reads {
		s.noteWrite(err)
	}
	if err != nil {
		return nil, err
	}
	return all, nil
}

// change runs a statement and reports whether it changed anything.
func (s *IndexStore) change(ctx context.Context, sql string, args ...any) (changed bool, err error) {
	err = s.do(ctx, false, func(ctx context.Context, c session) error {
		tag, err := c.Exec(ctx, sql, append([]any{c.mode}, args...)...)
		changed = tag.RowsAffected() > 0
		return err
	})
	s.noteWrite(err)
	return changed && err == nil, err
}

const recordColumns = "n, sequence, first_seen_at, last_seen_at, submissions, revision, state, generation, reason"

func scanRecord(row pgx.CollectableRow) (core.Record, error) {
	var r core.Record
	err := row.Scan(&r.Index, &r.Sequence, &r.FirstSeenAt, &r.LastSeenAt, &r.Submissions, &r.Revision, &r.State, &r.Generation, &r.Reason)
	r.FirstSeenAt, r.LastSeenAt = r.FirstSeenAt.UTC(), r.LastSeenAt.UTC()
	return r, err
}

// recordSQL draws sequences in the order of the batch, but locks rows in the
// order of their indices. All statements that write several rows do so, so that
// they wait for each other without a deadlock.
const recordSQL = `
	WITH batch AS MATERIALIZED (
		SELECT n, count, reopen, nextval('indices_sequence') AS sequence
		FROM unnest(@indices::bigint[], @counts::bigint[], @reopen::boolean[]) AS t (n, count, reopen)
	)
	INSERT INTO indices AS known (n, sequence, first_seen_at, last_seen_at, submissions, revision, state)
	SELECT n, sequence, @at, @at, count, 1, @pending FROM batch ORDER BY n
	ON CONFLICT (n) DO UPDATE SET
		last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at),
		submissions = known.submissions + excluded.submissions,
		revision = known.revision + CASE WHEN excluded.n IN (SELECT n FROM batch WHERE reopen) THEN 1 ELSE 0 END,
		state = CASE WHEN excluded.n IN (SELECT n FROM batch WHERE reopen) THEN @pending ELSE known.state END,
		reason = CASE WHEN excluded.n IN (SELECT n FROM batch WHERE reopen) THEN '' ELSE known.reason END
	RETURNING ` + recordColumns

// Record implements core.IndexStore.
func (s *IndexStore) Record(ctx context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
	place := make(map[core.Index]int, len(submissions))
	indices := make([]int64, len(submissions))
	counts := make([]int64, len(submissions))
	reopen := make([]bool, len(submissions))
	for i, submission := range submissions {
		place[submission.Index] = i
		indices[i], counts[i], reopen[i] = int64(submission.Index), submission.Count, submission.Reopen
	}
	changed, err := collect(ctx, s, false, scanRecord, recordSQL, pgx.StrictNamedArgs{
		"indices": indices, "counts": counts, "reopen": reopen,
		"at": at.Truncate(time.Microsecond), "pending": int(core.StatePending),
	})
	if err != nil {
		return nil, err
	}
	records := make([]core.Record, len(submissions))
	for _, r := range changed {
		records[place[r.Index]] = r
	}
	return records, nil
}

// Reopen implements core.IndexStore.
func (s *IndexStore) Reopen(ctx context.Context, n core.Index) error {
	changed, err := s.change(ctx,
		"UPDATE indices SET state = $2, reason = '', revision = revision + 1 WHERE n = $1",
		int64(n), int(core.StatePending))
	if err == nil && !changed {
		return wrap(pgx.ErrNoRows)
	}
	return err
}

// lookupSQL finds each record by its index. As a join it could be planned as a
// scan, while the table is small, and the plan kept when it has grown: OFFSET 0
// keeps the subquery from becoming one.
const lookupSQL = `
	SELECT ` + recordColumns + ` FROM unnest($1::bigint[]) AS wanted (index) CROSS JOIN LATERAL (
		SELECT * FROM indices WHERE n = index OFFSET 0
	) AS known`

// Lookup implements core.IndexStore.
func (s *IndexStore) Lookup(ctx context.Context, indices ...core.Index) (map[core.Index]core.Record, error) {
	numbers := make([]int64, len(indices))
	for i, n := range indices {
		numbers[i] = int64(n)
	}
	found, err := query(ctx, s, scanRecord, lookupSQL, numbers)
	if err != nil {
		return nil, err
	}
	records := make(map[core.Index]core.Record, len(found))
	for _, r := range found {
		records[r.Index] = r
	}
	return records, nil
}

// List implements core.IndexStore. A sequence is drawn before its record is
// committed, so that a record may appear below ones that were listed before
// it. A reader that is past that place misses it, as it misses all records that
// are made after it began; no record is listed twice and none moves.
func (s *IndexStore) List(ctx context.Context, before int64, limit int) ([]core.Record, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	return query(ctx, s, scanRecord,
		"SELECT "+recordColumns+" FROM indices WHERE sequence < $1 ORDER BY sequence DESC LIMIT $2", before, limit)
}

// unfinishedSQL walks from one generation to the next, of which there are a
// handful, and takes the newest of each but the present one. It reads no more
// than the limit of each, also when all values were lost at once.
const unfinishedSQL = `
	WITH RECURSIVE generations (name) AS (
		SELECT min(generation) FROM indices WHERE state = 2
		UNION ALL
		SELECT (SELECT min(generation) FROM indices WHERE state = 2 AND generation > name)
		FROM generations WHERE name IS NOT NULL
	)
	SELECT n FROM (
		(SELECT n, last_seen_at FROM indices WHERE state = 0 ORDER BY last_seen_at DESC LIMIT $2)
		UNION ALL
		SELECT lost.* FROM generations CROSS JOIN LATERAL (
			SELECT n, last_seen_at FROM indices WHERE state = 2 AND generation = name
			ORDER BY last_seen_at DESC LIMIT $2
		) AS lost WHERE name <> $1
	) AS unfinished
	ORDER BY last_seen_at DESC LIMIT $2`

// Unfinished implements core.IndexStore.
func (s *IndexStore) Unfinished(ctx context.Context, generation string, limit int) ([]core.Index, error) {
	return query(ctx, s, pgx.RowTo[core.Index], unfinishedSQL, generation, limit)
}

// markCalculatedSQL finds records as lookupSQL does and updates them by the
// conflict with themselves, which needs no join either. It locks rows in the
// order of their indices, as recordSQL does.
const markCalculatedSQL = `
	INSERT INTO indices AS known (n, sequence, first_seen_at, last_seen_at, submissions, revision, state)
	SELECT n, sequence, first_seen_at, last_seen_at, submissions, revision, state
	FROM (SELECT DISTINCT * FROM unnest($2::bigint[], $3::bigint[])) AS mark (index, wanted) CROSS JOIN LATERAL (
		SELECT * FROM indices WHERE n = index AND revision = wanted OFFSET 0
	) AS found
	ORDER BY n
	ON CONFLICT (n) DO UPDATE SET state = $4, generation = $1, reason = ''
		WHERE known.revision = excluded.revision
	RETURNING n`

// MarkCalculated implements core.IndexStore.
func (s *IndexStore) MarkCalculated(ctx context.Context, generation string, marks ...core.Mark) (map[core.Index]bool, error) {
	indices, revisions := make([]int64, len(marks)), make([]int64, len(marks))
	for i, m := range marks {
		indices[i], revisions[i] = int64(m.Index), m.Revision
	}
	changed, err := collect(ctx, s, false, pgx.RowTo[core.Index], markCalculatedSQL,
		generation, indices, revisions, int(core.StateCalculated))
	if err != nil {
		return nil, err
	}
	marked := make(map[core.Index]bool, len(changed))
	for _, n := range changed {
		marked[n] = true
	}
	return marked, nil
}

// MarkFailed implements core.IndexStore. Of a reason that is not text, what is
// not is replaced: PostgreSQL would refuse it, and the index never fail.
func (s *IndexStore) MarkFailed(ctx context.Context, n core.Index, revision int64, reason string) (bool, error) {
	reason = strings.ReplaceAll(strings.ToValidUTF8(reason, "\uFFFD"), "\x00", "\uFFFD")
	return s.change(ctx,
		"UPDATE indices SET state = $3, generation = '', reason = $4 WHERE n = $1 AND revision = $2",
		int64(n), revision, int(core.StateFailed), reason)
}
