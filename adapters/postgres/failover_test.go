package postgres_test

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// at returns a server's URL with another address.
func at(t testing.TB, database, host string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = host
	return u.String()
}

// submitters record indices from first on until they are stopped, and return
// those that were accepted.
func submitters(t *testing.T, store postgres.IndexStore, count int) (stop func() []core.Index) {
	t.Helper()
	var all sync.WaitGroup
	done := make(chan struct{})
	accepted := make([][]core.Index, count)
	for i := range count {
		all.Go(func() {
			for n := core.Index(1000 + i); ; n += core.Index(count) {
				select {
				case <-done:
					return
				default:
				}
				err := submitOne(t.Context(), store, n)
				switch {
				case err == nil:
					accepted[i] = append(accepted[i], n)
				case core.KindOf(err) != core.KindUnavailable:
					t.Errorf("submitting: %v", err)
				}
				time.Sleep(2 * time.Millisecond)
			}
		})
	}
	return func() []core.Index {
		close(done)
		all.Wait()
		var indices []core.Index
		for _, some := range accepted {
			indices = append(indices, some...)
		}
		return indices
	}
}

// awaitSubmission waits until submissions succeed.
func awaitSubmission(t *testing.T, store postgres.IndexStore, n core.Index) {
	t.Helper()
	begin := time.Now()
	for {
		err := submitOne(t.Context(), store, n)
		if err == nil {
			t.Logf("submissions succeed after %v", time.Since(begin).Round(time.Millisecond))
			return
		}
		wantKind(t, err, core.KindUnavailable)
		if time.Since(begin) > servers.HangTimeout {
			t.Fatalf("no submission succeeds: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// wantAll checks that a server has the records of all indices.
func wantAll(t *testing.T, server *servers.Server, indices []core.Index) {
	t.Helper()
	numbers := make([]int64, len(indices))
	for i, n := range indices {
		numbers[i] = int64(n)
	}
	missing := ask[int](t, connect(t, server.PostgresURL()),
		"SELECT count(*) FROM unnest($1::bigint[]) AS accepted (n) WHERE NOT EXISTS (SELECT FROM indices WHERE indices.n = accepted.n)", numbers)
	if missing > 0 {
		t.Errorf("%d of %d accepted indices are lost", missing, len(indices))
	}
	t.Logf("%d indices accepted", len(indices))
}

// TestFailover_SubmissionsFollowThePrimary, whether the settings name both
// servers or one address that moves after a while.
func TestFailover_SubmissionsFollowThePrimary(t *testing.T) {
	t.Parallel()
	for name, several := range map[string]bool{"several hosts": true, "one address that moves": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pair := servers.StartPostgresPair(t)
			old := pair.Primary
			address := servers.Forward(t, old.Addr())
			host := address.Addr()
			if several {
				host = old.Addr() + "," + pair.Standby.Addr()
			}
			store := open(t, at(t, old.PostgresURL(), host))
			stop := submitters(t, store, 8)
			time.Sleep(300 * time.Millisecond)

			// What answers at the address is now the standby; reads go on.
			pair.SwitchOver()
			if !several {
				wantKind(t, submitOne(t.Context(), store, 1), core.KindUnavailable)
				begin := time.Now()
				for {
					if _, err := store.List(t.Context(), 0, 1); err == nil {
						break
					} else if time.Since(begin) > servers.HangTimeout {
						t.Fatalf("a standby is not read: %v", err)
					}
				}
				time.Sleep(300 * time.Millisecond)
				address.Move(pair.Primary.Addr())
			}
			awaitSubmission(t, store, 2)

			// Connections that stayed would write to it again. Where the settings name both servers, a new one may rightly go to
			// either of two primaries.
			conn := connect(t, old.PostgresURL())
			if !several {
				exec(t, conn, "SELECT pg_promote()")
				time.Sleep(300 * time.Millisecond)
			}
			accepted := append(stop(), 2)
			wantAll(t, pair.Primary, accepted)
			testkit.Eventually(t, "the end of the connections to the server that lost its role", func() error {
				if n := ask[int](t, conn, "SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'pisano' AND backend_type = 'client backend'"); n > 0 {
					return fmt.Errorf("%d are kept", n)
				}
				return nil
			})
		})
	}
}

func TestFailover_ADemotedServerIsGivenUpWithItsConnections(t *testing.T) {
	t.Parallel()
	pair := servers.StartPostgresPair(t)
	address := servers.Forward(t, pair.Primary.Addr())
	store := open(t, at(t, pair.Primary.PostgresURL(), address.Addr()))
	stop := submitters(t, store, 8)
	time.Sleep(300 * time.Millisecond)
	before := stop()

	// The old primary neither ends nor breaks a connection: it only writes no more.
	old := pair.Primary
	admin := connect(t, old.PostgresURL())
	exec(t, admin, "ALTER SYSTEM SET default_transaction_read_only = on")
	exec(t, admin, "SELECT pg_reload_conf()")
	begin := time.Now()
	for submitOne(t.Context(), store, 1) == nil {
		if time.Since(begin) > servers.HangTimeout {
			t.Fatal("the server still writes")
		}
	}
	wantKind(t, store.Ping(t.Context()), core.KindUnavailable)
	pair.Promote()
	address.Move(pair.Primary.Addr())
	awaitSubmission(t, store, 2)
	if err := store.Ping(t.Context()); err != nil {
		t.Errorf("Ping: %v", err)
	}

	exec(t, admin, "ALTER SYSTEM RESET default_transaction_read_only")
	exec(t, admin, "SELECT pg_reload_conf()")
	stop = submitters(t, store, 8)
	time.Sleep(300 * time.Millisecond)
	wantAll(t, pair.Primary, append(before, append(stop(), 2)...))
	if stray := ask[int](t, admin, "SELECT count(*)::int FROM indices WHERE n = 2"); stray > 0 {
		t.Error("the old primary has what was submitted to the new one")
	}
}

func TestPing_ARoleWithoutTheRightToWriteIsNotWell(t *testing.T) {
	t.Parallel()
	server := servers.StartPostgres(t)
	open(t, server.PostgresURL())
	admin := connect(t, server.PostgresURL())
	exec(t, admin, "CREATE ROLE reader LOGIN PASSWORD 'glasses'")
	exec(t, admin, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
	u, err := url.Parse(server.PostgresURL())
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("reader", "glasses")
	wantKind(t, open(t, u.String()).Ping(t.Context()), core.KindInternal)
}

func TestOpen_WhatWaitingCannotMendIsPermanent(t *testing.T) {
	t.Parallel()
	database := newDatabase(t)
	old := servers.Forward(t, servers.Postgres(t).Addr())
	version := ask[string](t, connect(t, database), "SHOW server_version_num")
	old.Replace(version, "14"+version[2:])
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	user := u.User
	for name, test := range map[string]struct {
		settings  string
		permanent bool
		says      string
	}{
		"an unknown parameter":     {with(t, database, "options", "-c no_such_setting=1"), true, "no_such_setting"},
		"a wrong password":         {strings.Replace(database, password(t, database), "wrong", 1), true, "password"},
		"a missing database":       {strings.Replace(database, "/"+user.Username()+"?", "/nowhere?", 1), true, "nowhere"},
		"an untrusted server":      {with(t, strings.Replace(database, "sslrootcert", "unused", 1), "sslmode", "verify-full"), true, "certificate"},
		"an old server":            {at(t, with(t, database, "sslmode", "disable"), old.Addr()), true, "needs PostgreSQL 15"},
		"no server at the address": {at(t, database, "127.0.0.1:1"), false, "refused"},
		"a name not known yet":     {at(t, database, "db.invalid"), false, "db.invalid"},
		"two, one of them away":    {at(t, with(t, database, "options", "-c no_such_setting=1"), "127.0.0.1:1,"+u.Host), false, "refused"},
		"a database that writes":   {database, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, err := postgres.Open(t.Context(), test.settings)
			if err == nil {
				db.Close()
			}
			if (err == nil) != (test.says == "") || postgres.Permanent(err) != test.permanent {
				t.Fatalf("permanent: %t, error %v", postgres.Permanent(err), err)
			}
			if err != nil && (!strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), password(t, database))) {
				t.Errorf("the error says %q", err)
			}
		})
	}
}
