package redis

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/internal/batches"
	"github.com/pisano-dev/pisano/adapters/internal/notify"
	"github.com/pisano-dev/pisano/core"
)

// WorkQueue implements core.WorkQueue. On a Cluster its parts are the
// partitions.
type WorkQueue struct {
	client *Client
	lease  time.Duration
	poll   time.Duration // readyPoll, except in tests

	listening sync.Once
	hears     atomic.Bool // announcements, as far as is known
	ready     notify.Notifier
	luck      luck
	turn      atomic.Uint32 // where the next Claim begins
	restarts  schedule      // of the leases that a clock set back has left in the future
	enqueues  *batches.Group[*enqueuing]
}

var _ core.WorkQueue = (*WorkQueue)(nil)

const (
	// There is one consumer for all: claims are told apart by their tokens. A
	// consumer per worker would outlive it, and removing it drops its claims.
	group    = "workers"
	consumer = "worker"
	// atOnce is how many indices or claims a script is given: a few
	// milliseconds' work, for which Redis does nothing else.
	atOnce = 1000
)

// WorkQueue returns the queue in c, whose leases have the given length, to the
// millisecond. All processes must agree on it.
func (c *Client) WorkQueue(lease time.Duration) *WorkQueue {
	return &WorkQueue{client: c, lease: lease, poll: readyPoll, enqueues: batches.New[*enqueuing]()}
}

// expiry is the idle time in milliseconds after which a lease has surely
// expired: the server's clock counts whole ones.
func (q *WorkQueue) expiry() int64 { return q.lease.Milliseconds() + 1 }

// Renew implements core.WorkQueue.
func (q *WorkQueue) Renew(ctx context.Context, renewals ...core.Renewal) (lost []core.Claim, err error) {
	places := make([]int, len(renewals))
	for i := range places {
		places[i] = i
	}
	var calls []call
	var renewed [][]int // places of the renewals of each call
	laneOf := func(i int) lane { return q.client.laneOf(renewals[i].Claim) }
	for l, part := range grouped(places, laneOf) {
		if q.client.isAway(l.partition) {
			return nil, errAway
		}
		for some := range slices.Chunk(part, atOnce) {
			args := []any{group, consumer}
			for _, i := range some {
				r := renewals[i]
				args = append(args, int64(r.Claim.Index), r.Claim.Token, strconv.FormatFloat(r.Progress, 'g', -1, 64))
			}
			calls, renewed = append(calls, call{renewScript, l.keys(), args}), append(renewed, some)
		}
	}
	isLost := make([]bool, len(renewals))
	for i, reply := range q.client.runAll(ctx, calls...) {
		missing, fault := reply.Int64Slice()
		if fault = wrap(fault); fault != nil {
			q.client.leaveOut(ctx, laneOf(renewed[i][0]).partition, fault)
			err = cmp.Or(err, fault)
		}
		for _, k := range missing {
			isLost[renewed[i][k]] = true
		}
	}
	if err != nil {
		return nil, err
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
	return q.end(ctx, acknowledgeScript, claims, group, consumer)
}

// Release implements core.WorkQueue.
func (q *WorkQueue) Release(ctx context.Context, claims ...core.Claim) error {
	return q.end(ctx, releaseScript, claims, group, consumer, q.client.channel(readyChannel))
}

// end runs a script that ends claims, for those of each lane; args come before the
// claims.
func (q *WorkQueue) end(ctx context.Context, script *goredis.Script, claims []core.Claim, args ...any) error {
	var calls []call
	for l, part := range grouped(claims, q.client.laneOf) {
		for some := range slices.Chunk(part, atOnce) {
			args := slices.Clip(args)
			for _, c := range some {
				args = append(args, int64(c.Index), c.Token)
			}
			calls = append(calls, call{script, l.keys(), args})
		}
	}
	var err error
	for _, reply := range q.client.runAll(ctx, calls...) {
		err = errors.Join(err, run(reply))
	}
	return err
}
