package redis

import (
	"context"
	"crypto/rand"
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
	client *Client
	lease  time.Duration
	poll   time.Duration // readyPoll, except in tests

	listening sync.Once
	ready     notifier
	turn      atomic.Uint32 // where the next Claim begins
}

var _ core.WorkQueue = (*WorkQueue)(nil)

const (
	// There is one consumer for all: claims are told apart by their tokens. A
	// consumer per worker would outlive it, and removing it drops its claims.
	group    = "workers"
	consumer = "worker"

	// The fields of a backlog: the sum of all, and of each submitter that has some.
	backlogAll = "all"
	backlogOf  = "of:"

	// readyPoll is how soon Ready tells of a lease that has expired, which
	// nothing announces.
	readyPoll = 250 * time.Millisecond
	// atOnce is how many indices or claims a script is given: a few
	// milliseconds' work, for which Redis does nothing else.
	atOnce = 1000
)

// WorkQueue returns the queue in c, whose leases have the given length, to the
// millisecond. All processes must agree on it.
func (c *Client) WorkQueue(lease time.Duration) *WorkQueue {
	return &WorkQueue{client: c, lease: lease, poll: readyPoll}
}

// expiry is the idle time in milliseconds after which a lease has surely
// expired: the server's clock counts whole ones.
func (q *WorkQueue) expiry() int64 { return q.lease.Milliseconds() + 1 }

// Enqueue implements core.WorkQueue.
func (q *WorkQueue) Enqueue(ctx context.Context, submitter string, tasks ...core.Task) (added int, err error) {
	for p, part := range byPartition(q.client, tasks, func(t core.Task) core.Index { return t.Index }) {
		for some := range slices.Chunk(part, atOnce) {
			args := []any{q.client.channel(readyChannel), submitter}
			for _, t := range some {
				args = append(args, int64(t.Index), t.Cost.Microseconds())
			}
			count, err := enqueueScript.Run(ctx, q.client.rdb, []string{p.queue(), p.jobs(), p.backlog()}, args...).Int()
			if err != nil {
				return added, wrap(err)
			}
			added += count
		}
	}
	return added, nil
}

// Backlog implements core.WorkQueue.
func (q *WorkQueue) Backlog(ctx context.Context, submitter string) (core.Backlog, error) {
	replies, err := q.client.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, p := range q.client.partitions {
			pipe.XLen(ctx, p.queue())
			pipe.HMGet(ctx, p.backlog(), backlogAll, backlogOf+submitter)
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
				return core.Backlog{}, core.WrapError(core.KindInternal, "The backlog in Redis has an invalid value.", err)
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

// Claim implements core.WorkQueue. It asks one partition after the other,
// beginning with another each time.
func (q *WorkQueue) Claim(ctx context.Context, limit core.ClaimLimit) ([]core.Claim, error) {
	if err := ctx.Err(); err != nil {
		return nil, wrap(err)
	}
	candidates, err := q.candidates(ctx)
	if err != nil {
		return nil, err
	}
	// What was claimed must be returned, or it would be held by no one.
	ctx = context.WithoutCancel(ctx)
	rest := budget{max(1, limit.Count), limit.Cost, limit.Cost > 0}
	var claims []core.Claim
	for _, p := range candidates {
		for rest.count > 0 {
			some, err := q.claimFrom(ctx, p, rest, len(claims) == 0)
			if err != nil && len(claims) == 0 {
				return nil, err
			}
			claims = append(claims, some...)
			if rest.spend(some); err != nil || len(some) < atOnce {
				break // the next partition, if there is one
			}
		}
	}
	return claims, nil
}

// budget is what is left of a ClaimLimit.
type budget struct {
	count   int
	cost    time.Duration
	bounded bool // by cost
}

func (b *budget) spend(claims []core.Claim) {
	b.count -= len(claims)
	for _, c := range claims {
		b.cost -= c.Cost
	}
}

// candidates returns the partitions in which there may be something to claim.
func (q *WorkQueue) candidates(ctx context.Context) ([]partition, error) {
	if len(q.client.partitions) == 1 {
		return q.client.partitions, nil
	}
	replies, err := q.client.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, p := range q.client.partitions {
			pipe.XLen(ctx, p.queue())
		}
		return nil
	})
	if err != nil {
		return nil, wrap(err)
	}
	var candidates []partition
	turn := int(q.turn.Add(1))
	for i := range q.client.partitions {
		k := (turn + i) % len(q.client.partitions)
		if replies[k].(*goredis.IntCmd).Val() > 0 {
			candidates = append(candidates, q.client.partitions[k])
		}
	}
	return candidates, nil
}

// host begins tokens, for people who look into the queue.
var host, _ = os.Hostname()

// claimFrom claims tasks of a partition, atOnce at most; it takes the first
// whatever its cost if one must be taken.
func (q *WorkQueue) claimFrom(ctx context.Context, p partition, rest budget, must bool) ([]core.Claim, error) {
	token, cost := host+" "+rand.Text(), ""
	if rest.bounded {
		cost = strconv.FormatInt(rest.cost.Microseconds(), 10)
	}
	reply, err := claimScript.Run(ctx, q.client.rdb, []string{p.queue(), p.claims(), p.progress()},
		group, consumer, token, q.expiry(), min(rest.count, atOnce), cost, must).Slice()
	if err != nil {
		return nil, wrap(err)
	}
	claims := make([]core.Claim, len(reply))
	for i, fields := range reply {
		claims[i], err = parseClaim(fields.([]any))
		if err != nil {
			return nil, core.WrapError(core.KindInternal, "A task in Redis has an invalid value.", err)
		}
		claims[i].Token, claims[i].Lease = token, q.lease
	}
	return claims, nil
}

// parseClaim reads a claim as the script returns it.
func parseClaim(fields []any) (core.Claim, error) {
	n, err := strconv.ParseInt(fields[0].(string), 10, 64)
	if err != nil {
		return core.Claim{}, err
	}
	cost, err := strconv.ParseInt(fields[2].(string), 10, 64)
	if err != nil {
		return core.Claim{}, err
	}
	return core.Claim{Index: core.Index(n), Cost: time.Duration(cost) * time.Microsecond, Delivery: int(fields[1].(int64))}, nil
}

// Renew implements core.WorkQueue.
func (q *WorkQueue) Renew(ctx context.Context, renewals ...core.Renewal) (lost []core.Claim, err error) {
	places := make([]int, len(renewals))
	for i := range places {
		places[i] = i
	}
	isLost := make([]bool, len(renewals))
	indexOf := func(i int) core.Index { return renewals[i].Claim.Index }
	for p, part := range byPartition(q.client, places, indexOf) {
		for some := range slices.Chunk(part, atOnce) {
			args := []any{group, consumer}
			for _, i := range some {
				r := renewals[i]
				args = append(args, int64(r.Claim.Index), r.Claim.Token, strconv.FormatFloat(r.Progress, 'g', -1, 64))
			}
			missing, err := renewScript.Run(ctx, q.client.rdb, p.jobKeys(), args...).Int64Slice()
			if err != nil {
				return nil, wrap(err)
			}
			for _, k := range missing {
				isLost[some[k]] = true
			}
		}
	}
	for i, r := range renewals {
		if isLost[i] {
			lost = append(lost, r.Claim)
		}
	}
	return lost, nil
}

// Acknowledge implements core.WorkQueue.
func (q *WorkQueue) Acknowledge(ctx context.Context, claims ...core.Claim) error {
	return q.end(ctx, acknowledgeScript, claims, group)
}

// Release implements core.WorkQueue.
func (q *WorkQueue) Release(ctx context.Context, claims ...core.Claim) error {
	return q.end(ctx, releaseScript, claims, group, consumer, q.client.channel(readyChannel))
}

// end runs a script that ends claims, for those of each partition; args come
// before the claims.
func (q *WorkQueue) end(ctx context.Context, script *goredis.Script, claims []core.Claim, args ...any) error {
	for p, part := range byPartition(q.client, claims, func(c core.Claim) core.Index { return c.Index }) {
		for some := range slices.Chunk(part, atOnce) {
			args := slices.Clip(args)
			for _, c := range some {
				args = append(args, int64(c.Index), c.Token)
			}
			if err := run(script.Run(ctx, q.client.rdb, p.jobKeys(), args...)); err != nil {
				return err
			}
		}
	}
	return nil
}

// jobKeys are the keys of all that is known of the jobs of a partition.
func (p partition) jobKeys() []string {
	return []string{p.queue(), p.jobs(), p.claims(), p.progress(), p.backlog()}
}

// Jobs implements core.WorkQueue.
func (q *WorkQueue) Jobs(ctx context.Context, indices ...core.Index) (map[core.Index]core.Job, error) {
	jobs := make(map[core.Index]core.Job)
	for p, part := range byPartition(q.client, indices, func(n core.Index) core.Index { return n }) {
		for some := range slices.Chunk(part, atOnce) {
			args := []any{group, q.expiry()}
			for _, n := range some {
				args = append(args, int64(n))
			}
			found, err := jobsScript.Run(ctx, q.client.rdb, []string{p.queue(), p.jobs(), p.progress()}, args...).Slice()
			if err != nil {
				return nil, wrap(err)
			}
			for _, reply := range found {
				n, job, err := parseJob(reply.([]any))
				if err != nil {
					return nil, core.WrapError(core.KindInternal, "A job in Redis has an invalid value.", err)
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
	return core.Index(n), core.Job{Claimed: reply[1].(int64) == 1, Deliveries: int(reply[3].(int64)), Progress: progress}, err
}
