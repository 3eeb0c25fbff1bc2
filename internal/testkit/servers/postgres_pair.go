package servers

import (
	"fmt"
	"net"
	"testing"

	"github.com/jackc/pgx/v5"
)

// PostgresPair is a primary and a streaming standby of the test's own.
type PostgresPair struct {
	t                testing.TB
	Primary, Standby *Container
}

// copyPrimary makes the data of a standby, unless they are there.
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

	e := must(t, theEngine)
	docker, address, err := e.startPostgres(t.Context(), spec{
		entrypoint: []string{"sh", "-c", copyPrimary, "--"}, command: []string{"postgres"},
		env: map[string]string{"PRIMARY": p.source(p.Primary)},
	})
	if err != nil {
		t.Fatalf("starting a standby: %v", err)
	}
	p.Standby = own(t, e, docker, address)
	p.Standby.url = postgresURL(address, superuser, superuserPassword, superuser, "sslmode=disable")
	return p
}

// SwitchOver stops the primary in order, so that the standby has all it wrote, and has the standby take over. The old
// primary comes back as the standby, and the two change their names here.
func (p *PostgresPair) SwitchOver() {
	p.t.Helper()
	p.do(p.Primary, fmt.Sprintf("ALTER SYSTEM SET primary_conninfo = '%s'", p.source(p.Standby)))
	p.Primary.Exec("sh", "-c", `touch "$PGDATA/standby.signal"`)
	p.Primary.Stop()
	p.Promote()
	p.Standby.Start()
}

// Promote has the standby take over, whatever the primary does. The two change their names here.
func (p *PostgresPair) Promote() {
	p.t.Helper()
	p.do(p.Standby, "SELECT pg_promote()")
	p.Primary, p.Standby = p.Standby, p.Primary
}

// source is where containers reach a server.
func (p *PostgresPair) source(c *Container) string {
	p.t.Helper()
	ip, err := c.docker.ContainerIP(p.t.Context())
	c.check("finding", err)
	return postgresURL(net.JoinHostPort(ip, "5432"), superuser, superuserPassword, superuser, "sslmode=disable")
}

func (p *PostgresPair) do(c *Container, statement string) {
	p.t.Helper()
	connection, err := pgx.Connect(p.t.Context(), c.PostgresURL())
	c.check("asking", err)
	defer func() { _ = connection.Close(p.t.Context()) }()
	_, err = connection.Exec(p.t.Context(), statement)
	c.check(statement, err)
}
