package servers

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/testcontainers/testcontainers-go"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

const (
	superuser         = "postgres"
	superuserPassword = "of-tests-only"
	// The server accepts its key only if no other user can read it; the user is root in the official image and postgres in the stand-in.
	withKey = `install -o postgres -m 600 /tmp/server.key /tmp/postgres.key && exec docker-entrypoint.sh "$@"`
)

// PostgresServer is the shared Postgres. It accepts connections with and without TLS.
type PostgresServer struct {
	address string
	ca      string
}

// Postgres returns the Postgres that all tests of the test binary share. It has 200 connections and does not sync to disk.
func Postgres(t testing.TB) *PostgresServer {
	t.Helper()
	return must(t, sharedPostgres)
}

// Addr is host:port of the server.
func (s *PostgresServer) Addr() string { return s.address }

// CAFile is the path of the certificate, in PEM, of the authority that signed the server's.
func (s *PostgresServer) CAFile() string { return s.ca }

// NewDatabase makes an empty database that belongs to a new role, which is no superuser and may not create databases or
// roles, and returns its URL: with the password, and with TLS verified in full.
func (s *PostgresServer) NewDatabase(t testing.TB) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), HangTimeout)
	defer cancel()
	admin, err := pgx.Connect(ctx, postgresURL(s.address, superuser, superuserPassword, superuser, "sslmode=disable"))
	if err != nil {
		t.Fatalf("connecting to the shared Postgres: %v", err)
	}
	defer func() { _ = admin.Close(ctx) }()
	name, password := "test_"+strings.ToLower(rand.Text()), rand.Text()
	for _, statement := range []string{
		"CREATE ROLE " + name + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '" + password + "'",
		"CREATE DATABASE " + name + " OWNER " + name,
	} {
		if _, err := admin.Exec(ctx, statement); err != nil {
			t.Fatalf("making a database: %v", err)
		}
	}
	return postgresURL(s.address, name, password, name, "sslmode=verify-full&sslrootcert="+url.QueryEscape(s.ca))
}

// StartPostgres starts a Postgres for one test, synced to disk as by default and without TLS. Arguments are the
// server's, such as "-c", "max_connections=20". Its data outlive Stop and Kill.
func StartPostgres(t testing.TB, args ...string) *Server {
	t.Helper()
	return startPostgres(t, spec{command: append([]string{"postgres"}, args...)})
}

// StartPostgresOn is StartPostgres with the data on a disk.
func StartPostgresOn(t testing.TB, disk *Disk, args ...string) *Server {
	t.Helper()
	return startPostgres(t, spec{
		command: append([]string{"postgres"}, args...),
		env:     map[string]string{"PGDATA": diskFolder + "/data"},
		disk:    disk,
	})
}

func startPostgres(t testing.TB, s spec) *Server {
	t.Helper()
	e := must(t, connect)
	container, address, err := e.startPostgres(t.Context(), s)
	if err != nil {
		t.Fatalf("starting Postgres: %v", err)
	}
	c := own(t, e, container, address)
	c.url = postgresURL(address, superuser, superuserPassword, superuser, "sslmode=disable")
	return c
}

var sharedPostgres = sync.OnceValues(func() (*PostgresServer, error) {
	e, err := connect()
	if err != nil {
		return nil, err
	}
	ca, err := certify(e.Host)
	if err != nil {
		return nil, err
	}
	_, address, err := e.startPostgres(context.Background(), spec{
		entrypoint: []string{"sh", "-c", withKey, "--"},
		command: []string{
			"postgres", "-c", "ssl=on", "-c", "ssl_cert_file=/tmp/server.crt", "-c", "ssl_key_file=/tmp/postgres.key",
			"-c", "max_connections=200", "-c", "fsync=off", "-c", "full_page_writes=off",
		},
		files: map[string][]byte{"/tmp/server.crt": ca.Certificate.Certificate, "/tmp/server.key": ca.Key},
	})
	return &PostgresServer{address: address, ca: ca.file}, err
})

// startPostgres completes the spec with what every Postgres has.
func (e engine) startPostgres(ctx context.Context, s spec) (*testcontainers.DockerContainer, string, error) {
	var address string
	container, err := e.start(ctx, 1, func(ports []int) spec {
		address = e.address(ports[0])
		ask := postgresURL(address, superuser, superuserPassword, superuser, "sslmode=disable&connect_timeout=2")
		s.image = os.Getenv(docker.PostgresImage)
		if s.env == nil {
			s.env = make(map[string]string)
		}
		s.env["POSTGRES_USER"], s.env["POSTGRES_PASSWORD"] = superuser, superuserPassword
		s.publish = map[int]int{5432: ports[0]}
		s.ready = answers(func(ctx context.Context) error {
			connection, err := pgx.Connect(ctx, ask)
			if err != nil {
				return err
			}
			return connection.Close(ctx)
		})
		return s
	})
	return container, address, err
}

func postgresURL(address, user, password, database, query string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(user, password), Host: address, Path: "/" + database, RawQuery: query}
	return u.String()
}
