package redis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
)

// storeTTL is how long an index store is remembered after the last Attach.
const storeTTL = time.Minute

// Attach records that the data under the prefix belong to the given index store.
// Its name is any text that is unique to it, or "" if it is not known. Attach
// returns KindInvalid, and changes nothing, if the data belong to another index
// store, or if one of the keys has another type and so belongs to another
// program.
//
// Call Attach every few seconds. The record expires a minute after the last call,
// so that data that were moved or restored under another name can be used again.
// A flush of Redis removes it until the next call.
func (c *Client) Attach(ctx context.Context, store string) error {
	if err := c.checkTypes(ctx); err != nil || store == "" {
		return err
	}
	if err := c.rdb.SetNX(ctx, c.store(), store, storeTTL).Err(); err != nil {
		return wrap(err)
	}
	noted, err := c.rdb.Get(ctx, c.store()).Result()
	if err != nil && !errors.Is(err, goredis.Nil) {
		return wrap(err)
	}
	if err == nil && noted != store {
		return c.notOurs("belongs to the Pisano of another Postgres, which ran within the last minute")
	}
	return wrap(c.rdb.PExpire(ctx, c.store(), storeTTL).Err())
}

// checkTypes returns KindInvalid if a key is not of the type that it has with us.
func (c *Client) checkTypes(ctx context.Context) error {
	want := map[string]string{c.workers(): "zset", c.memory(): "hash", c.speed(): "hash", c.store(): "string"}
	for _, p := range c.partitions {
		want[p.values()], want[p.generation()], want[p.puts()] = "zset", "string", "hash"
		for _, key := range p.laneKeys(core.Lanes[:], lane.keys) {
			want[key] = "hash"
		}
		for _, l := range core.Lanes {
			want[lane{p, l}.queue()] = "stream"
		}
	}
	types := make(map[string]*goredis.StatusCmd, len(want))
	if _, err := c.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for key := range want {
			types[key] = pipe.Type(ctx, key)
		}
		return nil
	}); err != nil {
		return wrap(err)
	}
	for key, reply := range types {
		if kind := reply.Val(); kind != "none" && kind != want[key] {
			return c.notOurs(fmt.Sprintf("is used by another program: the key %s is a %s", key, kind))
		}
	}
	return nil
}

// notOurs returns the error for data under the prefix that is not this Pisano's.
func (c *Client) notOurs(what string) error {
	return core.NewError(core.KindInvalid, fmt.Sprintf("The data in Redis (%s, database %d) under the prefix %q %s. "+
		"Set REDIS_PREFIX to another prefix, or use another database of Redis.", strings.Join(c.addrs, ", "), c.database, c.prefix, what))
}
