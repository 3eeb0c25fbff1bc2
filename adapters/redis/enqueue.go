package redis

import (
	"context"
	"errors"
	"slices"

	"github.com/pisano-dev/pisano/adapters/internal/batches"
	"github.com/pisano-dev/pisano/core"
)

// Enqueue implements core.WorkQueue. Of partitions that can't be reached the
// tasks are left out; those of the others are added. On a single server, calls for
// one task that are made while others are served share a script.
func (q *WorkQueue) Enqueue(ctx context.Context, submitter string, tasks ...core.Task) (added int, err error) {
	if len(tasks) == 1 && len(q.client.partitions) == 1 {
		own := &enqueuing{submitter: submitter, task: tasks[0]}
		err = q.enqueues.Do(ctx, own, func(take func() []*batches.Call[*enqueuing]) error {
			q.enqueueTogether(context.WithoutCancel(ctx), take())
			return nil
		})
		return own.added, wrap(err)
	}
	var calls []call
	var partitions []partition // of the calls
	for p, part := range byPartition(q.client, tasks, func(t core.Task) core.Index { return t.Index }) {
		if q.client.isAway(p) {
			err = errAway
			continue
		}
		for some := range slices.Chunk(part, atOnce) {
			next := q.enqueueCall(p)
			for _, t := range some {
				next.addTask(submitter, t)
			}
			calls, partitions = append(calls, next), append(partitions, p)
		}
	}
	for i, reply := range q.client.runAll(ctx, calls...) {
		flags, fault := reply.Int64Slice()
		if fault = wrap(fault); fault != nil {
			q.client.leaveOut(ctx, partitions[i], fault)
			err = errors.Join(err, fault)
		}
		for _, flag := range flags {
			added += int(flag)
		}
	}
	return added, err
}

// enqueuing is a call of Enqueue for one task.
type enqueuing struct {
	submitter string
	task      core.Task
	added     int
}

// enqueueTogether serves the calls of a batch, whose callers may have left.
func (q *WorkQueue) enqueueTogether(ctx context.Context, batch []*batches.Call[*enqueuing]) {
	ctx, cancel := context.WithTimeout(ctx, ioTimeout)
	defer cancel()
	parts := slices.Collect(slices.Chunk(batch, atOnce))
	calls := make([]call, len(parts))
	for i, part := range parts {
		calls[i] = q.enqueueCall(q.client.partitions[0])
		for _, c := range part {
			calls[i].addTask(c.Item.submitter, c.Item.task)
		}
	}
	for i, reply := range q.client.runAll(ctx, calls...) {
		flags, err := reply.Int64Slice()
		for k, c := range parts[i] {
			if c.Err = err; err == nil {
				c.Item.added = int(flags[k])
			}
		}
	}
}

// enqueueCall returns a call that enqueues the tasks of a partition that are added
// to it.
func (q *WorkQueue) enqueueCall(p partition) call {
	return call{enqueueScript, p.laneKeys(core.Lanes[:], lane.keys), []any{q.client.channel(readyChannel), group}}
}

func (c *call) addTask(submitter string, t core.Task) {
	c.args = append(c.args, int64(t.Index), t.Cost.Microseconds(), int(t.Lane), submitter)
}
