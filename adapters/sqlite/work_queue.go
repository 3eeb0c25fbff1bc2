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

// The statements of the queue. None of them costs more the more tasks wait: each
// finds its jobs by an index.
const (
	removeLaterSQL = "DELETE FROM jobs WHERE n = ? AND lane > ? AND deliveries = 0"
	insertSQL      = "INSERT INTO jobs (n, client, cost, lane) VALUES (?, ?, ?, ?) ON CONFLICT (n) DO NOTHING"
	// restartSQL restarts the leases that end after ?1. It repeats the condition of
	// the index jobs_claimed.
	restartSQL   = "UPDATE jobs SET claimed_until = ?1 WHERE claimed_until > ?1 AND claimed_until > 0"
	claimableSQL = "SELECT n, cost, deliveries + 1 FROM jobs WHERE lane = ? AND claimed_until <= ? ORDER BY position LIMIT ?"
	claimSQL     = "UPDATE jobs SET token = ?2, claimed_until = ?3, deliveries = deliveries + 1, progress = 0 WHERE n = ?1"
	noteLostSQL  = "INSERT OR IGNORE INTO lost_claims SELECT n, token FROM jobs WHERE n = ?1 AND token <> ''"
	// discountLostSQL takes a claim that is lost off the count, and forgetLostSQL
	// sees to it that this happens once.
	discountLostSQL = "UPDATE jobs SET deliveries = deliveries - 1 WHERE n = ?1 AND EXISTS (SELECT 1 FROM lost_claims WHERE n = ?1 AND token = ?2)"
	forgetLostSQL   = "DELETE FROM lost_claims WHERE n = ?1 AND token = ?2"
	renewSQL        = "UPDATE jobs SET claimed_until = ?, progress = ? WHERE n = ? AND token = ?"
)

// acknowledgeSQL and releaseSQL are run in this order on the job of each claim.
var (
	acknowledgeSQL = []string{
		"DELETE FROM lost_claims WHERE n = ?1 AND EXISTS (SELECT 1 FROM jobs WHERE n = ?1 AND token = ?2)",
		"DELETE FROM jobs WHERE n = ?1 AND token = ?2",
		discountLostSQL,
		forgetLostSQL,
	}
	releaseSQL = []string{
		discountLostSQL,
		forgetLostSQL,
		"UPDATE jobs SET token = '', claimed_until = 0, progress = 0, deliveries = deliveries - 1 WHERE n = ?1 AND token = ?2",
	}
)

// anyClaimableSQL finds out whether a job can be claimed of the lanes of the
// placeholders: its lease ended, or ends later than one that starts now.
func anyClaimableSQL(lanes string) string {
	return "SELECT EXISTS (SELECT 1 FROM jobs WHERE lane IN (" + lanes + ") AND (claimed_until <= ? OR claimed_until > ?))"
}

// jobsSQL selects the jobs of the indices of the placeholders.
func jobsSQL(indices string) string {
	return "SELECT n, claimed_until > ?, deliveries, progress, lane FROM jobs WHERE n IN (" + indices + ")"
}

// Enqueue implements core.WorkQueue.
func (q WorkQueue) Enqueue(ctx context.Context, submitter string, tasks ...core.Task) (added int, err error) {
	if len(tasks) == 0 {
		return 0, nil
	}
	err = q.db.update(ctx, func(tx transaction) error {
		added = 0
		for _, t := range tasks {
			// What waits in a later lane is removed first, to be inserted at the end of
			// the earlier one.
			if _, err := tx.exec(removeLaterSQL, int64(t.Index), int(t.Lane)); err != nil {
				return err
			}
			changed, err := tx.exec(insertSQL, int64(t.Index), submitter, t.Cost.Microseconds(), int(t.Lane))
			if err != nil {
				return err
			}
			if changed {
				added++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	q.db.enqueued.Notify()
	return added, nil
}

// Backlog implements core.WorkQueue. The sums are kept by triggers.
func (q WorkQueue) Backlog(ctx context.Context, submitter string) (core.Backlog, error) {
	var backlog core.Backlog
	var all, own, ownShort, recovery int64
	err := q.db.read.QueryRowContext(ctx, `
		SELECT backlog.jobs, backlog.work, coalesce((SELECT work FROM backlogs WHERE client = ?1), 0),
			coalesce((SELECT work FROM short_backlogs WHERE client = ?1), 0), recovery_backlog.jobs, recovery_backlog.work
		FROM backlog, recovery_backlog`, submitter).Scan(&backlog.Tasks, &all, &own, &ownShort, &backlog.RecoveryTasks, &recovery)
	if err != nil {
		return core.Backlog{}, wrap(err)
	}
	backlog.All, backlog.Own, backlog.OwnShort, backlog.Recovery = micros(all), micros(own), micros(ownShort), micros(recovery)
	return backlog, nil
}

// Claim implements core.WorkQueue. Reading is cheap and does not disturb
// writers, so it looks before it locks. What expired while the file was locked is
// free a little later: see freeBy.
func (q WorkQueue) Claim(ctx context.Context, limit core.ClaimLimit) ([]core.Claim, error) {
	var free bool
	now := q.db.now()
	marks, args := placeholders(limit.Order())
	args = append(args, q.freeBy(now).UnixMicro(), now.Add(q.lease).UnixMicro())
	if err := q.db.read.QueryRowContext(ctx, anyClaimableSQL(marks), args...).Scan(&free); err != nil || !free {
		return nil, wrap(err)
	}
	// What was claimed must be returned, or it would be held by no one.
	ctx = context.WithoutCancel(ctx)
	var claims []core.Claim
	err := q.db.update(ctx, func(tx transaction) (err error) {
		now := q.db.now()
		// Leases that began before the clock was set back end later than any that
		// starts now.
		if _, err := tx.exec(restartSQL, now.Add(q.lease).UnixMicro()); err != nil {
			return err
		}
		claims = nil
		for _, lane := range limit.Order() {
			if claims, err = q.claimable(tx, now, lane, limit); err != nil {
				return err
			}
			if len(claims) > 0 {
				break
			}
		}
		expired := slices.DeleteFunc(slices.Clone(claims), func(c core.Claim) bool { return c.Delivery == 1 })
		if err := change(tx, expired, noteLostSQL); err != nil {
			return err
		}
		return change(tx, claims, claimSQL, now.Add(q.lease).UnixMicro())
	})
	if err != nil {
		return nil, err
	}
	return claims, nil
}

// freeBy returns the time by which a lease must have expired for its task to be free
// now. While another process, such as a backup, has the write lock, no lease can be
// renewed. For half a lease after that, those that may have expired for this reason
// are left to the workers that renew them.
func (q WorkQueue) freeBy(now time.Time) time.Time {
	if last := q.db.lockedOut.Load(); last != nil && time.Since(last.ended) < q.lease/2 {
		return now.Add(-max(busyTimeout, time.Since(last.began)))
	}
	return now
}

// claimable returns claims of tasks of the lane that can be claimed, as many as the
// limit allows, and one at least if there is one.
func (q WorkQueue) claimable(tx transaction, now time.Time, lane core.Lane, limit core.ClaimLimit) ([]core.Claim, error) {
	token := rand.Text()
	rows, err := tx.rows(claimableSQL, int(lane), q.freeBy(now).UnixMicro(), max(1, limit.Count))
	claims, err := collect(rows, err, func(rows *sql.Rows) (core.Claim, error) {
		c := core.Claim{Lane: lane, Token: token, Lease: q.lease}
		var cost int64
		err := rows.Scan(&c.Index, &cost, &c.Delivery)
		c.Cost = micros(cost)
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
func change(tx transaction, claims []core.Claim, statement string, args ...any) error {
	for _, c := range claims {
		if _, err := tx.exec(statement, append([]any{int64(c.Index), c.Token}, args...)...); err != nil {
			return err
		}
	}
	return nil
}

// Ready implements core.WorkQueue. What other processes enqueue and release,
// and leases that expire, are noticed after pollPeriod.
func (q WorkQueue) Ready() <-chan struct{} { return q.db.enqueued.Within(pollPeriod) }

// Renew implements core.WorkQueue.
func (q WorkQueue) Renew(ctx context.Context, renewals ...core.Renewal) (lost []core.Claim, err error) {
	if len(renewals) == 0 {
		return nil, nil
	}
	err = q.db.update(ctx, func(tx transaction) error {
		lost = nil
		until := q.db.now().Add(q.lease).UnixMicro()
		for _, r := range renewals {
			held, err := tx.exec(renewSQL, until, r.Progress, int64(r.Claim.Index), r.Claim.Token)
			if err != nil {
				return err
			}
			if !held {
				lost = append(lost, r.Claim)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return lost, nil
}

// Acknowledge implements core.WorkQueue.
func (q WorkQueue) Acknowledge(ctx context.Context, claims ...core.Claim) error {
	return q.end(ctx, claims, acknowledgeSQL...)
}

// Release implements core.WorkQueue.
func (q WorkQueue) Release(ctx context.Context, claims ...core.Claim) error {
	err := q.end(ctx, claims, releaseSQL...)
	if err == nil {
		q.db.enqueued.Notify()
	}
	return err
}

// end runs statements on the job of each claim, in one transaction.
func (q WorkQueue) end(ctx context.Context, claims []core.Claim, statements ...string) error {
	if len(claims) == 0 {
		return nil
	}
	return q.db.update(ctx, func(tx transaction) error {
		for _, c := range claims {
			for _, statement := range statements {
				if _, err := tx.exec(statement, int64(c.Index), c.Token); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Jobs implements core.WorkQueue.
func (q WorkQueue) Jobs(ctx context.Context, indices ...core.Index) (map[core.Index]core.Job, error) {
	marks, args := placeholders(indices)
	rows, err := q.db.read.QueryContext(ctx, jobsSQL(marks),
		append([]any{q.db.now().UnixMicro()}, args...)...)
	jobs := make(map[core.Index]core.Job)
	_, err = collect(rows, err, func(rows *sql.Rows) (n core.Index, err error) {
		var job core.Job
		err = rows.Scan(&n, &job.Claimed, &job.Deliveries, &job.Progress, &job.Lane)
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
