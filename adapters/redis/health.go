package redis

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strconv"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
)

// Ping returns nil if Redis takes writes, on a Cluster in every partition. A
// server may answer PING and still refuse all work, because it is a replica, is
// out of memory or can't write to its disk. Ping sets an empty range, which is
// refused like any write and changes nothing. If only some of the partitions fail,
// the error is core.ErrPartlyAway, too.
func (c *Client) Ping(ctx context.Context) error {
	replies, err := c.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, p := range c.partitions {
			pipe.SetRange(ctx, p.probe(), 0, "")
		}
		return nil
	})
	failed := 0
	for _, reply := range replies {
		if fault := reply.Err(); fault != nil {
			failed++
			err = cmp.Or(err, fault)
		}
	}
	if 0 < failed && failed < len(replies) {
		err = errors.Join(err, core.ErrPartlyAway)
	}
	return wrap(err)
}

// Ping implements core.WorkQueue. The keys of the queue must be of its types, and
// Redis must take writes.
func (q *WorkQueue) Ping(ctx context.Context) error {
	if err := q.client.Ping(ctx); err != nil {
		return err
	}
	_, _, err := q.backlog(ctx, "", q.client.partitions)
	return err
}

// oldestMajor is the oldest supported major version of Redis. Servers that are
// compatible with Redis report the version that they are compatible with.
const oldestMajor = 7

// errTooOld is the cause of the error for a server that is not supported.
var errTooOld = errors.New("the server is too old")

// CheckVersion returns an error if a server is older than the oldest supported
// version, or can't be reached. A server that does not report its version is
// taken to be supported, because managed services restrict INFO.
func (c *Client) CheckVersion(ctx context.Context) error {
	if cluster, ok := c.rdb.(*goredis.ClusterClient); ok {
		return wrap(cluster.ForEachMaster(ctx, func(ctx context.Context, master *goredis.Client) error {
			return checkVersion(master.Info(ctx, "server").Result())
		}))
	}
	return wrap(checkVersion(c.rdb.Info(ctx, "server").Result()))
}

// Permanent reports whether an error of CheckVersion or Ping persists until the
// settings or the server are changed: the version is not supported, the user is
// refused, the database does not exist, the certificate is for another name, or a
// Cluster is configured as a single server or the other way round.
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

// isRestricted reports whether an error means that INFO is not permitted or was
// renamed.
func isRestricted(err error) bool {
	return notPermitted(err) || goredis.HasErrorPrefix(err, "unknown command")
}

// infoField returns a field of the output of INFO, or "".
func infoField(info, name string) string {
	for line := range strings.Lines(info) {
		if field, value, found := strings.Cut(strings.TrimSpace(line), ":"); found && field == name {
			return value
		}
	}
	return ""
}
