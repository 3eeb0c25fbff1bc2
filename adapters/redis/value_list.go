package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
)

// The list of values is a sorted set in each partition. Its members, the places,
// have the same score, and so are in lexicographical order. The place of a lost
// value stays until a call finds it empty, and is removed in the background.

const (
	// maxPlaces is how many places a call of List reads at a time. It reads twice
	// as many each time, because after one empty place there are often more.
	maxPlaces = 1000
	// maxEmpty is after how many empty places in a row a call of List ends.
	maxEmpty = 10_000
	// checks is how many places commit.lua returns for each value.
	checks = 2
)

// placeOf returns the place for a position: its time in microseconds and its
// index, in hexadecimal digits that sort like the numbers, negative ones
// included.
func placeOf(p core.Position) string {
	const sign = 1 << 63
	return fmt.Sprintf("%016x%016x", uint64(p.CalculatedAt.UnixMicro())^sign, uint64(p.Index)^sign)
}

// positionOf returns the position of a place, or the zero position if it is no
// valid place.
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
	var empty []string // all that were found
	defer func() { c.pruneLater(empty) }()
	inARow := 0
	for size := limit; len(list) < limit && inARow < maxEmpty; size = max(limit, min(2*size, maxPlaces)) {
		places, err := c.places(ctx, below, size)
		if err != nil {
			return nil, err
		}
		found, none, err := c.valuesAt(ctx, places)
		if err != nil {
			return nil, err
		}
		empty = append(empty, none...)
		inARow += len(none)
		if len(found) > 0 {
			inARow = 0
		}
		list = append(list, found[:min(len(found), limit-len(list))]...)
		if len(places) < size {
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

// valuesAt returns the summaries of the values at the places, and the places that
// have none. It drops damaged values.
func (c ValueCache) valuesAt(ctx context.Context, places []string) (found []core.Summary, empty []string, err error) {
	indices := make([]core.Index, len(places))
	for i, place := range places {
		indices[i] = positionOf(place).Index
	}
	heads, err := c.heads(ctx, indices)
	if err != nil {
		return nil, nil, err
	}
	for i, h := range heads {
		s, err := h.decode(indices[i])
		switch {
		case errors.Is(err, core.ErrCorruptSummary):
			if err := c.drop(ctx, indices[i], h); err != nil {
				return nil, nil, err
			}
		case h.place != places[i]: // as it is if there is no value
			empty = append(empty, places[i])
		case err == nil:
			found = append(found, s)
		}
	}
	return found, empty, nil
}

// pruneTimeout bounds the removal of the places that one call has found empty.
const pruneTimeout = 10 * time.Second

// pruneLater removes empty places in the background, those of one call at a time.
// What it leaves, or fails to remove, a later call finds again.
func (c ValueCache) pruneLater(empty []string) {
	if len(empty) == 0 || !c.client.pruning.TryLock() {
		return
	}
	c.client.all.Go(func() {
		defer c.client.pruning.Unlock()
		ctx, cancel := context.WithTimeout(c.client.ctx, pruneTimeout)
		defer cancel()
		parts := make(map[partition][]string)
		for _, place := range empty {
			p := c.client.partitionOf(positionOf(place).Index)
			parts[p] = append(parts[p], place)
		}
		for p, places := range parts {
			_ = c.prune(ctx, p, places)
		}
	})
}

// prune removes those of the places of a partition that have no value.
func (c ValueCache) prune(ctx context.Context, p partition, places []string) error {
	for _, reply := range c.client.runAll(ctx, pruneCalls(p, places)...) {
		if err := run(reply); err != nil {
			return err
		}
	}
	return nil
}

// pruneCalls returns the calls that remove those of the places of a partition that
// have no value.
func pruneCalls(p partition, places []string) []call {
	var calls []call
	for some := range slices.Chunk(places, atOnce) {
		keys, args := []string{p.values()}, make([]any, len(some))
		for i, place := range some {
			keys = append(keys, p.value(positionOf(place).Index))
			args[i] = place
		}
		calls = append(calls, call{pruneScript, keys, args})
	}
	return calls
}

// unchecked are places, found at random by earlier commits, whose values may be gone.
// The next commit has them checked along with it, in the same round trip.
type unchecked struct {
	mu  sync.Mutex
	all map[partition][]string
}

func (u *unchecked) add(p partition, places []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.all == nil {
		u.all = make(map[partition][]string)
	}
	u.all[p] = append(u.all[p], places...)
}

// take removes and returns up to most places of a partition.
func (u *unchecked) take(p partition, most int) []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	places := u.all[p]
	if most = min(most, len(places)); most == 0 {
		return nil
	}
	u.all[p] = places[most:]
	return places[:most]
}
