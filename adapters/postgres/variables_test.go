package postgres_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
	"github.com/pisano-dev/pisano/internal/testkit/settingstable"
)

// A use is what a variable does. Beside it the variables say where a database
// is, whose certificate is verified in full.
type use struct {
	set map[string]string // "" unsets

	query string                       // with want: what a query answers on a connection
	look  func(*pgx.ConnConfig) string // with want: what a connection is made with
	want  string

	fails   string // in the error of connecting
	refused string // in the error of the settings
}

const (
	encrypted = "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
	tlsOf     = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
)

// uses has every variable of libpq and of the library.
func uses(t *testing.T) map[string]use {
	certificate, key, lockedKey := clientCertificate(t)
	service := write(t, "service", "[pisano]\napplication_name=of-the-service\n")
	withCertificate := func(key string) map[string]string {
		return map[string]string{"PGSSLCERT": certificate, "PGSSLKEY": key, "PGSSLPASSWORD": "quill"}
	}
	certificates := func(c *pgx.ConnConfig) string { return strconv.Itoa(len(c.TLSConfig.Certificates)) }
	unused := func(variable string) use {
		return use{set: map[string]string{variable: "nonsense"}, query: "SELECT 'connected'", want: "connected"}
	}
	refused := func(variable, value, why string) use {
		return use{set: map[string]string{variable: value}, refused: variable + " " + why}
	}
	return map[string]use{
		"PGHOST": {set: map[string]string{"PGHOST": "localhost"}, look: func(c *pgx.ConnConfig) string { return c.TLSConfig.ServerName }, want: "localhost"},
		"PGHOSTADDR": {
			set:   map[string]string{"PGHOST": "no.such.host.invalid", "PGHOSTADDR": os.Getenv("PGHOST"), "PGSSLMODE": "verify-ca"},
			query: encrypted, want: "true",
		},
		"PGPORT":     refused("PGPORT", "tcp://10.0.0.11:5432", "is not a port number"),
		"PGDATABASE": {query: "SELECT current_database()", want: os.Getenv("PGDATABASE")},
		"PGUSER":     {query: "SELECT current_user::text", want: os.Getenv("PGUSER")},
		"PGPASSWORD": {set: map[string]string{"PGPASSWORD": "wrong"}, fails: "28P01"},
		"PGPASSFILE": {
			set:   map[string]string{"PGPASSWORD": "", "PGPASSFILE": write(t, "passfile", "*:*:*:*:"+os.Getenv("PGPASSWORD")+"\n")},
			query: "SELECT 'connected'", want: "connected",
		},
		"PGREQUIREAUTH":           {set: map[string]string{"PGREQUIREAUTH": "md5"}, fails: "authentication method requirement"},
		"PGCHANNELBINDING":        {set: map[string]string{"PGCHANNELBINDING": "require", "PGSSLMODE": "disable"}, fails: "channel binding"},
		"PGSERVICE":               {set: map[string]string{"PGSERVICE": "pisano", "PGSERVICEFILE": service}, query: "SHOW application_name", want: "of-the-service"},
		"PGSERVICEFILE":           {set: map[string]string{"PGSERVICE": "pisano", "PGSERVICEFILE": service + "x"}, refused: service + "x"},
		"PGOPTIONS":               {set: map[string]string{"PGOPTIONS": "-c work_mem=5MB"}, query: "SHOW work_mem", want: "5MB"},
		"PGAPPNAME":               {set: map[string]string{"PGAPPNAME": "tests"}, query: "SHOW application_name", want: "tests"},
		"PGTZ":                    {set: map[string]string{"PGTZ": "Europe/Rome"}, query: "SHOW timezone", want: "Europe/Rome"},
		"PGSSLMODE":               {set: map[string]string{"PGSSLMODE": "disable"}, query: encrypted, want: "false"},
		"PGREQUIRESSL":            {set: map[string]string{"PGREQUIRESSL": "1", "PGSSLMODE": ""}, refused: "PGSSLMODE=require"},
		"PGSSLNEGOTIATION":        {set: map[string]string{"PGSSLNEGOTIATION": "direct"}, look: func(c *pgx.ConnConfig) string { return c.SSLNegotiation }, want: "direct"},
		"PGSSLROOTCERT":           refused("PGSSLROOTCERT", certificate+"x", "names a file that can't be read"),
		"PGSSLCERT":               {set: withCertificate(key), look: certificates, want: "1"},
		"PGSSLKEY":                refused("PGSSLKEY", key+"x", "names a file that can't be read"),
		"PGSSLPASSWORD":           {set: withCertificate(lockedKey), look: certificates, want: "1"},
		"PGSSLCERTMODE":           {set: map[string]string{"PGSSLCERTMODE": "require"}, fails: "did not request an SSL certificate"},
		"PGSSLSNI":                {set: map[string]string{"PGHOST": "localhost", "PGSSLMODE": "verify-ca", "PGSSLSNI": "0"}, look: func(c *pgx.ConnConfig) string { return c.TLSConfig.ServerName }},
		"PGSSLMINPROTOCOLVERSION": {set: map[string]string{"PGSSLMINPROTOCOLVERSION": "TLSv1.3"}, look: func(c *pgx.ConnConfig) string { return tls.VersionName(c.TLSConfig.MinVersion) }, want: "TLS 1.3"},
		"PGSSLMAXPROTOCOLVERSION": {set: map[string]string{"PGSSLMAXPROTOCOLVERSION": "TLSv1.2"}, query: tlsOf, want: "TLSv1.2"},
		"PGSSLCRL":                refused("PGSSLCRL", "revoked.pem", "can't be used"),
		"PGSSLCRLDIR":             refused("PGSSLCRLDIR", "/revoked", "can't be used"),
		"PGREQUIREPEER":           {set: map[string]string{"PGHOST": "/var/run/postgresql", "PGREQUIREPEER": "postgres"}, refused: "PGREQUIREPEER can't be used"},
		"PGGSSENCMODE":            refused("PGGSSENCMODE", "require", "can't be used"),
		"PGLOADBALANCEHOSTS":      refused("PGLOADBALANCEHOSTS", "random", "can't be used"),
		"PGCONNECT_TIMEOUT":       {set: map[string]string{"PGCONNECT_TIMEOUT": "7"}, look: func(c *pgx.ConnConfig) string { return c.ConnectTimeout.String() }, want: "7s"},
		"PGTARGETSESSIONATTRS":    {set: map[string]string{"PGTARGETSESSIONATTRS": "primary"}, look: func(c *pgx.ConnConfig) string { return strconv.FormatBool(c.ValidateConnect != nil) }, want: "true"},
		"PGMINPROTOCOLVERSION":    {set: map[string]string{"PGMINPROTOCOLVERSION": "3.2"}, look: func(c *pgx.ConnConfig) string { return c.MinProtocolVersion }, want: "3.2"},
		"PGMAXPROTOCOLVERSION":    {set: map[string]string{"PGMAXPROTOCOLVERSION": "3.2"}, look: func(c *pgx.ConnConfig) string { return c.MaxProtocolVersion }, want: "3.2"},
		"PGCLIENTENCODING":        {set: map[string]string{"PGCLIENTENCODING": "LATIN1"}, query: "SHOW client_encoding", want: "UTF8"},

		"PGDATESTYLE":      unused("PGDATESTYLE"),
		"PGGEQO":           unused("PGGEQO"),
		"PGSYSCONFDIR":     unused("PGSYSCONFDIR"),
		"PGLOCALEDIR":      unused("PGLOCALEDIR"),
		"PGOAUTHDEBUG":     unused("PGOAUTHDEBUG"),
		"PGKRBSRVNAME":     unused("PGKRBSRVNAME"),
		"PGGSSLIB":         unused("PGGSSLIB"),
		"PGGSSDELEGATION":  unused("PGGSSDELEGATION"),
		"PGSSLCOMPRESSION": unused("PGSSLCOMPRESSION"),
	}
}

// setDatabase sets the variables to a database of the shared server, until the
// test ends.
func setDatabase(t *testing.T) {
	t.Helper()
	u, err := url.Parse(newDatabase(t))
	if err != nil {
		t.Fatal(err)
	}
	host, port, err := net.SplitHostPort(u.Host)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	for variable, value := range map[string]string{
		"PGHOST": host, "PGPORT": port, "PGUSER": u.User.Username(), "PGPASSWORD": password, "PGDATABASE": strings.TrimPrefix(u.Path, "/"),
		"PGSSLMODE": "verify-full", "PGSSLROOTCERT": servers.Postgres(t).CAFile(),
	} {
		t.Setenv(variable, value)
	}
}

func TestVariables_DoWhatTheTableSays(t *testing.T) {
	setDatabase(t)
	cases := uses(t)
	settingstable.Check(t, cases, func(variable string) bool { return strings.HasPrefix(variable, "PG") })
	for _, variable := range slices.Sorted(maps.Keys(cases)) {
		t.Run(variable, func(t *testing.T) {
			c := cases[variable]
			for name, value := range c.set {
				t.Setenv(name, value)
			}
			config, err := postgres.ConnConfig("")
			if c.refused != "" {
				if err == nil || !strings.Contains(err.Error(), c.refused) {
					t.Fatalf("refused with %v, want %q", err, c.refused)
				}
				wantKind(t, err, core.KindInvalid)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.look != nil {
				if got := c.look(config); got != c.want {
					t.Errorf("%q, want %q", got, c.want)
				}
				return
			}
			conn, err := pgx.ConnectConfig(t.Context(), config)
			if c.fails != "" {
				if err == nil || !strings.Contains(err.Error(), c.fails) {
					t.Errorf("connecting: %v, want %q", err, c.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(t.Context())
			if got := ask[string](t, conn, c.query); got != c.want {
				t.Errorf("%s: %q, want %q", c.query, got, c.want)
			}
		})
	}
}

func TestTable_HasEveryVariableOfTheLibraryAndOfLibpq(t *testing.T) {
	t.Parallel()
	variables := settingstable.InModule(t, "github.com/jackc/pgx/v5", `"(PG[A-Z_]{2,})":`)
	libpq := servers.StartPostgres(t).Exec("sh", "-c", `grep -aohE '(^|[^A-Z_])PG[A-Z_]{2,}' /usr/lib/*/libpq.so.5 | grep -aoE 'PG[A-Z_]+'`)
	for _, variable := range append(variables, strings.Fields(libpq)...) {
		isVariable := !strings.HasPrefix(variable, "PGRES_") && variable != "PGSQL" // statuses, names of sockets
		if isVariable && !slices.Contains(settingstable.Variables(t), variable) {
			t.Errorf("docs/settings.md has no %s", variable)
		}
	}
}

func TestOpen_VerifiesTheNameOfTheHostWhereItsAddressIsGivenToo(t *testing.T) {
	setDatabase(t)
	address := os.Getenv("PGHOST")
	t.Setenv("PGHOSTADDR", address)
	t.Setenv("PGHOST", "another.host.invalid")
	config, err := postgres.ConnConfig("")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pgx.ConnectConfig(t.Context(), config); err == nil || !strings.Contains(err.Error(), "another.host.invalid") {
		t.Errorf("a certificate for another name: %v", err)
	}

	t.Setenv("PGHOST", "") // the address is the name as well
	for _, settings := range []string{"", "sslmode=verify-full", "postgres:///" + os.Getenv("PGDATABASE"), "postgres:///?hostaddr=" + address} {
		config, err := postgres.ConnConfig(settings)
		if err != nil {
			t.Fatalf("%q: %v", settings, err)
		}
		conn, err := pgx.ConnectConfig(t.Context(), config)
		if err != nil {
			t.Fatalf("%q: %v", settings, err)
		}
		if ask[string](t, conn, encrypted) != "true" {
			t.Errorf("%q: connected without TLS", settings)
		}
		_ = conn.Close(t.Context())
	}

	t.Setenv("PGHOST", "one,two")
	t.Setenv("PGHOSTADDR", "10.0.0.1,10.0.0.2")
	for _, mode := range []string{"verify-full", "prefer"} {
		t.Setenv("PGSSLMODE", mode)
		config, err := postgres.ConnConfig("")
		if err != nil || config.Host != "10.0.0.1" || config.Fallbacks[len(config.Fallbacks)-1].Host != "10.0.0.2" {
			t.Errorf("two hosts, %s: %+v, %v", mode, config, err)
		}
		t.Setenv("PGHOST", "one,two,three")
		if _, err := postgres.ConnConfig(""); err == nil {
			t.Errorf("%s: two addresses for three hosts are taken", mode)
		}
		t.Setenv("PGHOST", "one,two")
	}
}

func TestVariables_AreNotCheckedWhereTheURLOverrulesThem(t *testing.T) {
	t.Setenv("PGHOST", "not:right")
	for _, variable := range []string{"PGPORT", "PGSSLMODE", "PGCONNECT_TIMEOUT", "PGREQUIREPEER", "PGREQUIRESSL", "PGSSLCERT", "PGSSLCRL", "PGSSLMINPROTOCOLVERSION"} {
		t.Setenv(variable, "not:right")
	}
	for _, settings := range []string{
		"postgres://pisano@db:5432/pisano?sslmode=disable&connect_timeout=3",
		"host=db port=5432 sslmode=disable connect_timeout=3",
	} {
		if err := postgres.Check(settings); err != nil {
			t.Errorf("%q: %v", settings, err)
		}
	}
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// clientCertificate returns the files of a certificate and of its key, the
// latter also encrypted with the password quill.
func clientCertificate(t *testing.T) (certificate, key, lockedKey string) {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	plain := x509.MarshalPKCS1PrivateKey(private)
	locked, err := x509.EncryptPEMBlock(rand.Reader, "RSA PRIVATE KEY", plain, []byte("quill"), x509.PEMCipherAES256) //nolint:staticcheck // the form that libpq's users have
	if err != nil {
		t.Fatal(err)
	}
	encode := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return write(t, "client.crt", encode("CERTIFICATE", der)), write(t, "client.key", encode("RSA PRIVATE KEY", plain)), write(t, "locked.key", string(pem.EncodeToMemory(locked)))
}
