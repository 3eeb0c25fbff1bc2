package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pisano-dev/pisano/core"
)

// recordKeyedSQL is recordSQL for submissions of which some have keys. It notes the
// keys first, in their order, so that statements with the same keys wait for each
// other without a deadlock: the uses of a key are 1 in the statement that counts.
// It deletes up to @expiring keys that are forgotten and that no one else has locked.
// Subqueries take the place of joins, which could be planned as loops within loops:
// they are hashed.
const recordKeyedSQL = `
	WITH given AS MATERIALIZED (
		SELECT * FROM unnest(@indices::bigint[], @counts::bigint[], @reopen::boolean[], @keys::bytea[], @digests::bytea[])
			WITH ORDINALITY AS t (n, count, reopen, key, digest, place)
	), used AS (
		INSERT INTO submission_keys AS known (key, digest, used_at, uses)
		SELECT DISTINCT key, digest, @at::timestamptz, 1 FROM given WHERE key IS NOT NULL ORDER BY key
		ON CONFLICT (key) DO UPDATE SET
			digest = CASE WHEN known.used_at <= @forgotten THEN excluded.digest ELSE known.digest END,
			used_at = CASE WHEN known.used_at <= @forgotten THEN excluded.used_at ELSE known.used_at END,
			uses = CASE WHEN known.used_at <= @forgotten THEN 1 ELSE known.uses + 1 END
		RETURNING key, digest, uses
	), expired AS (
		DELETE FROM submission_keys WHERE ctid = ANY (ARRAY(
			SELECT ctid FROM submission_keys WHERE used_at <= @forgotten AND key NOT IN (SELECT key FROM given WHERE key IS NOT NULL)
			ORDER BY used_at LIMIT @expiring FOR UPDATE SKIP LOCKED
		))
	), batch AS MATERIALIZED (
		SELECT n, count, reopen, nextval('indices_sequence') AS sequence FROM (
			SELECT n, bool_or(reopen) AS reopen,
				sum(CASE WHEN key IN (SELECT key FROM used WHERE uses > 1) THEN 0 ELSE count END)::bigint AS count
			FROM given WHERE key IS NULL OR (key, digest) IN (SELECT key, digest FROM used)
			GROUP BY n ORDER BY min(place)
		) AS sums, ` + durable + `
		WHERE durable.setting <> ''
	) ` + recordBatchSQL + `, (
		SELECT array_agg(key) FROM given WHERE key IS NOT NULL AND (key, digest) NOT IN (SELECT key, digest FROM used)
	)`

// recordKeyed is Record for submissions of which some have keys.
func (s IndexStore) recordKeyed(ctx context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
	indices, counts, reopen := make([]int64, len(submissions)), make([]int64, len(submissions)), make([]bool, len(submissions))
	keys, digests := make([][]byte, len(submissions)), make([][]byte, len(submissions)) // nil is NULL
	for i, submission := range submissions {
		indices[i], counts[i], reopen[i] = int64(submission.Index), submission.Count, submission.Reopen
		if submission.Key != (core.Key{}) {
			keys[i], digests[i] = submission.Key.ID[:], submission.Key.Digest[:]
		}
	}
	at = at.Truncate(time.Microsecond)
	changed, err := collect(ctx, s.db, false, scanKeyed, recordKeyedSQL, pgx.StrictNamedArgs{
		"indices": indices, "counts": counts, "reopen": reopen, "keys": keys, "digests": digests,
		"expiring": 2 * len(submissions), "at": at, "forgotten": at.Add(-core.KeyAge), "pending": int(core.StatePending),
	})
	if err != nil {
		return nil, err
	}
	recorded := make(map[core.Index]core.Record, len(changed))
	refused := make(map[[16]byte]bool)
	for _, r := range changed {
		recorded[r.Index] = r.Record
		for _, key := range r.refused {
			refused[[16]byte(key)] = true
		}
	}
	records := make([]core.Record, len(submissions))
	for i, submission := range submissions {
		if !refused[submission.Key.ID] { // with no record, all of its index are
			records[i] = recorded[submission.Index]
		}
	}
	return records, nil
}

// keyedRecord is a record with the keys that the statement refuses.
type keyedRecord struct {
	core.Record
	refused [][]byte
}

func scanKeyed(row pgx.CollectableRow) (r keyedRecord, err error) {
	err = row.Scan(append(columnsOf(&r.Record), &r.refused)...)
	r.Record = inUTC(r.Record)
	return r, err
}
