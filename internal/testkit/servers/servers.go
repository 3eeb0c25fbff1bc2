// Package servers starts real servers for tests, in containers: Postgres, Redis, Redis with TLS and a password, a
// Redis Cluster, a Redis with its Sentinel. It is imported by tests only.
//
// Servers come in two kinds. Those of [Postgres], [Redis], [RedisTLS] and [RedisCluster] are shared by all tests of a test
// binary and start when the first of them asks; a test keeps to a database or keys of its own there. Those of
// [StartPostgres], [StartPostgresPair], [StartPgBouncer], [StartRedis], [StartRedisCluster] and [StartRedisSentinel] are a
// test's own, to be stopped, killed and frozen; a [Forwarder] is an address that moves from one to another. A package that
// uses either has
//
//	func TestMain(m *testing.M) { servers.Main(m) }
//
// Images are named by PISANO_POSTGRES_IMAGE and PISANO_REDIS_IMAGE, else by what test/bases/prepare settled on,
// which `make test` runs.
package servers

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// HangTimeout bounds every wait of a test. Only a hang exceeds it, even on a busy machine that is several times slower than
// the one the tests were written on: what a promise says of time is measured and printed.
const HangTimeout = 3 * time.Minute

// Main runs the tests of a package and removes every server they started, also those of tests that failed. What a test
// binary leaves that was killed or ran into its timeout is removed by the next one. Then it calls what else is to be
// done at the end.
//
// Before, it settles what the caller's environment would change: files that tests make are readable in containers, and pgx
// finds no settings but those it is given.
func Main(m *testing.M, atEnd ...func()) {
	syscall.Umask(0o022)
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "PG") {
			_ = os.Unsetenv(name) // it can't fail for a name that is there
		}
	}
	code := m.Run()
	for _, f := range atEnd {
		f()
	}
	if err := removeOwn(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "test servers: containers may be left:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}
