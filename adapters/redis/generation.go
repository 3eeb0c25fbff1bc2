package redis

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	goredis "github.com/redis/go-redis/v9"
)

// Generation implements core.ValueCache. Each partition has a name of its own,
// a random one that the first to miss it gives; it goes where the values of
// the partition go. Together they are the name of the whole, so that one master
// of a Cluster that comes back empty is noticed too.
func (c ValueCache) Generation(ctx context.Context) (string, error) {
	names, missing, err := c.generations(ctx)
	if err == nil && missing {
		if err = c.nameGenerations(ctx); err == nil {
			names, missing, err = c.generations(ctx)
		}
	}
	if err == nil && missing {
		err = errors.New("a name that was given just now is gone")
	}
	if err != nil {
		return "", wrap(err)
	}
	sum := sha256.Sum256([]byte(names))
	return hex.EncodeToString(sum[:16]), nil
}

// generations returns the names of all partitions as one, and whether some
// have none.
func (c ValueCache) generations(ctx context.Context) (names string, missing bool, err error) {
	replies, err := c.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, p := range c.partitions {
			pipe.Get(ctx, p.generation())
		}
		return nil
	})
	if err != nil && !errors.Is(err, goredis.Nil) {
		return "", false, err
	}
	var all strings.Builder
	for _, reply := range replies {
		name, err := reply.(*goredis.StringCmd).Result()
		switch {
		case errors.Is(err, goredis.Nil):
			missing = true
		case err != nil:
			return "", false, err
		}
		all.WriteString(name)
	}
	return all.String(), missing, nil
}

// nameGenerations gives a name to each partition that has none.
func (c ValueCache) nameGenerations(ctx context.Context) error {
	_, err := c.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, p := range c.partitions {
			pipe.SetNX(ctx, p.generation(), rand.Text(), 0)
		}
		return nil
	})
	return err
}
