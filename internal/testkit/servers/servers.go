// Package servers starts real servers for tests, in containers: Postgres, Redis, Redis with TLS and a password, a
// Redis Cluster, a Redis with its Sentinel. Only tests import it.
//
// Servers come in two kinds. Those of [Postgres], [Redis], [RedisTLS] and [RedisCluster] are shared by all tests of a test
// binary and start with the first call; a test uses a database or keys of its own there. Those of [StartPostgres],
// [StartPostgresPair], [StartPgBouncer], [StartRedis], [StartRedisCluster] and [StartRedisSentinel] belong to one test, which may
// stop, kill and pause them; a [Forwarder] is an address that moves from one to another. A package that uses either has
//
//	func TestMain(m *testing.M) { servers.Main(m) }
//
// Images are named by PISANO_POSTGRES_IMAGE and PISANO_REDIS_IMAGE, else by what test/bases/prepare has chosen,
// which `make test` runs.
package servers

import (
	"testing"

	"github.com/testcontainers/testcontainers-go"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// HangTimeout is [testkit.HangTimeout].
const HangTimeout = testkit.HangTimeout

// Main is [docker.Main] for a package that uses servers.
func Main(m *testing.M, atEnd ...func()) { docker.Main(m, append(atEnd, removeAuthority)...) }

// Server is a server of one test: its container, which keeps its address and its disk until the test ends.
type Server struct {
	*docker.Container
	address string
	url     string // of Postgres
}

// Addr is host:port of the server.
func (s *Server) Addr() string { return s.address }

// PostgresURL is the URL of the superuser's database, without TLS. Only Postgres and PgBouncer have it.
func (s *Server) PostgresURL() string { return s.url }

func own(t testing.TB, e engine, container *testcontainers.DockerContainer, address string) *Server {
	return &Server{Container: docker.Own(t, e.Engine, container), address: address}
}

// must fails the test if the shared server could not be started.
func must[T any](t testing.TB, start func() (T, error)) T {
	t.Helper()
	value, err := start()
	if err != nil {
		t.Fatal(err)
	}
	return value
}
