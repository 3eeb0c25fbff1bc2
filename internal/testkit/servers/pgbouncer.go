package servers

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// PgBouncerImages are the variables that name the images of the newest and of the oldest PgBouncer that is tested.
var PgBouncerImages = []string{"PISANO_PGBOUNCER_IMAGE", "PISANO_PGBOUNCER_OLDEST_IMAGE"}

// StartPgBouncer starts a PgBouncer for one test, of the image that a variable names, in front of all databases of a
// Postgres. It pools transactions, with three connections to the server for each database. Lines of settings may follow.
func StartPgBouncer(t testing.TB, image string, postgres *Server, settings ...string) *Server {
	t.Helper()
	e := must(t, connect)
	ini := fmt.Sprintf(`[databases]
* = host=%s port=5432
[pgbouncer]
listen_addr = 0.0.0.0
listen_port = 6432
auth_type = scram-sha-256
auth_file = /etc/pgbouncer/users.txt
pool_mode = transaction
default_pool_size = 3
max_client_conn = 200
%s
`, postgres.IP(), strings.Join(settings, "\n"))
	var url string
	container, err := e.start(t.Context(), 1, func(ports []int) spec {
		url = postgresURL(e.address(ports[0]), superuser, superuserPassword, superuser, "sslmode=disable")
		return spec{
			image:   docker.ServerImage(t, image),
			command: []string{"pgbouncer", "/etc/pgbouncer/test.ini"},
			files: map[string][]byte{
				"/etc/pgbouncer/test.ini":  []byte(ini),
				"/etc/pgbouncer/users.txt": fmt.Appendf(nil, "%q %q\n", superuser, superuserPassword),
			},
			publish: map[int]int{6432: ports[0]},
			ready: answers(func(ctx context.Context) error {
				config, err := pgx.ParseConfig(url + "&connect_timeout=2&default_query_exec_mode=simple_protocol")
				if err != nil {
					return err
				}
				connection, err := pgx.ConnectConfig(ctx, config)
				if err != nil {
					return err
				}
				return connection.Close(ctx)
			}),
		}
	})
	if err != nil {
		t.Fatalf("starting PgBouncer: %v", err)
	}
	parsed, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	c := own(t, e, container, fmt.Sprintf("%s:%d", parsed.Host, parsed.Port))
	c.url = url
	return c
}
