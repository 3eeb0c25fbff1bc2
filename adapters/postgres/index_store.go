package postgres

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pisano-dev/pisano/core"
)

// IndexStore implements core.IndexStore. Every call is one statement in a
// transaction of its own, and ends within five seconds.
type IndexStore struct{ db *DB }

var _ core.IndexStore = IndexStore{}

// IndexStore returns the store in db.
func (db *DB) IndexStore() IndexStore { return IndexStore{db} }

// Ping implements core.IndexStore.
func (s IndexStore) Ping(ctx context.Context) error { return s.db.Ping(ctx) }

const recordColumns = "n, sequence, first_seen_at, last_seen_at, submissions, revision, state, generation, reason"

func scanRecord(row pgx.CollectableRow) (r core.Record, err error) {
	err = row.Scan(columnsOf(&r)...)
	return inUTC(r), err
}

// columnsOf returns the members of a record in the order of recordColumns.
func columnsOf(r *core.Record) []any {
	return []any{&r.Index, &r.Sequence, &r.FirstSeenAt, &r.LastSeenAt, &r.Submissions, &r.Revision, &r.State, &r.Generation, &r.Reason}
}

func inUTC(r core.Record) core.Record {
	r.FirstSeenAt, r.LastSeenAt = r.FirstSeenAt.UTC(), r.LastSeenAt.UTC()
	return r
}

// durable has the transaction commit to the disk even if the server, the database
// or the role has it otherwise. A stricter setting is kept. It is set in the
// statement because a pooler gives each transaction another session.
const durable = `(
		SELECT set_config('synchronous_commit', CASE setting WHEN 'off' THEN 'on' ELSE setting END, true) AS setting
		FROM (SELECT current_setting('synchronous_commit') AS setting) AS configured OFFSET 0
	) AS durable`

// recordSQL draws sequences in the order of the batch, but locks rows in the
// order of their indices. All statements that write several rows do so, so that
// they wait for each other without a deadlock.
const recordSQL = `
	WITH batch AS MATERIALIZED (
		SELECT n, count, reopen, nextval('indices_sequence') AS sequence
		FROM unnest(@indices::bigint[], @counts::bigint[], @reopen::boolean[]) AS t (n, count, reopen), ` + durable + `
		WHERE durable.setting <> ''
	) ` + recordBatchSQL

const recordBatchSQL = `
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
func (s IndexStore) Record(ctx context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
	if slices.ContainsFunc(submissions, func(submission core.Submission) bool { return submission.Key != core.Key{} }) {
		return s.recordKeyed(ctx, at, submissions)
	}
	place := make(map[core.Index]int, len(submissions))
	indices := make([]int64, len(submissions))
	counts := make([]int64, len(submissions))
	reopen := make([]bool, len(submissions))
	for i, submission := range submissions {
		place[submission.Index] = i
		indices[i], counts[i], reopen[i] = int64(submission.Index), submission.Count, submission.Reopen
	}
	changed, err := collect(ctx, s.db, false, scanRecord, recordSQL, pgx.StrictNamedArgs{
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
func (s IndexStore) Reopen(ctx context.Context, n core.Index) error {
	changed, err := s.db.change(ctx,
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
func (s IndexStore) Lookup(ctx context.Context, indices ...core.Index) (map[core.Index]core.Record, error) {
	numbers := make([]int64, len(indices))
	for i, n := range indices {
		numbers[i] = int64(n)
	}
	found, err := query(ctx, s.db, scanRecord, lookupSQL, numbers)
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
func (s IndexStore) List(ctx context.Context, before int64, limit int) ([]core.Record, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	return query(ctx, s.db, scanRecord,
		"SELECT "+recordColumns+" FROM indices WHERE sequence < $1 ORDER BY sequence DESC LIMIT $2", before, limit)
}

// markCalculatedSQL finds records as lookupSQL does and updates them by the
// conflict with themselves, which needs no join either. It locks rows in the
// order of their indices, as recordSQL does. It draws sequences that are not kept:
// when a record is updated at the same moment, PostgreSQL may notice the conflict
// only after it has inserted into every index, and raises any conflict but that of n.
const markCalculatedSQL = `
	INSERT INTO indices AS known (n, sequence, first_seen_at, last_seen_at, submissions, revision, state)
	SELECT n, nextval('indices_sequence'), first_seen_at, last_seen_at, submissions, revision, state
	FROM (SELECT DISTINCT * FROM unnest($2::bigint[], $3::bigint[])) AS mark (index, wanted) CROSS JOIN LATERAL (
		SELECT * FROM indices WHERE n = index AND revision = wanted OFFSET 0
	) AS found
	ORDER BY n
	ON CONFLICT (n) DO UPDATE SET state = $4, generation = $1, reason = ''
		WHERE known.revision = excluded.revision
	RETURNING n`

// MarkCalculated implements core.IndexStore.
func (s IndexStore) MarkCalculated(ctx context.Context, generation string, marks ...core.Mark) (map[core.Index]bool, error) {
	indices, revisions := make([]int64, len(marks)), make([]int64, len(marks))
	for i, m := range marks {
		indices[i], revisions[i] = int64(m.Index), m.Revision
	}
	changed, err := collect(ctx, s.db, false, pgx.RowTo[core.Index], markCalculatedSQL,
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

// MarkFailed implements core.IndexStore. It replaces what is no text in the reason:
// PostgreSQL would refuse it, and the index would never fail.
func (s IndexStore) MarkFailed(ctx context.Context, n core.Index, revision int64, reason string) (bool, error) {
	reason = strings.ReplaceAll(strings.ToValidUTF8(reason, "\uFFFD"), "\x00", "\uFFFD")
	return s.db.change(ctx,
		"UPDATE indices SET state = $3, generation = '', reason = $4 WHERE n = $1 AND revision = $2 AND state = $5",
		int64(n), revision, int(core.StateFailed), reason, int(core.StatePending))
}
