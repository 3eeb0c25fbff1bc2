package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func submitOne(ctx context.Context, store postgres.IndexStore, n core.Index) error {
	_, err := store.Record(ctx, time.Now(), []core.Submission{{Index: n, Count: 1, Reopen: true}})
	return err
}

// hold keeps the row of n locked until the returned function is called.
func hold(t *testing.T, conn *pgx.Conn, n core.Index) (release func()) {
	t.Helper()
	exec(t, conn, "BEGIN")
	exec(t, conn, "SELECT FROM indices WHERE n = $1 FOR UPDATE", int64(n))
	return func() { exec(t, conn, "ROLLBACK") }
}

// waiting returns the server process that waits for a lock in the database.
func waiting(t *testing.T, conn *pgx.Conn) int {
	t.Helper()
	var pids []int
	testkit.Eventually(t, "one process waits for the lock", func() error {
		pids = ask[[]int](t, conn, `
			SELECT coalesce(array_agg(pid), '{}') FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`)
		if len(pids) != 1 {
			return fmt.Errorf("%d processes wait", len(pids))
		}
		return nil
	})
	return pids[0]
}

func TestRecord_PromisesNothingWhenItsServerProcessDies(t *testing.T) {
	t.Parallel()
	database := newDatabase(t)
	store, holder, killer := open(t, database), connect(t, database), connect(t, database)
	if err := submitOne(t.Context(), store, 1); err != nil {
		t.Fatal(err)
	}
	release := hold(t, holder, 1)
	outcome := make(chan error, 1)
	go func() { outcome <- submitOne(t.Context(), store, 1) }()
	exec(t, killer, "SELECT pg_terminate_backend($1)", waiting(t, killer))
	select {
	case err := <-outcome:
		wantKind(t, err, core.KindUnavailable)
	case <-time.After(servers.HangTimeout):
		t.Fatal("the call still waits for its server process")
	}
	release()

	if err := submitOne(t.Context(), store, 1); err != nil {
		t.Errorf("the next call: %v", err)
	}
	if r, err := store.Lookup(t.Context(), 1); err != nil || r[1].Submissions != 2 {
		t.Errorf("%d submissions counted, want 2 (error %v)", r[1].Submissions, err)
	}
}

func TestConnections_AreReplacedThatDiedWhileIdle(t *testing.T) {
	t.Parallel()
	database := newDatabase(t)
	store, killer := open(t, database), connect(t, database)
	exec(t, killer, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	// At most as many calls fail as connections were there.
	var err error
	for range 5 {
		if err = submitOne(t.Context(), store, 1); err == nil {
			return
		}
		wantKind(t, err, core.KindUnavailable)
	}
	t.Errorf("still %v", err)
}

func TestRecord_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	database := newDatabase(t)
	store, holder := open(t, database), connect(t, database)
	if err := submitOne(t.Context(), store, 1); err != nil {
		t.Fatal(err)
	}
	defer hold(t, holder, 1)()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	wantKind(t, submitOne(ctx, store, 1), core.KindCanceled)
}

func TestRecord_AReadOnlyServerIsUnavailable(t *testing.T) {
	t.Parallel()
	database := newDatabase(t)
	open(t, database)
	store := open(t, with(t, database, "default_transaction_read_only", "on"))
	for name, err := range map[string]error{"Record": submitOne(t.Context(), store, 1), "Ping": store.Ping(t.Context())} {
		wantKind(t, err, core.KindUnavailable)
		if !strings.Contains(fmt.Sprint(err), "does not accept writes: default_transaction_read_only is on") {
			t.Errorf("%s: %v does not say what to change", name, err)
		}
	}
	if _, err := store.List(t.Context(), 0, 1); err != nil {
		t.Errorf("List: %v", err)
	}
}

// The error is one that another attempt may mend.
func TestMigrate_ReportsAnEmptyReadOnlyDatabase(t *testing.T) {
	t.Parallel()
	_, err := postgres.Open(t.Context(), with(t, newDatabase(t), "default_transaction_read_only", "on"))
	wantKind(t, err, core.KindUnavailable)
	if !strings.Contains(fmt.Sprint(err), "does not accept writes: default_transaction_read_only is on") || postgres.Permanent(err) {
		t.Errorf("%v; permanent: %t", err, postgres.Permanent(err))
	}
}

// TestPing_AServerWithoutRoomForTheLastWriteIsNotWell, until one succeeds.
func TestPing_AServerWithoutRoomForTheLastWriteIsNotWell(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"53100", "53200"} {
		database := newDatabase(t)
		store, admin := open(t, database), connect(t, database)
		exec(t, admin, "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '"+code+"'; END $$")
		exec(t, admin, "CREATE TRIGGER refuse BEFORE INSERT ON indices EXECUTE FUNCTION refuse()")
		for name, err := range map[string]error{"a submission": submitOne(t.Context(), store, 1), "Ping": store.Ping(t.Context())} {
			wantKind(t, err, core.KindUnavailable)
			if !strings.Contains(fmt.Sprint(err), "out of disk space or memory") {
				t.Errorf("%s, %s: %v", code, name, err)
			}
		}
		exec(t, admin, "DROP TRIGGER refuse ON indices")
		if err := submitOne(t.Context(), store, 1); err != nil {
			t.Fatal(err)
		}
		if err := store.Ping(t.Context()); err != nil {
			t.Errorf("%s, after a write: %v", code, err)
		}
	}
}

func TestLookup_AFaultInTheDatabaseIsInternal(t *testing.T) {
	t.Parallel()
	database := newDatabase(t)
	store := open(t, database)
	exec(t, connect(t, database), "ALTER TABLE indices RENAME TO elsewhere")
	_, err := store.Lookup(t.Context(), 1)
	wantKind(t, err, core.KindInternal)
}

func TestClose_MakesTheStoreUnavailable(t *testing.T) {
	t.Parallel()
	db, err := postgres.Open(t.Context(), newDatabase(t))
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	wantKind(t, db.IndexStore().Ping(t.Context()), core.KindUnavailable)
}

// The call ends without a deadline of the caller's.
func TestRecord_AServerThatHangsIsUnavailable(t *testing.T) {
	t.Parallel()
	server := servers.StartPostgres(t)
	store := open(t, server.PostgresURL())
	if err := submitOne(t.Context(), store, 1); err != nil {
		t.Fatal(err)
	}
	server.Pause()
	var all sync.WaitGroup
	for name, call := range map[string]func(ctx context.Context) error{
		"Record": func(ctx context.Context) error { return submitOne(ctx, store, 1) },
		"Ping":   store.Ping,
		"Open": func(ctx context.Context) error {
			db, err := postgres.Open(ctx, server.PostgresURL())
			if err == nil {
				db.Close()
			}
			return err
		},
	} {
		all.Go(func() {
			start := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), servers.HangTimeout)
			defer cancel()
			wantKind(t, call(ctx), core.KindUnavailable)
			t.Logf("%s: unavailable after %v", name, time.Since(start).Round(time.Millisecond))
			if ctx.Err() != nil {
				t.Errorf("%s has no limit of its own", name)
			}
		})
	}
	all.Wait()
	server.Unpause()
	if err := submitOne(t.Context(), store, 2); err != nil {
		t.Errorf("the next call: %v", err)
	}
}
