package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// WorkQueue implements core.WorkQueue.
type WorkQueue struct {
	*DB
	claimPeriod time.Duration
}

var _ core.WorkQueue = WorkQueue{}

// NewWorkQueue returns the queue in db with the given claim period. Processes
// that share a file should agree on it; each claim lasts as its taker was told.
func NewWorkQueue(db *DB, claimPeriod time.Duration) WorkQueue {
	return WorkQueue{DB: db, claimPeriod: claimPeriod}
}

// Enqueue implements core.WorkQueue.
func (q WorkQueue) Enqueue(ctx context.Context, client string, tasks ...core.Task) (added int, err error) {
	if len(tasks) == 0 {
		return 0, nil
	}
	err = q.update(ctx, func(tx *sql.Tx) error {
		insert, err := tx.PrepareContext(ctx, "INSERT INTO jobs (n, client, cost) VALUES (?, ?, ?) ON CONFLICT (n) DO NOTHING")
		if err != nil {
			return err
		}
		defer insert.Close()
		for _, t := range tasks {
			isNew, err := affected(insert.ExecContext(ctx, int64(t.Index), client, t.Cost.Microseconds()))
			if err != nil {
				return err
			}
			if isNew {
				added++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	q.news.announce()
	return added, nil
}

// Backlog implements core.WorkQueue. The sums are kept by triggers.
func (q WorkQueue) Backlog(ctx context.Context, client string) (core.Backlog, error) {
	var jobs int
	var all, own int64
	err := q.read.QueryRowContext(ctx,
		"SELECT jobs, work, coalesce((SELECT work FROM backlogs WHERE client = ?), 0) FROM backlog", client).Scan(&jobs, &all, &own)
	if err != nil {
		return core.Backlog{}, wrap(err)
	}
	return core.Backlog{Tasks: jobs, All: time.Duration(all) * time.Microsecond, Own: time.Duration(own) * time.Microsecond}, nil
}

// pollPeriod is how soon what another process has written is noticed.
const pollPeriod = 100 * time.Millisecond

// Claim implements core.WorkQueue.
func (q WorkQueue) Claim(ctx context.Context, wait time.Duration) (core.Claim, error) {
	end := time.Now().Add(wait)
	for {
		news := q.news.next()
		if err := ctx.Err(); err != nil {
			return core.Claim{}, wrap(err)
		}
		claim, err := q.tryClaim(ctx)
		if !core.IsNotFound(err) {
			return claim, err
		}
		rest := time.Until(end)
		if rest <= 0 {
			return core.Claim{}, err
		}
		poll := time.NewTimer(min(rest, pollPeriod))
		select {
		case <-news:
		case <-poll.C:
		case <-ctx.Done():
		}
		poll.Stop()
	}
}

// tryClaim takes a free job: looking is cheap and does not disturb writers,
// so it looks before it locks.
func (q WorkQueue) tryClaim(ctx context.Context) (core.Claim, error) {
	const free = "SELECT position FROM jobs WHERE claimed_until <= ? ORDER BY position LIMIT 1"
	var position int64
	if err := q.read.QueryRowContext(ctx, free, time.Now().UnixMicro()).Scan(&position); err != nil {
		return core.Claim{}, wrap(err)
	}
	claim := core.Claim{Token: rand.Text()}
	// Once taken the claim must be returned, or nobody would know of it.
	ctx = context.WithoutCancel(ctx)
	err := q.update(ctx, func(tx *sql.Tx) error {
		now := time.Now()
		return tx.QueryRowContext(ctx, `
			UPDATE jobs SET token = ?, claimed_until = ?, deliveries = deliveries + 1, progress = 0
			WHERE position = (`+free+`) RETURNING n, deliveries`,
			claim.Token, now.Add(q.claimPeriod).UnixMicro(), now.UnixMicro()).Scan(&claim.Index, &claim.Delivery)
	})
	if err != nil {
		return core.Claim{}, err
	}
	return claim, nil
}

// Renew implements core.WorkQueue.
func (q WorkQueue) Renew(ctx context.Context, c core.Claim, progress float64) error {
	return q.change(ctx, "UPDATE jobs SET claimed_until = ?, progress = ? WHERE n = ? AND token = ?",
		time.Now().Add(q.claimPeriod).UnixMicro(), progress, int64(c.Index), c.Token)
}

// Acknowledge implements core.WorkQueue.
func (q WorkQueue) Acknowledge(ctx context.Context, c core.Claim) error {
	return ignoreLost(q.change(ctx, "DELETE FROM jobs WHERE n = ? AND token = ?", int64(c.Index), c.Token))
}

// Release implements core.WorkQueue.
func (q WorkQueue) Release(ctx context.Context, c core.Claim) error {
	err := q.change(ctx, `
		UPDATE jobs SET token = '', claimed_until = 0, progress = 0, deliveries = deliveries - 1
		WHERE n = ? AND token = ?`, int64(c.Index), c.Token)
	if err == nil {
		q.news.announce()
	}
	return ignoreLost(err)
}

// change runs a statement on the job of a claim; KindNotFound if it is lost.
func (q WorkQueue) change(ctx context.Context, statement string, args ...any) error {
	return q.update(ctx, func(tx *sql.Tx) error {
		held, err := affected(tx.ExecContext(ctx, statement, args...))
		if err == nil && !held {
			return sql.ErrNoRows
		}
		return err
	})
}

func ignoreLost(err error) error {
	if core.IsNotFound(err) {
		return nil
	}
	return err
}

// Jobs implements core.WorkQueue.
func (q WorkQueue) Jobs(ctx context.Context, indices ...core.Index) (map[core.Index]core.Job, error) {
	marks, args := placeholders(indices)
	rows, err := q.read.QueryContext(ctx,
		"SELECT n, claimed_until > ?, progress FROM jobs WHERE n IN ("+marks+")",
		append([]any{time.Now().UnixMicro()}, args...)...)
	jobs := make(map[core.Index]core.Job)
	_, err = collect(rows, err, func(rows *sql.Rows) (n core.Index, err error) {
		var job core.Job
		err = rows.Scan(&n, &job.Claimed, &job.Progress)
		jobs[n] = job
		return n, err
	})
	if err != nil {
		return nil, wrap(err)
	}
	return jobs, nil
}

// Announce implements core.WorkQueue.
func (q WorkQueue) Announce(ctx context.Context, worker string, lasting time.Duration) error {
	return q.update(ctx, func(tx *sql.Tx) error {
		now := time.Now()
		_, err := tx.ExecContext(ctx, `
			INSERT INTO workers VALUES (?, ?)
			ON CONFLICT (name) DO UPDATE SET announced_until = excluded.announced_until`,
			worker, now.Add(lasting).UnixMicro())
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM workers WHERE announced_until <= ?", now.UnixMicro())
		return err
	})
}

// Workers implements core.WorkQueue.
func (q WorkQueue) Workers(ctx context.Context) (count int, err error) {
	err = q.read.QueryRowContext(ctx, "SELECT count(*) FROM workers WHERE announced_until > ?", time.Now().UnixMicro()).Scan(&count)
	return count, wrap(err)
}
