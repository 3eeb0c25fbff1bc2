package production

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

const many = 100_000

func TestBackup_IsRestoredIntoANewerPostgres(t *testing.T) {
	t.Parallel()
	stack := docker.Compose(t, "backup", "docker-compose.production.yml", "PISANO_PORT=0", "POSTGRES_PASSWORD=production-postgres",
		"REDIS_PASSWORD=production-redis", docker.PostgresImage+"="+docker.ServerImage(t, docker.OldestPostgresImage))
	stack.Up()
	older := majorVersion(t, stack)
	c := readyClient(t, stack)
	indices := make([]core.Index, many)
	for i := range indices {
		indices[i] = core.Index(i - many/2)
	}
	c.MustSubmit(indices...)

	dump := filepath.Join(t.TempDir(), "pisano.dump")
	begin := time.Now()
	if said, err := stack.Script("scripts/backup", dump); err != nil {
		t.Fatal(said, err)
	}
	t.Logf("%d records were dumped in %v while the system calculated", many, time.Since(begin).Round(time.Millisecond))
	if _, err := stack.Script("scripts/backup", dump); err == nil || !strings.Contains(err.Error(), "exists: choose another name") {
		t.Errorf("a second time into the same file: %v", err)
	}
	if _, err := stack.Script("scripts/restore", dump); err == nil || !strings.Contains(err.Error(), "OVERWRITE=true") {
		t.Errorf("over records: %v", err)
	}
	readyClient(t, stack).MustSubmit(many) // it is in no backup
	if _, err := stack.Script("env", "OVERWRITE=true", "scripts/restore", "Makefile"); err == nil || !strings.Contains(err.Error(), "not a dump") {
		t.Errorf("what is no dump: %v", err)
	}
	readyClient(t, stack).AwaitAll(many + 1)
	restoreOverRecords(t, stack, dump)
	wantAll(t, stack)

	stack.Discard("postgres", "postgres")
	stack.Set(docker.PostgresImage + "=" + docker.ServerImage(t, docker.PostgresImage))
	begin = time.Now()
	if said, err := stack.Script("scripts/restore", dump); err != nil {
		t.Fatal(said, err)
	}
	newer := majorVersion(t, stack)
	t.Logf("restored from PostgreSQL %d into %d in %v, with its start", older, newer, time.Since(begin).Round(time.Millisecond))
	if newer <= older {
		t.Errorf("PostgreSQL %d is not newer than %d", newer, older)
	}
	stack.Up()
	wantAll(t, stack)
}

// restoreOverRecords restores a dump twice. The first time leaves the database that it replaced, as a restore does that is interrupted.
func restoreOverRecords(t *testing.T, stack *docker.Stack, dump string) {
	t.Helper()
	statement := func(text string) string {
		t.Helper()
		return stack.Only("postgres").Exec("psql", "-U", "pisano", "-d", "postgres", "-Atc", text)
	}
	restore := func() (left string) {
		t.Helper()
		if said, err := stack.Script("env", "OVERWRITE=true", "scripts/restore", dump); err != nil {
			t.Fatal(said, err)
		}
		return statement("SELECT string_agg(datname, ' ') FROM pg_database WHERE datname LIKE 'pisano_%'")
	}
	statement("ALTER DATABASE pisano IS_TEMPLATE true") // so it can't be dropped
	if left := restore(); left != "pisano_replaced" {
		t.Errorf("a restore that can't drop what it replaced leaves %q", left)
	}
	statement("ALTER DATABASE pisano_replaced IS_TEMPLATE false")
	if left := restore(); left != "" {
		t.Errorf("the next restore leaves %q", left)
	}
}

// readyClient returns a client of the front door, once the system is ready.
func readyClient(t *testing.T, stack *docker.Stack) *pisano.Client {
	t.Helper()
	nginx := stack.Only("nginx")
	nginx.AwaitHealth("healthy")
	c := pisano.NewClient(t, nginx.Address(8080), "/api")
	testkit.Eventually(t, "the system", c.Ready)
	return c
}

// wantAll waits until all that is in the backup is calculated, and fails the test if there is anything else.
func wantAll(t *testing.T, stack *docker.Stack) {
	t.Helper()
	c := readyClient(t, stack)
	c.AwaitAll(many)
	c.WantRight(-many / 2)
}

func majorVersion(t *testing.T, stack *docker.Stack) int {
	t.Helper()
	postgres := stack.Only("postgres")
	postgres.AwaitHealth("healthy")
	number, err := strconv.Atoi(postgres.Exec("psql", "-U", "pisano", "-d", "pisano", "-Atc", "SHOW server_version_num"))
	if err != nil {
		t.Fatal(err)
	}
	return number / 10000
}
