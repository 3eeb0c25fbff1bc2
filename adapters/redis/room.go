package redis

import (
	"context"
	"sync"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
)

// Room implements core.ValueCache. It is the maxmemory of the server, of which
// everything in its databases takes its part. On a Cluster, whose masters have
// about the same number of values each, the room is that of the fullest master for
// each of them. A server that does not permit INFO does not tell its bound.
func (c ValueCache) Room(ctx context.Context) (core.Room, error) {
	cluster, ok := c.client.rdb.(*goredis.ClusterClient)
	if !ok {
		room, err := roomOf(ctx, c.client.rdb)
		return room, wrap(err)
	}
	var mu sync.Mutex
	var fullest core.Room
	var masters int64
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, master *goredis.Client) error {
		room, err := roomOf(ctx, master)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		masters++
		if room.Bounded() && (!fullest.Bounded() || room.Free < fullest.Free) {
			fullest = room
		}
		return nil
	})
	if err != nil {
		return core.Room{}, wrap(err)
	}
	return core.Room{Total: fullest.Total * masters, Free: fullest.Free * masters}, nil
}

// roomOf returns the room of one server.
func roomOf(ctx context.Context, server goredis.Cmdable) (core.Room, error) {
	info, err := server.Info(ctx, "memory").Result()
	if isRestricted(err) {
		return core.Room{}, nil
	}
	if err != nil {
		return core.Room{}, err
	}
	total := number(info, "maxmemory")
	if total <= 0 {
		return core.Room{}, nil
	}
	// Buffers of replicas and the like do not count towards maxmemory.
	free := total - number(info, "used_memory") + number(info, "mem_not_counted_for_evict")
	return core.Room{Total: total, Free: min(max(0, free), total)}, nil
}
