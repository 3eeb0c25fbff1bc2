package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/porttest"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestMain(m *testing.M) { servers.Main(m) }

// openDB opens a database as a process would; it is closed with the test.
func openDB(t testing.TB, url string) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// open returns the store in a database, which is closed with the test.
func open(t testing.TB, url string) postgres.IndexStore {
	t.Helper()
	return openDB(t, url).IndexStore()
}

func newDatabase(t testing.TB) string {
	t.Helper()
	return servers.Postgres(t).NewDatabase(t)
}

// connect returns a connection of the test's own, to read and to change the tables.
func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), servers.HangTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	return conn
}

func exec(t testing.TB, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), servers.HangTimeout)
	defer cancel()
	if _, err := conn.Exec(ctx, sql, args...); err != nil {
		t.Fatal(err)
	}
}

// ask returns the only value that a query answers with.
func ask[T any](t testing.TB, conn *pgx.Conn, sql string, args ...any) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), servers.HangTimeout)
	defer cancel()
	rows, _ := conn.Query(ctx, sql, args...)
	x, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func wantKind(t testing.TB, err error, want core.Kind) {
	t.Helper()
	if core.KindOf(err) != want {
		t.Errorf("error %v, want kind %v", err, want)
	}
}

func TestPruner_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestPruner(t, func(t *testing.T) porttest.PrunableStore { return open(t, newDatabase(t)) })
}

func TestIndexStore_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestIndexStore(t, func(t *testing.T) core.IndexStore { return open(t, newDatabase(t)) })
}
