package beanstalk

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

const (
	databaseName = "database.pisano.test"
	cacheName    = "cache.pisano.test"
)

// strictServers take the place of RDS and ElastiCache.
type strictServers struct {
	authority        []byte
	database, cache  *docker.Container
	databasePassword string
	cachePassword    string
}

// Keys and certificates are passed in the environment and stored in files that only the server may read.
const (
	startDatabase = `umask 077
printf %s "$CERTIFICATE" >/tmp/server.crt; printf %s "$KEY" >/tmp/server.pem
install -o postgres -m 600 /tmp/server.pem /tmp/server.key; chmod 644 /tmp/server.crt
printf 'local all all trust\nhostssl all all all scram-sha-256\n' >/tmp/hba.conf; chmod 644 /tmp/hba.conf
exec docker-entrypoint.sh postgres -c ssl=on -c ssl_cert_file=/tmp/server.crt -c ssl_key_file=/tmp/server.key -c hba_file=/tmp/hba.conf`
	startCache = `printf %s "$CERTIFICATE" >/tmp/server.crt; printf %s "$KEY" >/tmp/server.key
exec redis-server --save '' --appendonly no --maxmemory-policy volatile-lru --port 0 --tls-port 6379 --tls-auth-clients no \
  --tls-cert-file /tmp/server.crt --tls-key-file /tmp/server.key --tls-ca-cert-file /tmp/server.crt --requirepass "$PASSWORD"`
)

// startServers starts a Postgres that accepts TLS only, whose user is no superuser, and a Redis that accepts TLS only and requires
// a password. A test authority has signed the certificates of both.
func startServers(t *testing.T) strictServers {
	t.Helper()
	certificate := testkit.NewCertificate(t, databaseName, cacheName)
	s := strictServers{authority: certificate.CA, databasePassword: rand.Text(), cachePassword: rand.Text()}
	identity := []string{"--env", "CERTIFICATE=" + string(certificate.Certificate), "--env", "KEY=" + string(certificate.Key)}
	s.database = docker.Run(t, append(identity, "--env", "POSTGRES_PASSWORD="+rand.Text(), "--entrypoint", "sh",
		docker.ServerImage(t, docker.PostgresImage), "-c", startDatabase)...)
	s.cache = docker.Run(t, append(identity, "--env", "PASSWORD="+s.cachePassword, "--entrypoint", "sh",
		docker.ServerImage(t, docker.RedisImage), "-c", startCache)...)
	testkit.Eventually(t, "Postgres", func() error {
		// Over the network, on which it listens only after it has made its database.
		_, err := s.database.TryExec(t.Context(), "pg_isready", "--host", s.database.IP())
		return err
	})
	s.database.Exec("psql", "--username", "postgres", "--quiet", "--command", "CREATE ROLE pisano LOGIN PASSWORD '"+s.databasePassword+"'",
		"--command", "CREATE DATABASE pisano OWNER pisano")
	return s
}

// checkStrict checks that the servers refuse what RDS and ElastiCache would refuse.
func (s strictServers) checkStrict(t *testing.T) {
	t.Helper()
	_, err := s.database.TryExec(t.Context(), "env", "PGPASSWORD="+s.databasePassword,
		"psql", "host="+s.database.IP()+" user=pisano dbname=pisano sslmode=disable", "--command", "SELECT 1")
	if err == nil || !strings.Contains(err.Error(), "no encryption") {
		t.Fatalf("Postgres, without TLS: %v", err)
	}
	if reply, err := s.cache.TryExec(t.Context(), "redis-cli", "PING"); err == nil && strings.Contains(reply, "PONG") {
		t.Fatal("Redis answers without TLS")
	}
	if reply := s.cache.Exec("redis-cli", "--tls", "--insecure", "PING"); !strings.HasPrefix(reply, "NOAUTH") {
		t.Fatalf("Redis, without a password: %s", reply)
	}
}
