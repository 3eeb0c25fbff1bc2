package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"slices"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// WorkQueue implements core.WorkQueue.
type WorkQueue struct {
	db    *DB
	lease time.Duration
}

var _ core.WorkQueue = WorkQueue{}

// WorkQueue returns the queue in db, whose leases have the given length.
// Processes that share a file should agree on it; each lease has the length
// that its process is configured with.
func (db *DB) WorkQueue(lease time.Duration) WorkQueue { return WorkQueue{db, lease} }

// Enqueue implements core.WorkQueue.
func (q WorkQueue) Enqueue(ctx context.Context, submitter string, tasks ...core.Task) (added int, err error) {
	if len(tasks) == 0 {
		return 0, nil
	}
	err = q.db.update(ctx, func(tx *sql.Tx) error {
		return each(ctx, tx, "INSERT INTO jobs (n, client, cost) VALUES (?, ?, ?) ON CONFLICT (n) DO NOTHING", tasks,
			func(t core.Task) []any { return []any{int64(t.Index), submitter, t.Cost.Microseconds()} },
			func(_ core.Task, changed bool) {
				if changed {
					added++
				}
			})
	})
	if err != nil {
		return 0, err
	}
	q.db.enqueued.notify()
	return added, nil
}

// Backlog implements core.WorkQueue. The sums are kept by triggers.
func (q WorkQueue) Backlog(ctx context.Context, submitter string) (core.Backlog, error) {
	var jobs int
	var all, own int64
	err := q.db.read.QueryRowContext(ctx,
		"SELECT jobs, work, coalesce((SELECT work FROM backlogs WHERE client = ?), 0) FROM backlog", submitter).Scan(&jobs, &all, &own)
	if err != nil {
		return core.Backlog{}, wrap(err)
	}
	return core.Backlog{Tasks: jobs, All: time.Duration(all) * time.Microsecond, Own: time.Duration(own) * time.Microsecond}, nil
}

// Claim implements core.WorkQueue. Reading is cheap and does not disturb
// writers, so it looks before it locks.
func (q WorkQueue) Claim(ctx context.Context, limit core.ClaimLimit) ([]core.Claim, error) {
	var free bool
	if err := q.db.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM jobs WHERE claimed_until <= ?)",
		time.Now().UnixMicro()).Scan(&free); err != nil || !free {
		return nil, wrap(err)
	}
	// What was claimed must be returned, or it would be held by no one.
	ctx = context.WithoutCancel(ctx)
	var claims []core.Claim
	err := q.db.update(ctx, func(tx *sql.Tx) (err error) {
		now := time.Now()
		if claims, err = q.claimable(ctx, tx, now, limit); err != nil {
			return err
		}
		expired := slices.DeleteFunc(slices.Clone(claims), func(c core.Claim) bool { return c.Delivery == 1 })
		if err := q.change(ctx, tx, expired,
			"INSERT OR IGNORE INTO lost_claims SELECT n, token FROM jobs WHERE n = ?1 AND token <> ''"); err != nil {
			return err
		}
		return q.change(ctx, tx, claims,
			"UPDATE jobs SET token = ?2, claimed_until = ?3, deliveries = deliveries + 1, progress = 0 WHERE n = ?1",
			now.Add(q.lease).UnixMicro())
	})
	if err != nil {
		return nil, err
	}
	return claims, nil
}

// claimable returns claims of tasks that can be claimed, as many as the limit
// allows, and one at least if there is one.
func (q WorkQueue) claimable(ctx context.Context, tx *sql.Tx, now time.Time, limit core.ClaimLimit) ([]core.Claim, error) {
	token := rand.Text()
	rows, err := tx.QueryContext(ctx, "SELECT n, cost, deliveries + 1 FROM jobs WHERE claimed_until <= ? ORDER BY position LIMIT ?",
		now.UnixMicro(), max(1, limit.Count))
	claims, err := collect(rows, err, func(rows *sql.Rows) (core.Claim, error) {
		c := core.Claim{Token: token, Lease: q.lease}
		var cost int64
		err := rows.Scan(&c.Index, &cost, &c.Delivery)
		c.Cost = time.Duration(cost) * time.Microsecond
		return c, err
	})
	if err != nil || limit.Cost == 0 {
		return claims, err
	}
	var cost time.Duration
	for i, c := range claims {
		if cost += c.Cost; cost > limit.Cost {
			return claims[:max(1, i)], nil
		}
	}
	return claims, nil
}

// change runs a statement on the job of each claim: ?1 is its index, ?2 the
// token, and args come after these.
func (q WorkQueue) change(ctx context.Context, tx *sql.Tx, claims []core.Claim, statement string, args ...any) error {
	if len(claims) == 0 {
		return nil
	}
	return each(ctx, tx, statement, claims,
		func(c core.Claim) []any { return append([]any{int64(c.Index), c.Token}, args...) },
		func(core.Claim, bool) {})
}

// Ready implements core.WorkQueue. What other processes enqueue and release,
// and leases that expire, are noticed after pollPeriod.
func (q WorkQueue) Ready() <-chan struct{} { return q.db.enqueued.within(pollPeriod) }

// Renew implements core.WorkQueue.
func (q WorkQueue) Renew(ctx context.Context, renewals ...core.Renewal) (lost []core.Claim, err error) {
	if len(renewals) == 0 {
		return nil, nil
	}
	err = q.db.update(ctx, func(tx *sql.Tx) error {
		until := time.Now().Add(q.lease).UnixMicro()
		return each(ctx, tx, "UPDATE jobs SET claimed_until = ?, progress = ? WHERE n = ? AND token = ?", renewals,
			func(r core.Renewal) []any { return []any{until, r.Progress, int64(r.Claim.Index), r.Claim.Token} },
			func(r core.Renewal, held bool) {
				if !held {
					lost = append(lost, r.Claim)
				}
			})
	})
	if err != nil {
		return nil, err
	}
	return lost, nil
}

// Acknowledge implements core.WorkQueue.
func (q WorkQueue) Acknowledge(ctx context.Context, claims ...core.Claim) error {
	return q.end(ctx, claims,
		"DELETE FROM lost_claims WHERE n = ?1 AND EXISTS (SELECT 1 FROM jobs WHERE n = ?1 AND token = ?2)",
		"DELETE FROM jobs WHERE n = ?1 AND token = ?2")
}

// Release implements core.WorkQueue.
func (q WorkQueue) Release(ctx context.Context, claims ...core.Claim) error {
	err := q.end(ctx, distinct(claims),
		`UPDATE jobs SET deliveries = deliveries - 1
		WHERE n = ?1 AND (token = ?2 OR EXISTS (SELECT 1 FROM lost_claims WHERE n = ?1 AND token = ?2))`,
		"DELETE FROM lost_claims WHERE n = ?1 AND token = ?2",
		"UPDATE jobs SET token = '', claimed_until = 0, progress = 0 WHERE n = ?1 AND token = ?2")
	if err == nil {
		q.db.enqueued.notify()
	}
	return err
}

// distinct returns the claims without those that occur again.
func distinct(claims []core.Claim) []core.Claim {
	seen := make(map[core.Claim]bool, len(claims))
	return slices.DeleteFunc(slices.Clone(claims), func(c core.Claim) bool {
		again := seen[c]
		seen[c] = true
		return again
	})
}

// end runs statements on the job of each claim, in one transaction.
func (q WorkQueue) end(ctx context.Context, claims []core.Claim, statements ...string) error {
	if len(claims) == 0 {
		return nil
	}
	return q.db.update(ctx, func(tx *sql.Tx) error {
		for _, statement := range statements {
			if err := q.change(ctx, tx, claims, statement); err != nil {
				return err
			}
		}
		return nil
	})
}

// Jobs implements core.WorkQueue.
func (q WorkQueue) Jobs(ctx context.Context, indices ...core.Index) (map[core.Index]core.Job, error) {
	marks, args := placeholders(indices)
	rows, err := q.db.read.QueryContext(ctx,
		"SELECT n, claimed_until > ?, deliveries, progress FROM jobs WHERE n IN ("+marks+")",
		append([]any{time.Now().UnixMicro()}, args...)...)
	jobs := make(map[core.Index]core.Job)
	_, err = collect(rows, err, func(rows *sql.Rows) (n core.Index, err error) {
		var job core.Job
		err = rows.Scan(&n, &job.Claimed, &job.Deliveries, &job.Progress)
		jobs[n] = job
		return n, err
	})
	if err != nil {
		return nil, wrap(err)
	}
	return jobs, nil
}

// Ping implements core.WorkQueue.
func (q WorkQueue) Ping(ctx context.Context) error { return q.db.Ping(ctx) }
