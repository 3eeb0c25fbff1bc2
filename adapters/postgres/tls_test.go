package postgres_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// insist makes a server refuse connections without TLS, as managed ones do,
// and returns the file of its certificate.
func insist(t *testing.T, server *servers.Server) (certificate string) {
	t.Helper()
	name, _, err := net.SplitHostPort(server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	kind := "DNS:"
	if net.ParseIP(name) != nil {
		kind = "IP:"
	}
	admin := connect(t, server.PostgresURL())
	// Programs run as the server does, in the directory of its data.
	exec(t, admin, `COPY (SELECT) TO PROGRAM '
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=test \
			-addext subjectAltName=`+kind+name+` -keyout server.key -out server.crt &&
		chmod 600 server.key && sed -i "s/^host /hostssl /" pg_hba.conf'`)
	exec(t, admin, "ALTER SYSTEM SET ssl = on")
	exec(t, admin, "SELECT pg_reload_conf()")
	certificate = filepath.Join(t.TempDir(), "server.crt")
	if err := os.WriteFile(certificate, []byte(ask[string](t, admin, "SELECT pg_read_file('server.crt')")), 0o600); err != nil {
		t.Fatal(err)
	}
	return certificate
}

func TestOpen_ReachesAServerThatRequiresTLS(t *testing.T) {
	t.Parallel()
	server := servers.StartPostgres(t)
	certificate := insist(t, server)
	verified := with(t, server.PostgresURL(), "sslmode", "verify-full", "sslrootcert", certificate)

	var db *postgres.DB
	testkit.Eventually(t, "the server has reloaded its settings", func() (err error) {
		db, err = postgres.Open(t.Context(), verified)
		return err
	})
	defer db.Close()
	if err := db.Ping(t.Context()); err != nil {
		t.Error(err)
	}

	secret := password(t, verified)
	wantRefused(t, with(t, verified, "sslmode", "disable"), secret, core.KindUnavailable)
	stranger := with(t, verified, "sslrootcert", servers.Postgres(t).CAFile())
	if text := wantRefused(t, stranger, secret, core.KindUnavailable); !strings.Contains(text, "certificate") {
		t.Errorf("%q does not say that the certificate is at fault", text)
	}
}
