package redis

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strconv"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
)

// Ping returns nil when Redis takes writes, on a Cluster in every partition: a
// server may answer that it is there, and refuse all work because it is a
// replica, out of memory or without its disk. To set a range of nothing is such
// a write, and leaves nothing.
func (c *Client) Ping(ctx context.Context) error {
	replies, err := c.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, p := range c.partitions {
			pipe.SetRange(ctx, p.probe(), 0, "")
		}
		return nil
	})
	if err == nil {
		for _, reply := range replies {
			err = errors.Join(err, reply.Err())
		}
	}
	return wrap(err)
}

// Ping implements core.WorkQueue: the queue must be one, and take writes.
func (q *WorkQueue) Ping(ctx context.Context) error {
	if err := q.client.Ping(ctx); err != nil {
		return err
	}
	_, err := q.Backlog(ctx, "")
	return err
}

// oldestMajor is the oldest major version of Redis supported. Others that speak
// like Redis say which version of it they are like.
const oldestMajor = 7

// errTooOld is the cause of the error for a server that is not supported.
var errTooOld = errors.New("the server is too old")

// CheckVersion returns an error if a server is older than what is supported,
// or can't be reached. A server that does not tell its version is taken for
// one that is supported: managed services restrict INFO.
func (c *Client) CheckVersion(ctx context.Context) error {
	if cluster, ok := c.rdb.(*goredis.ClusterClient); ok {
		return wrap(cluster.ForEachMaster(ctx, func(ctx context.Context, master *goredis.Client) error {
			return checkVersion(master.Info(ctx, "server").Result())
		}))
	}
	return wrap(checkVersion(c.rdb.Info(ctx, "server").Result()))
}

// Permanent reports whether an error of CheckVersion or Ping says that Redis
// can't be used until the settings or the server are changed: it is too
// old, refuses the user, has no such database, proves another name than it is
// dialled by, or is a Cluster where a single server is configured or the other
// way round.
func (c *Client) Permanent(err error) bool {
	_, isCluster := c.rdb.(*goredis.ClusterClient)
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errTooOld), errors.As(err, &certificate), refusesUser(err), notPermitted(err):
		return true
	case goredis.HasErrorPrefix(err, "MOVED"):
		return !isCluster // where slots move between masters
	}
	return noSuchDatabase(err) || isOnlyCluster(err) || isNoCluster(err)
}

func checkVersion(info string, err error) error {
	if err != nil && !isRestricted(err) {
		return err
	}
	version := infoField(info, "redis_version")
	number, _, _ := strings.Cut(version, ".")
	if major, err := strconv.Atoi(number); err == nil && major < oldestMajor {
		return core.WrapError(core.KindUnavailable,
			fmt.Sprintf("Redis %s is too old: Pisano needs Redis %d.0 or later.", version, oldestMajor), errTooOld)
	}
	return nil
}

// isRestricted reports whether an error says that INFO is not permitted, or was
// renamed.
func isRestricted(err error) bool {
	return notPermitted(err) || goredis.HasErrorPrefix(err, "unknown command")
}

// infoField returns a field of what INFO says, or "".
func infoField(info, name string) string {
	for line := range strings.Lines(info) {
		if field, value, found := strings.Cut(strings.TrimSpace(line), ":"); found && field == name {
			return value
		}
	}
	return ""
}
