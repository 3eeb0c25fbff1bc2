package redis

import (
	"errors"
	"fmt"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
)

// wrap gives an error of Redis its kind. A *core.Error is returned unchanged.
//
// An error that is not a reply of Redis is one of the connection: Redis is
// unreachable or did not answer in time, or the connection broke. Some replies
// report a temporary condition of the server.
func wrap(err error) error {
	var known *core.Error
	var reply goredis.Error
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case !errors.As(err, &reply):
	case goredis.IsOOMError(err):
		return core.WrapError(core.KindOverloaded, outOfMemory,
			fmt.Errorf("raise Redis' maxmemory, or let it evict values by the policy volatile-lru: %w", err))
	case refusesUser(err), notPermitted(err):
		return core.WrapError(core.KindUnavailable,
			"Redis refuses the user: check the name, the password and what the user may do.", err)
	case goredis.HasErrorPrefix(err, "MOVED"):
		return core.WrapError(core.KindUnavailable,
			"Redis says that another server has the key: if it is a Cluster it must be configured as one.", err)
	case isOnlyCluster(err):
		return core.WrapError(core.KindUnavailable, "Redis is a Cluster and must be configured as one, with database 0.", err)
	case isNoCluster(err):
		return core.WrapError(core.KindUnavailable, "Redis is configured as a Cluster and is a single server.", err)
	case noSuchDatabase(err):
		return core.WrapError(core.KindUnavailable, "Redis has no database of this number: check the end of REDIS_URL.", err)
	case goredis.HasErrorPrefix(err, "WRONGTYPE"), goredis.HasErrorPrefix(err, "FOREIGN"):
		return core.WrapError(core.KindInternal,
			"Another program's key has a name of Pisano's: set REDIS_PREFIX, or use another database of Redis.", err)
	case !passing(err):
		return core.WrapError(core.KindInternal, "Redis refused a command.", err)
	}
	return core.WrapError(core.KindUnavailable, "Redis can't be reached at the moment.", err)
}

// outOfMemory is the message to users when Redis has no memory left.
const outOfMemory = "The cache is out of memory."

// passing reports whether a reply tells of a temporary condition of the server,
// not of a mistake in the request.
func passing(err error) bool {
	for _, prefix := range []string{
		"LOADING", "BUSY ", "READONLY", "MISCONF", "NOREPLICAS", // the server
		"CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "ASK", // the Cluster is being changed
		"UNBLOCKED", "NOGROUP", // the queue was lost meanwhile
		"max number of clients",
	} {
		if goredis.HasErrorPrefix(err, prefix) {
			return true
		}
	}
	return false
}

// refusesUser reports whether the user name or the password is wrong or missing.
func refusesUser(err error) bool {
	return goredis.IsAuthError(err) || goredis.HasErrorPrefix(err, "NOAUTH") || goredis.HasErrorPrefix(err, "WRONGPASS")
}

// notPermitted reports whether the user lacks the permission.
func notPermitted(err error) bool { return goredis.HasErrorPrefix(err, "NOPERM") }

// noSuchDatabase reports whether the number of the database is out of range.
func noSuchDatabase(err error) bool {
	return goredis.HasErrorPrefix(err, "DB index is out of range") || goredis.HasErrorPrefix(err, "invalid DB index")
}

// isOnlyCluster reports whether a Cluster refuses to select a database.
func isOnlyCluster(err error) bool {
	return goredis.HasErrorPrefix(err, "SELECT is not allowed in cluster mode")
}

// isNoCluster reports whether a single server refuses a command for Clusters.
func isNoCluster(err error) bool {
	return goredis.HasErrorPrefix(err, "This instance has cluster support disabled")
}

// notFound is the error for a value that is not in the cache.
func notFound() error {
	return core.NewError(core.KindNotFound, "This index has no value in the cache.")
}
