package servers

import (
	"fmt"
	"net"
	"testing"

	"github.com/jackc/pgx/v5"
)

// PostgresPair is a primary and a streaming standby of one test.
type PostgresPair struct {
	t                testing.TB
	Primary, Standby *Server
}

// copyPrimary makes the data of a standby, unless they exist.
const copyPrimary = `[ -s "$PGDATA/PG_VERSION" ] || {
	until pg_basebackup --dbname="$PRIMARY" --pgdata="$PGDATA" --write-recovery-conf --checkpoint=fast; do sleep 0.1; done
	[ "$(id -u)" != 0 ] || chown -R postgres:postgres "$PGDATA"
}
exec docker-entrypoint.sh "$@"`

// StartPostgresPair starts a primary and a standby that follows it and answers reads.
func StartPostgresPair(t testing.TB) *PostgresPair {
	t.Helper()
	p := &PostgresPair{t: t, Primary: StartPostgres(t)}
	p.Primary.Exec("sh", "-c", `echo 'host replication all all scram-sha-256' >>"$PGDATA/pg_hba.conf"`)
	p.do(p.Primary, "SELECT pg_reload_conf()")

	e := must(t, connect)
	container, address, err := e.startPostgres(t.Context(), spec{
		entrypoint: []string{"sh", "-c", copyPrimary, "--"}, command: []string{"postgres"},
		env: map[string]string{"PRIMARY": p.source(p.Primary)},
	})
	if err != nil {
		t.Fatalf("starting a standby: %v", err)
	}
	p.Standby = own(t, e, container, address)
	p.Standby.url = postgresURL(address, superuser, superuserPassword, superuser, "sslmode=disable")
	return p
}

// SwitchOver stops the primary in order, so that the standby has all that it wrote, promotes the standby and starts the old
// primary as its standby. Primary and Standby are exchanged.
func (p *PostgresPair) SwitchOver() {
	p.t.Helper()
	p.do(p.Primary, fmt.Sprintf("ALTER SYSTEM SET primary_conninfo = '%s'", p.source(p.Standby)))
	p.Primary.Exec("sh", "-c", `touch "$PGDATA/standby.signal"`)
	p.Primary.Stop()
	p.Promote()
	p.Standby.Start()
}

// Promote promotes the standby, whatever the primary does. Primary and Standby are exchanged.
func (p *PostgresPair) Promote() {
	p.t.Helper()
	p.do(p.Standby, "SELECT pg_promote()")
	p.Primary, p.Standby = p.Standby, p.Primary
}

// source is the URL of a server for other containers.
func (p *PostgresPair) source(c *Server) string {
	p.t.Helper()
	return postgresURL(net.JoinHostPort(c.IP(), "5432"), superuser, superuserPassword, superuser, "sslmode=disable")
}

func (p *PostgresPair) do(c *Server, statement string) {
	p.t.Helper()
	connection, err := pgx.Connect(p.t.Context(), c.PostgresURL())
	if err == nil {
		defer func() { _ = connection.Close(p.t.Context()) }()
		_, err = connection.Exec(p.t.Context(), statement)
	}
	if err != nil {
		p.t.Fatalf("%s: %v", statement, err)
	}
}
