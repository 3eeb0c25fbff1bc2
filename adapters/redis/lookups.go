package redis

import (
	"context"
	"slices"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/internal/batches"
	"github.com/pisano-dev/pisano/core"
)

const (
	// headsAtOnce is how many heads are read at a time: well below 1 MiB.
	headsAtOnce = 500
	// fewHeads is how many heads a call may read together with other calls.
	fewHeads = 16
	// lookupTimeout bounds a batch of such calls. They wait for its end, and a
	// submission is to go on without its lookup if that takes longer.
	lookupTimeout = time.Second
)

// heads reads the heads of the values of the indices, in their order. On a single
// server, calls for a few indices that are made while others are served share a
// pipeline.
func (c ValueCache) heads(ctx context.Context, indices []core.Index) ([]head, error) {
	if len(c.client.partitions) == 1 && 0 < len(indices) && len(indices) <= fewHeads {
		own := &lookup{indices: indices}
		err := c.client.lookups.Do(ctx, own, func(take func() []*batches.Call[*lookup]) error {
			c.lookUpTogether(context.WithoutCancel(ctx), take())
			return nil
		})
		return own.heads, wrap(err)
	}
	all := make([]head, 0, len(indices))
	for some := range slices.Chunk(indices, headsAtOnce) {
		heads, err := parseHeads(c.readHeads(ctx, some))
		if err != nil {
			return nil, wrap(err)
		}
		all = append(all, heads...)
	}
	return all, nil
}

// lookup is a call of heads for a few indices.
type lookup struct {
	indices []core.Index
	heads   []head
}

// lookUpTogether serves the calls of a batch, whose callers may have left.
func (c ValueCache) lookUpTogether(ctx context.Context, batch []*batches.Call[*lookup]) {
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	var indices []core.Index
	for _, call := range batch {
		indices = append(indices, call.Item.indices...)
	}
	var replies []*goredis.SliceCmd
	for some := range slices.Chunk(indices, headsAtOnce) {
		replies = append(replies, c.readHeads(ctx, some)...)
	}
	for _, call := range batch {
		count := len(call.Item.indices)
		call.Item.heads, call.Err = parseHeads(replies[:count])
		replies = replies[count:]
	}
}

// readHeads requests the heads of values. The errors are those of the replies.
func (c ValueCache) readHeads(ctx context.Context, indices []core.Index) []*goredis.SliceCmd {
	replies := make([]*goredis.SliceCmd, len(indices))
	_, _ = c.client.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for i, n := range indices {
			replies[i] = pipe.HMGet(ctx, c.client.partitionOf(n).value(n), versionField, placeField, summaryField)
		}
		return nil
	})
	return replies
}

// parseHeads returns the heads, or the first error, of replies.
func parseHeads(replies []*goredis.SliceCmd) ([]head, error) {
	heads := make([]head, len(replies))
	for i, reply := range replies {
		fields, err := reply.Result()
		if err != nil {
			return nil, err
		}
		h := &heads[i]
		for k, field := range []*string{&h.version, &h.place, &h.summary} {
			text, there := fields[k].(string)
			*field = text
			h.there = h.there || there
		}
	}
	return heads, nil
}
