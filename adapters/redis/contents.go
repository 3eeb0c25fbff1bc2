package redis

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
)

// The fields of a backlog: the sum of all, and of each submitter that has some.
const (
	backlogAll = "all"
	backlogOf  = "of:"
)

// Backlog implements core.WorkQueue.
func (q *WorkQueue) Backlog(ctx context.Context, submitter string) (core.Backlog, error) {
	backlog, reached, err := q.backlog(ctx, submitter, q.client.reachable())
	if reached && core.KindOf(err) == core.KindUnavailable {
		err = nil
	}
	return backlog, err
}

// backlog returns the backlog of those of the partitions that are reached, if any
// is, and an error if one is not.
func (q *WorkQueue) backlog(ctx context.Context, submitter string, partitions []partition) (backlog core.Backlog, reached bool, err error) {
	type reply struct {
		length *goredis.IntCmd
		sums   *goredis.SliceCmd
	}
	replies := make(map[lane]reply)
	// The errors are those of the replies.
	_, _ = q.client.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, p := range partitions {
			for _, l := range core.Lanes {
				l := lane{p, l}
				replies[l] = reply{pipe.XLen(ctx, l.queue()), pipe.HMGet(ctx, l.backlog(), backlogAll, backlogOf+submitter)}
			}
		}
		return nil
	})
	for l, r := range replies {
		if fault := wrap(cmp.Or(r.length.Err(), r.sums.Err())); fault != nil {
			if !q.client.leaveOut(ctx, l.partition, fault) {
				return core.Backlog{}, false, fault
			}
			err = fault
			continue
		}
		reached = true
		length := int(r.length.Val())
		if length == 0 {
			continue // the stream is gone alone, and its backlog does not know yet
		}
		all, own, err := parseSums(r.sums.Val())
		if err != nil {
			return core.Backlog{}, false, core.WrapError(core.KindInternal, "The backlog in Redis has an invalid value.", err)
		}
		if l.lane == core.LaneRecovery {
			backlog.RecoveryTasks += length
			backlog.Recovery += all
			continue
		}
		backlog.Tasks += length
		backlog.All += all
		backlog.Own += own
		if l.lane == core.LaneShort {
			backlog.OwnShort += own
		}
	}
	return backlog, reached, err
}

// parseSums reads the sums of a backlog: of all, and of one submitter.
func parseSums(reply []any) (all, own time.Duration, err error) {
	var sums [2]time.Duration
	for i, sum := range reply {
		if sum == nil {
			continue
		}
		micros, err := strconv.ParseInt(sum.(string), 10, 64)
		if err != nil {
			return 0, 0, err
		}
		sums[i] = time.Duration(max(0, micros)) * time.Microsecond // below 0 where the sums were lost alone
	}
	return sums[0], sums[1], nil
}

// Jobs implements core.WorkQueue. The jobs of partitions that can't be reached are
// unknown.
func (q *WorkQueue) Jobs(ctx context.Context, indices ...core.Index) (map[core.Index]core.Job, error) {
	jobs := make(map[core.Index]core.Job)
	var unknown []core.Index
	var fault error
	var calls []call
	var asked [][]core.Index // by each call
	for p, part := range byPartition(q.client, indices, func(n core.Index) core.Index { return n }) {
		if q.client.isAway(p) {
			unknown, fault = append(unknown, part...), errAway
			continue
		}
		keys := p.laneKeys(core.Lanes[:], func(l lane) []string { return []string{l.queue(), l.jobs(), l.progress()} })
		for some := range slices.Chunk(part, atOnce) {
			args := []any{group, q.expiry()}
			for _, n := range some {
				args = append(args, int64(n))
			}
			calls, asked = append(calls, call{jobsScript, keys, args}), append(asked, some)
		}
	}
	known := false // is any
	for i, reply := range q.client.runAll(ctx, calls...) {
		found, err := reply.Slice()
		if err = wrap(err); err != nil {
			if !q.client.leaveOut(ctx, q.client.partitionOf(asked[i][0]), err) || ctx.Err() != nil {
				return nil, err
			}
			unknown, fault = append(unknown, asked[i]...), err
			continue
		}
		known = true
		for _, reply := range found {
			n, job, err := parseJob(reply.([]any))
			if err != nil {
				return nil, core.WrapError(core.KindInternal, "A job in Redis has an invalid value.", err)
			}
			// A program without lanes enqueues what waits in a lane that it does not know.
			if before, twice := jobs[n]; !twice || job.Claimed && !before.Claimed {
				jobs[n] = job
			}
		}
	}
	if !known && fault != nil {
		return nil, fault
	}
	for _, n := range unknown {
		jobs[n] = core.Job{Unknown: true}
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
	return core.Index(n), core.Job{
		Claimed:    reply[1].(int64) == 1,
		Deliveries: int(reply[3].(int64)),
		Progress:   progress,
		Lane:       core.Lane(reply[4].(int64)),
	}, err
}
