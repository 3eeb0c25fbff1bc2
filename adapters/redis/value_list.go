package redis

import (
	"context"
	"fmt"
	"slices"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
)

// The list of values is a sorted set in each partition. Its members, the places,
// all have the same score and so are in lexicographical order. The place of a
// value that was lost stays until a call finds it empty.

// placeOf returns the name of a position: its time in microseconds and its
// index, as hexadecimal digits that are in the order of the numbers, negative
// ones included.
func placeOf(p core.Position) string {
	const sign = 1 << 63
	return fmt.Sprintf("%016x%016x", uint64(p.CalculatedAt.UnixMicro())^sign, uint64(p.Index)^sign)
}

// positionOf returns the position that a place names; that of no value, if
// it names none.
func positionOf(place string) core.Position {
	const sign = 1 << 63
	var at, n uint64
	if _, err := fmt.Sscanf(place, "%16x%16x", &at, &n); err != nil {
		return core.Position{}
	}
	return core.Position{CalculatedAt: time.UnixMicro(int64(at ^ sign)).UTC(), Index: core.Index(n ^ sign)}
}

// List implements core.ValueCache.
func (c ValueCache) List(ctx context.Context, after core.Position, limit int) ([]core.Summary, error) {
	below := "+"
	if !after.IsZero() {
		below = "(" + placeOf(after)
	}
	var list []core.Summary
	for len(list) < limit {
		places, err := c.places(ctx, below, limit)
		if err != nil {
			return nil, err
		}
		found, err := c.valuesAt(ctx, places)
		if err != nil {
			return nil, err
		}
		list = append(list, found[:min(len(found), limit-len(list))]...)
		if len(places) < limit {
			break
		}
		below = "(" + places[len(places)-1]
	}
	return list, nil
}

// places returns up to limit places below the given one, the greatest first.
func (c ValueCache) places(ctx context.Context, below string, limit int) ([]string, error) {
	replies, err := c.client.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, p := range c.client.partitions {
			pipe.ZRangeArgs(ctx, goredis.ZRangeArgs{
				Key: p.values(), Start: below, Stop: "-", ByLex: true, Rev: true, Count: int64(limit),
			})
		}
		return nil
	})
	if err != nil {
		return nil, wrap(err)
	}
	var all []string
	for _, reply := range replies {
		all = append(all, reply.(*goredis.StringSliceCmd).Val()...)
	}
	slices.Sort(all)
	slices.Reverse(all)
	return all[:min(len(all), limit)], nil
}

// valuesAt returns the summaries of the values that are at the places, and
// tidies up where there is none or a damaged one.
func (c ValueCache) valuesAt(ctx context.Context, places []string) ([]core.Summary, error) {
	indices := make([]core.Index, len(places))
	for i, place := range places {
		indices[i] = positionOf(place).Index
	}
	heads, err := c.heads(ctx, indices)
	if err != nil {
		return nil, err
	}
	var found []core.Summary
	empty := make(map[partition][]string)
	for i, h := range heads {
		s, sound := h.decode(indices[i])
		switch {
		case h.there && !sound:
			if err := c.drop(ctx, indices[i], h); err != nil {
				return nil, err
			}
		case !h.there || h.place != places[i]:
			p := c.client.partitionOf(indices[i])
			empty[p] = append(empty[p], places[i])
		default:
			found = append(found, s)
		}
	}
	for p, places := range empty {
		if err := c.prune(ctx, p, places); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// prune removes those of the places of a partition that no value has.
func (c ValueCache) prune(ctx context.Context, p partition, places []string) error {
	for some := range slices.Chunk(places, atOnce) {
		keys, args := []string{p.values()}, make([]any, len(some))
		for i, place := range some {
			keys = append(keys, p.value(positionOf(place).Index))
			args[i] = place
		}
		if err := run(pruneScript.Run(ctx, c.client.rdb, keys, args...)); err != nil {
			return err
		}
	}
	return nil
}
