package redis

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
)

// WorkQueue implements core.WorkQueue. On a Cluster its parts are the
// partitions.
type WorkQueue struct {
	*Client
	claimPeriod time.Duration
	poll        time.Duration // claimPoll, except in tests

	listening sync.Once
	news      news
	turn      atomic.Uint32 // where the next claimant begins
}

var _ core.WorkQueue = (*WorkQueue)(nil)

const (
	// There is one consumer for all: claims are told apart by their tokens. A
	// consumer per worker would outlive it, and who removes it drops its claims.
	group    = "workers"
	consumer = "worker"

	// The fields of a backlog: the sum of all, and of each client that has some.
	backlogAll = "all"
	backlogOf  = "of:"

	// claimPoll is how soon a claimant looks again unasked: for claims that ran
	// out, which nobody announces.
	claimPoll = 250 * time.Millisecond
	// indicesAtOnce is how many indices a script is given: a few milliseconds'
	// work, for which Redis does nothing else.
	indicesAtOnce = 1000
)

// NewWorkQueue returns the queue in c with the given claim period, to the
// millisecond. All processes must agree on it.
func NewWorkQueue(c *Client, claimPeriod time.Duration) *WorkQueue {
	return &WorkQueue{Client: c, claimPeriod: claimPeriod, poll: claimPoll, news: news{ch: make(chan struct{})}}
}

// period is the idle time in milliseconds after which a claim has surely run
// out: the server's clock counts whole ones.
func (q *WorkQueue) period() int64 { return q.claimPeriod.Milliseconds() + 1 }

// Enqueue implements core.WorkQueue.
func (q *WorkQueue) Enqueue(ctx context.Context, client string, tasks ...core.Task) (added int, err error) {
	for p, part := range byPartition(q.Client, tasks, func(t core.Task) core.Index { return t.Index }) {
		for some := range slices.Chunk(part, indicesAtOnce) {
			args := []any{q.channel(wakeChannel), client}
			for _, t := range some {
				args = append(args, int64(t.Index), t.Cost.Microseconds())
			}
			count, err := enqueueScript.Run(ctx, q.rdb, []string{p.queue(), p.jobs(), p.backlog()}, args...).Int()
			if err != nil {
				return added, wrap(err)
			}
			added += count
		}
	}
	return added, nil
}

// Backlog implements core.WorkQueue.
func (q *WorkQueue) Backlog(ctx context.Context, client string) (core.Backlog, error) {
	replies, err := q.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, p := range q.partitions {
			pipe.XLen(ctx, p.queue())
			pipe.HMGet(ctx, p.backlog(), backlogAll, backlogOf+client)
		}
		return nil
	})
	if err != nil {
		return core.Backlog{}, wrap(err)
	}
	tasks := 0
	var sums [2]int64
	for i := 0; i < len(replies); i += 2 {
		length := int(replies[i].(*goredis.IntCmd).Val())
		if length == 0 {
			continue // the stream is gone alone, and its backlog does not know yet
		}
		tasks += length
		for k, sum := range replies[i+1].(*goredis.SliceCmd).Val() {
			if sum == nil {
				continue
			}
			part, err := strconv.ParseInt(sum.(string), 10, 64)
			if err != nil {
				return core.Backlog{}, core.WrapError(core.KindInternal, "The queue holds something that is no backlog.", err)
			}
			sums[k] += max(0, part) // below 0 where the sums were lost alone
		}
	}
	return core.Backlog{
		Tasks: tasks,
		All:   time.Duration(sums[0]) * time.Microsecond,
		Own:   time.Duration(sums[1]) * time.Microsecond,
	}, nil
}

// Claim implements core.WorkQueue.
func (q *WorkQueue) Claim(ctx context.Context, wait time.Duration) (core.Claim, error) {
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
		q.listening.Do(q.listen)
		poll := time.NewTimer(min(rest, q.poll))
		select {
		case <-news:
		case <-poll.C:
		case <-ctx.Done():
		}
		poll.Stop()
	}
}

// tryClaim takes the next index of the first partition that has one, beginning
// with another partition each time.
func (q *WorkQueue) tryClaim(ctx context.Context) (core.Claim, error) {
	candidates, err := q.candidates(ctx)
	if err != nil {
		return core.Claim{}, err
	}
	for _, p := range candidates {
		claim, err := q.claimFrom(ctx, p)
		if !core.IsNotFound(err) {
			return claim, err
		}
	}
	return core.Claim{}, notFound()
}

// candidates returns the partitions in which there may be something to claim.
func (q *WorkQueue) candidates(ctx context.Context) ([]partition, error) {
	if len(q.partitions) == 1 {
		return q.partitions, nil
	}
	replies, err := q.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, p := range q.partitions {
			pipe.XLen(ctx, p.queue())
		}
		return nil
	})
	if err != nil {
		return nil, wrap(err)
	}
	var candidates []partition
	turn := int(q.turn.Add(1))
	for i := range q.partitions {
		k := (turn + i) % len(q.partitions)
		if replies[k].(*goredis.IntCmd).Val() > 0 {
			candidates = append(candidates, q.partitions[k])
		}
	}
	return candidates, nil
}

// host begins tokens, for people who look into the queue.
var host, _ = os.Hostname()

// claimFrom takes the next index of a partition; KindNotFound if it has none.
func (q *WorkQueue) claimFrom(ctx context.Context, p partition) (core.Claim, error) {
	claim := core.Claim{Token: host + " " + rand.Text()}
	// Once taken the claim must be returned, or nobody would know of it.
	ctx = context.WithoutCancel(ctx)
	reply, err := claimScript.Run(ctx, q.rdb, []string{p.queue(), p.claims(), p.progress()},
		group, consumer, claim.Token, q.period()).Slice()
	if errors.Is(err, goredis.Nil) {
		return core.Claim{}, notFound()
	}
	if err != nil {
		return core.Claim{}, wrap(err)
	}
	n, err := strconv.ParseInt(reply[0].(string), 10, 64)
	if err != nil {
		return core.Claim{}, core.WrapError(core.KindInternal, "The queue holds something that is no index.", err)
	}
	claim.Index, claim.Delivery = core.Index(n), int(reply[1].(int64))
	return claim, nil
}

// Renew implements core.WorkQueue.
func (q *WorkQueue) Renew(ctx context.Context, c core.Claim, progress float64) error {
	held, err := renewScript.Run(ctx, q.rdb, q.jobKeys(c.Index),
		group, consumer, int64(c.Index), c.Token, strconv.FormatFloat(progress, 'g', -1, 64)).Bool()
	if err == nil && !held {
		return notFound()
	}
	return wrap(err)
}

// Acknowledge implements core.WorkQueue.
func (q *WorkQueue) Acknowledge(ctx context.Context, c core.Claim) error {
	return run(acknowledgeScript.Run(ctx, q.rdb, q.jobKeys(c.Index), group, int64(c.Index), c.Token))
}

// Release implements core.WorkQueue.
func (q *WorkQueue) Release(ctx context.Context, c core.Claim) error {
	return run(releaseScript.Run(ctx, q.rdb, q.jobKeys(c.Index),
		group, consumer, int64(c.Index), c.Token, q.channel(wakeChannel)))
}

// jobKeys are the keys of all that is known of a job.
func (q *WorkQueue) jobKeys(n core.Index) []string {
	p := q.partitionOf(n)
	return []string{p.queue(), p.jobs(), p.claims(), p.progress(), p.backlog()}
}

// Jobs implements core.WorkQueue.
func (q *WorkQueue) Jobs(ctx context.Context, indices ...core.Index) (map[core.Index]core.Job, error) {
	jobs := make(map[core.Index]core.Job)
	for p, part := range byPartition(q.Client, indices, func(n core.Index) core.Index { return n }) {
		for some := range slices.Chunk(part, indicesAtOnce) {
			args := []any{group, q.period()}
			for _, n := range some {
				args = append(args, int64(n))
			}
			found, err := jobsScript.Run(ctx, q.rdb, []string{p.queue(), p.jobs(), p.progress()}, args...).Slice()
			if err != nil {
				return nil, wrap(err)
			}
			for _, reply := range found {
				n, job, err := parseJob(reply.([]any))
				if err != nil {
					return nil, core.WrapError(core.KindInternal, "The queue holds something that is no job.", err)
				}
				jobs[n] = job
			}
		}
	}
	return jobs, nil
}

// parseJob reads a job as the script returns it.
func parseJob(reply []any) (core.Index, core.Job, error) {
	n, err := strconv.ParseInt(reply[0].(string), 10, 64)
	if err != nil {
		return 0, core.Job{}, err
	}
	progress, err := strconv.ParseFloat(reply[2].(string), 64)
	return core.Index(n), core.Job{Claimed: reply[1].(int64) == 1, Progress: progress}, err
}

// Announce implements core.WorkQueue.
func (q *WorkQueue) Announce(ctx context.Context, worker string, lasting time.Duration) error {
	return run(announceScript.Run(ctx, q.rdb, []string{q.workers()}, worker, lasting.Microseconds()))
}

// Workers implements core.WorkQueue.
func (q *WorkQueue) Workers(ctx context.Context) (int, error) {
	count, err := listWorkersScript.Run(ctx, q.rdb, []string{q.workers()}).Int()
	return count, wrap(err)
}
