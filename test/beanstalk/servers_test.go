package beanstalk

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

const (
	databaseName = "database.pisano.test"
	cacheName    = "cache.pisano.test"
)

// strictServers stand for RDS and ElastiCache.
type strictServers struct {
	authority        []byte
	database, cache  *docker.Container
	databasePassword string
	cachePassword    string
}

// Keys and certificates come by the environment and are kept in files that only the server may read.
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

// startServers starts a Postgres that takes no connection without TLS, whose user is no superuser, and a Redis that speaks
// nothing but TLS and wants a password. An authority of the test's own vouches for both.
func startServers(t *testing.T) strictServers {
	t.Helper()
	certificate := servers.NewCertificate(t, databaseName, cacheName)
	s := strictServers{authority: certificate.CA, databasePassword: rand.Text(), cachePassword: rand.Text()}
	identity := []string{"--env", "CERTIFICATE=" + string(certificate.Certificate), "--env", "KEY=" + string(certificate.Key)}
	s.database = docker.Run(t, append(identity, "--env", "POSTGRES_PASSWORD="+rand.Text(), "--entrypoint", "sh",
		docker.Postgres(t), "-c", startDatabase)...)
	s.cache = docker.Run(t, append(identity, "--env", "PASSWORD="+s.cachePassword, "--entrypoint", "sh",
		docker.Redis(t), "-c", startCache)...)
	docker.Eventually(t, "Postgres", func() error {
		// By the network, which it listens on only after it has made its database.
		_, err := docker.Try(t.Context(), "docker", "exec", s.database.ID, "pg_isready", "--host", address(s.database))
		return err
	})
	s.database.Exec("psql", "--username", "postgres", "--quiet", "--command", "CREATE ROLE pisano LOGIN PASSWORD '"+s.databasePassword+"'",
		"--command", "CREATE DATABASE pisano OWNER pisano")
	return s
}

// address is the address of a container on Docker's bridge.
func address(c *docker.Container) string {
	return c.Inspect("{{.NetworkSettings.Networks.bridge.IPAddress}}")
}

// checkStrict sees that the servers refuse what RDS and ElastiCache would refuse.
func (s strictServers) checkStrict(t *testing.T) {
	t.Helper()
	_, err := docker.Try(context.Background(), "docker", "exec", "--env", "PGPASSWORD="+s.databasePassword, s.database.ID,
		"psql", "host="+address(s.database)+" user=pisano dbname=pisano sslmode=disable", "--command", "SELECT 1")
	if err == nil || !strings.Contains(err.Error(), "no encryption") {
		t.Fatalf("Postgres, without TLS: %v", err)
	}
	if reply, err := docker.Try(context.Background(), "docker", "exec", s.cache.ID, "redis-cli", "PING"); err == nil && strings.Contains(reply, "PONG") {
		t.Fatal("Redis answers without TLS")
	}
	if reply := s.cache.Exec("redis-cli", "--tls", "--insecure", "PING"); !strings.HasPrefix(reply, "NOAUTH") {
		t.Fatalf("Redis, without a password: %s", reply)
	}
}
