package redis

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
)

// removeTimeout bounds the removal of the drafts of a Put that failed.
const removeTimeout = 2 * time.Second

// removeDrafts removes the drafts of a Put that failed, even if it was canceled:
// they take the room of values until they expire. A draft that has become a value
// has another name by then.
func (c ValueCache) removeDrafts(ctx context.Context, drafts []string) {
	if len(drafts) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removeTimeout)
	defer cancel()
	// A server that can't be reached lets them expire.
	_, _ = c.client.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, draft := range drafts {
			pipe.Unlink(ctx, draft)
		}
		return nil
	})
}

// askForRoom returns an error of KindOverloaded if a long value can't fit into the
// memory of its server: storing a part of it would evict other values in vain, or
// leave no room for them. A server that does not tell how much it has is taken for
// one with room.
func (c ValueCache) askForRoom(ctx context.Context, v core.Value) error {
	info, err := c.memoryInfo(ctx, c.client.partitionOf(v.Index))
	if isRestricted(err) {
		return nil
	}
	if err != nil {
		return wrap(err)
	}
	need, room := memoryOf(v), roomIn(info)
	if need <= room {
		return nil
	}
	return core.WrapError(core.KindOverloaded, outOfMemory,
		fmt.Errorf("F(%d) needs %d bytes of Redis' memory, which has room for %d: raise maxmemory", v.Index, need, max(0, room)))
}

// memoryInfo returns what the master of a partition says of its memory.
func (c ValueCache) memoryInfo(ctx context.Context, p partition) (string, error) {
	if cluster, ok := c.client.rdb.(*goredis.ClusterClient); ok {
		master, err := cluster.MasterForKey(ctx, p.values())
		if err != nil {
			return "", err
		}
		return master.Info(ctx, "memory").Result()
	}
	return c.client.rdb.Info(ctx, "memory").Result()
}

// chunkMemory is what a chunk takes of the memory of Redis: its allocator gives
// 80 KiB for the 64 KiB and some bytes that it has.
const chunkMemory = 80 << 10

// memoryOf returns the bytes of memory that a long value takes, with the part that
// is on its way.
func memoryOf(v core.Value) int64 {
	return int64(v.Magnitude.ChunkCount()+partChunks) * chunkMemory
}

// roomIn returns how many bytes there are for a value on a server. One that evicts
// can take all but what it has for itself; the queue is not counted.
func roomIn(info string) int64 {
	limit := number(info, "maxmemory")
	if limit == 0 {
		return 1<<63 - 1
	}
	if strings.HasPrefix(infoField(info, "maxmemory_policy"), "noeviction") {
		return limit - number(info, "used_memory") + number(info, "mem_not_counted_for_evict")
	}
	return limit - number(info, "used_memory_overhead")
}

// number returns a field of INFO that is a number, or 0.
func number(info, name string) int64 {
	n, err := strconv.ParseInt(infoField(info, name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
