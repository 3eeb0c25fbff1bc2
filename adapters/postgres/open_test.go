package postgres_test

import (
	"context"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// with returns a database's URL with some of its parameters set.
func with(t testing.TB, database string, parameters ...string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	for i := 0; i < len(parameters); i += 2 {
		query.Set(parameters[i], parameters[i+1])
	}
	u.RawQuery = query.Encode()
	return u.String()
}

func password(t testing.TB, database string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	return password
}

// wantRefused opens settings that must not work, checks that the error has that
// kind and not the password, and returns its text.
func wantRefused(t *testing.T, settings, password string, want core.Kind) string {
	t.Helper()
	db, err := postgres.Open(t.Context(), settings)
	if err == nil {
		db.Close()
		t.Fatal("Open returned no error")
	}
	wantKind(t, err, want)
	if strings.Contains(err.Error(), password) {
		t.Errorf("the password is in %q", err)
	}
	return err.Error()
}

func TestMigrate_OneOfManyProcessesCreatesTheTables(t *testing.T) {
	t.Parallel()
	// Eight logins at once take longer than the default timeout on a busy machine.
	database := newDatabase(t) + "&connect_timeout=120"
	const processes = 8
	var all sync.WaitGroup
	for range processes {
		all.Go(func() {
			db, err := postgres.Open(t.Context(), database)
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if _, err := db.IndexStore().List(t.Context(), 0, 1); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	conn := connect(t, database)
	if twice := ask[int](t, conn, "SELECT count(*) - count(DISTINCT version_id) FROM goose_db_version"); twice != 0 {
		t.Errorf("%d migrations ran twice", twice)
	}
	if held := ask[int](t, conn, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"); held != 0 {
		t.Errorf("%d locks are still held", held)
	}
}

func TestOpen_EmptySettingsMeanTheStandardVariables(t *testing.T) {
	database := newDatabase(t)
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	host, port, err := net.SplitHostPort(u.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PGHOST", host)
	t.Setenv("PGPORT", port)
	t.Setenv("PGUSER", u.User.Username())
	t.Setenv("PGPASSWORD", password(t, database))
	t.Setenv("PGDATABASE", strings.TrimPrefix(u.Path, "/"))
	t.Setenv("PGSSLMODE", "verify-ca")
	t.Setenv("PGSSLROOTCERT", servers.Postgres(t).CAFile())
	if err := open(t, "").Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if encrypted := ask[bool](t, connect(t, ""), "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"); !encrypted {
		t.Error("PGSSLMODE was not heeded")
	}
}

func TestOpen_DoesNotShowAWrongPassword(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(newDatabase(t))
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), "hunter2-wrong")
	wantRefused(t, u.String(), "hunter2-wrong", core.KindUnavailable)
}

func TestOpen_DoesNotShowUnreadableSettings(t *testing.T) {
	t.Parallel()
	for _, settings := range []string{
		"postgres://pisano:hunter2/x@db/pisano",
		"postgres://pisano:hunter2@db:port/pisano",
		"postgres://pisano:hunter2%zz@db/pisano",
		"postgres://pisano:hunter2@db/pisano?sslmode=maybe",
		"postgres://pisano@db/pisano?password=hunter2&pool_max_conns=0",
		"postgres://pisano:pass@hunter2@db/pisano",
		"postgres://pisano:pass@db1,hunter2@db/pisano",
		"postgres://pisano:123/hunter2@db/pisano",
		"postgres:/pisano:hunter2@db pisano",
		"POSTGRES://pisano:hunter2@db/ pisano",
		"mysql://pisano:hunter2@db/pisano",
		"host=db password=hunter2 and more",
		"host=db password='hunter2",
		"host=db passwort hunter2=x sslmode=maybe",
		"hunter2",
	} {
		wantRefused(t, settings, "hunter2", core.KindInvalid)
	}
	text := wantRefused(t, "postgres://pisano:hunter2@db/pisano?sslmode=verify-full&sslrootcert=/there/is/none", "hunter2", core.KindInvalid)
	if !strings.Contains(text, "/there/is/none") {
		t.Errorf("%q does not say which file is missing", text)
	}
}

func TestMigrate_ReportsARoleThatMayNotCreateTables(t *testing.T) {
	t.Parallel()
	database := newDatabase(t)
	text := wantRefused(t, with(t, database, "search_path", "information_schema"), password(t, database), core.KindInternal)
	if !strings.Contains(text, "role") {
		t.Errorf("%q does not say what to do", text)
	}
}

// Either right to a sequence lets a role draw numbers.
func TestMigrate_NeedsNoRightsOnceTheTablesExist(t *testing.T) {
	t.Parallel()
	server := servers.StartPostgres(t)
	open(t, server.PostgresURL())
	admin := connect(t, server.PostgresURL())
	u, err := url.Parse(server.PostgresURL())
	if err != nil {
		t.Fatal(err)
	}
	for role, right := range map[string]string{"clerk": "USAGE", "scribe": "UPDATE"} {
		exec(t, admin, "CREATE ROLE "+role+" LOGIN PASSWORD 'quill'")
		exec(t, admin, "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO "+role)
		exec(t, admin, "GRANT "+right+" ON ALL SEQUENCES IN SCHEMA public TO "+role)
		u.User = url.UserPassword(role, "quill")
		store := open(t, u.String())
		if err := submitOne(t.Context(), store, 1); err != nil {
			t.Errorf("%s: a submission: %v", right, err)
		}
		if err := store.Ping(t.Context()); err != nil {
			t.Errorf("%s: Ping: %v", right, err)
		}
	}
}

func TestMigrate_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := postgres.Open(ctx, newDatabase(t))
	wantKind(t, err, core.KindCanceled)
}
