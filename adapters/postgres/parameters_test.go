package postgres_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/core"
)

func TestParameters_OfOtherClientsAreRefusedWithAReplacement(t *testing.T) {
	t.Parallel()
	for parameters, want := range map[string]string{
		"schema=public":             "search_path",
		"currentSchema=public":      "search_path",
		"pgbouncer=true":            "PgBouncer",
		"connection_limit=5":        "pool_max_conns",
		"pool_timeout=5":            "leave it out",
		"connectTimeout=5":          "connect_timeout",
		"ApplicationName=x":         "application_name",
		"sslaccept=strict":          "verify-full",
		"ssl=no-verify":             "sslmode=require",
		"sslmode=no-verify":         "verify-full",
		"prepareThreshold=0":        "default_query_exec_mode",
		"target_session_attrs=read": "read-write",
		"gssencmode=require":        "sslmode",
		"sslcrl=revoked.pem":        "revocation",
		"keepalives_idle=30":        "leave it out",
		"client_encoding=LATIN1":    "UTF-8",
		"replication=database":      "not for replication",
	} {
		name, value, _ := strings.Cut(parameters, "=")
		for _, settings := range []string{"postgres://pisano:hunter2@db/pisano?" + parameters, "host=db password=hunter2 " + parameters} {
			err := postgres.Check(settings)
			wantKind(t, err, core.KindInvalid)
			if err == nil || !strings.Contains(err.Error(), name+" ") || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%q: %v, want %q about %s=%s", settings, err, want, name, value)
			}
		}
	}
}

func TestParameters_AllFaultsOfAURLAreReportedAtOnce(t *testing.T) {
	t.Parallel()
	err := postgres.Check("postgres://db/pisano?schema=public&pgbouncer=true&sslmode=maybe")
	if err == nil || len(strings.Split(err.Error(), "\n")) != 3 {
		t.Errorf("%v", err)
	}
}

func TestParameters_OfAKeywordStringAreCheckedAsThoseOfAURL(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "my certs, and 'more'")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	missing := strings.ReplaceAll(filepath.Join(dir, "ca.pem"), "'", `\'`)
	services := write(t, "services", "[good]\nhost=db\nuser=clerk\n[bad]\nhost=db:5432\npassword=hunter2\nsslmode=hunter2\n")
	for settings, want := range map[string][]string{
		"host=db:5432 dbname=x password=hunter2":                               {"host in DATABASE_URL"},
		"host=db target_session_attrs=standby password=hunter2":                {"target_session_attrs in DATABASE_URL"},
		"host = db sslmode = verify-fully password = hunter2":                  {"sslmode in DATABASE_URL"},
		"port=hunter2 host=db":                                                 {"port in DATABASE_URL"},
		"port='5432 5433' password='hunter2 host=y:1' host=db":                 {"port in DATABASE_URL"},
		"sslrootcert='" + missing + "' host=db":                                {"sslrootcert in DATABASE_URL", dir},
		`password=hunter2\ sslmode=maybe sslmode=maybe connect_timeout='3\'s'`: {"connect_timeout in DATABASE_URL", "sslmode in DATABASE_URL"},
		"host=a:1 host=b:2":                                                    {"host in DATABASE_URL"},
		"service=bad servicefile='" + services + "'":                           {"host in the service bad", "sslmode in the service bad"},
		"service=bad servicefile='" + services + "' host=db":                   {"sslmode in the service bad"},
		"postgres://db/x?service=bad&servicefile=" + services:                  {"sslmode in the service bad"},
		"service=good servicefile='" + services + "' host=db:1":                {"host in DATABASE_URL"},
	} {
		err := postgres.Check(settings)
		wantKind(t, err, core.KindInvalid)
		faults := []string{}
		if err != nil {
			faults = strings.Split(err.Error(), "\n")
		}
		lines := len(want)
		if want[lines-1] == dir {
			lines = 1
		}
		if len(faults) != lines || err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v, want %q", settings, err, want)
			continue
		}
		for _, part := range want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q: %v, want %q", settings, err, part)
			}
		}
	}
	for _, settings := range []string{
		"password='x host=y:1 sslmode=maybe' host=db", `host=db password=x\ host=y:1`, `password='it\'s host=y:1' host = 'db'`, "host=db sslmode=disable\tport=5432\n", "host=db sslmode='' sslcert='' hostaddr=''",
		"service=good servicefile='" + services + "'", "service=bad servicefile='" + services + "' host=db sslmode=disable",
	} {
		if err := postgres.Check(settings); err != nil {
			t.Errorf("%q: %v", settings, err)
		}
	}
}

func TestParameters_ThatStateADefaultAreAccepted(t *testing.T) {
	t.Parallel()
	database := with(t, newDatabase(t),
		"client_encoding", "UTF8", "gssencmode", "prefer", "keepalives", "1", "load_balance_hosts", "disable", "replication", "false",
		"requiressl", "0", "sslcompression", "0", "gssdelegation", "0", "fallback_application_name", "fallback",
		"ssl_max_protocol_version", "TLSv1.2", "channel_binding", "require", "search_path", "elsewhere", "statement_timeout", "7s")
	config, err := postgres.ConnConfig(database)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for query, want := range map[string]string{
		"SHOW application_name": "fallback", "SHOW search_path": "elsewhere", "SHOW statement_timeout": "7s", tlsOf: "TLSv1.2",
	} {
		if got := ask[string](t, conn, query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

func TestVariables_InvalidOnesAreNamed(t *testing.T) {
	t.Setenv("PGHOST", "db")
	for _, c := range []struct{ variable, value string }{
		{"PGHOST", "tcp://10.0.0.1:5432"}, {"PGHOST", "db:5432"}, {"PGHOST", `"db"`}, {"PGHOST", "one, two"}, {"PGHOST", "hunter2@db"}, {"PGHOSTADDR", "db"},
		{"PGPORT", "hunter2"}, {"PGPORT", "0"}, {"PGPORT", "5432, 5433"}, {"PGSSLMODE", "hunter2"}, {"PGSSLNEGOTIATION", "now"}, {"PGSSLSNI", "yes"}, {"PGSSLCERTMODE", "hunter2"},
		{"PGREQUIREAUTH", "hunter2"}, {"PGCHANNELBINDING", "always"}, {"PGCONNECT_TIMEOUT", "3s"}, {"PGTARGETSESSIONATTRS", "standby"}, {"PGTARGETSESSIONATTRS", "read-only"},
		{"PGMINPROTOCOLVERSION", "4"}, {"PGMAXPROTOCOLVERSION", "4"}, {"PGSSLMINPROTOCOLVERSION", "SSLv3"}, {"PGSSLMAXPROTOCOLVERSION", "TLSv2"},
		{"PGSSLROOTCERT", "/missing"}, {"PGSSLCERT", "/missing"}, {"PGSSLKEY", "/missing"}, {"PGPASSFILE", "/missing"},
	} {
		t.Run(c.variable+"="+c.value, func(t *testing.T) {
			t.Setenv(c.variable, c.value)
			err := postgres.Check("")
			wantKind(t, err, core.KindInvalid)
			if err == nil || !strings.HasPrefix(err.Error(), c.variable+" ") || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestParameters_AURLOfAnotherSchemeIsRefusedWithTheRightOne(t *testing.T) {
	t.Parallel()
	for _, settings := range []string{"jdbc:postgresql://db/pisano?user=x&password=hunter2", "postgresql+psycopg://pisano:hunter2@db/pisano", "mysql://pisano:hunter2@db/pisano"} {
		err := postgres.Check(settings)
		wantKind(t, err, core.KindInvalid)
		if err == nil || !strings.Contains(err.Error(), "postgres://") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", settings, err)
		}
	}
}

func TestParameters_AMinimumOfTLSAboveTheMaximumIsRefused(t *testing.T) {
	t.Parallel()
	err := postgres.Check("postgres://db/pisano?ssl_min_protocol_version=TLSv1.3&ssl_max_protocol_version=TLSv1.2")
	wantKind(t, err, core.KindInvalid)
}
