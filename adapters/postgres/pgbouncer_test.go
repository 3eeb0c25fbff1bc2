package postgres_test

import (
	"crypto/rand"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/porttest"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// behindPgBouncer runs a test behind PgBouncer in transaction mode, old and new.
func behindPgBouncer(t *testing.T, test func(t *testing.T, server, bouncer *servers.Server)) {
	t.Helper()
	for _, image := range servers.PgBouncerImages {
		t.Run(image, func(t *testing.T) {
			t.Parallel()
			server := servers.StartPostgres(t)
			test(t, server, servers.StartPgBouncer(t, image, server))
		})
	}
}

func TestPgBouncer_IndexStoreKeepsItsContract(t *testing.T) {
	t.Parallel()
	behindPgBouncer(t, func(t *testing.T, server, bouncer *servers.Server) {
		porttest.TestIndexStore(t, func(t *testing.T) core.IndexStore {
			name := "test_" + strings.ToLower(rand.Text())
			exec(t, connect(t, server.PostgresURL()), "CREATE DATABASE "+name)
			u, err := url.Parse(bouncer.PostgresURL())
			if err != nil {
				t.Fatal(err)
			}
			u.Path = "/" + name
			return open(t, u.String())
		})
	})
}

func TestPgBouncer_ManyProcessesStartWorkAndSurviveItsRestart(t *testing.T) {
	t.Parallel()
	behindPgBouncer(t, func(t *testing.T, server, bouncer *servers.Server) {
		const processes = 6
		stores := make([]postgres.IndexStore, processes)
		var all sync.WaitGroup
		for i := range stores {
			all.Go(func() { stores[i] = open(t, bouncer.PostgresURL()) })
		}
		all.Wait()
		if t.Failed() {
			return
		}
		var stops []func() []core.Index
		for _, store := range stores {
			stops = append(stops, submitters(t, store, 4))
		}
		time.Sleep(500 * time.Millisecond)
		bouncer.Restart()
		begin := time.Now()
		for _, store := range stores {
			awaitSubmission(t, store, 1)
		}
		t.Logf("all six work again after %v", time.Since(begin).Round(time.Millisecond))
		time.Sleep(500 * time.Millisecond)
		for _, stop := range stops {
			wantAll(t, server, append(stop(), 1)) // each process had 1 accepted after the restart
		}
		conn := connect(t, server.PostgresURL())
		if held := ask[int](t, conn, "SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory'"); held > 0 {
			t.Errorf("%d locks are left with connections of the pooler", held)
		}
		if named := ask[int](t, conn, "SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'pisano' AND state LIKE 'idle in transaction%'"); named > 0 {
			t.Errorf("%d transactions are left open", named)
		}
	})
}

func TestPgBouncer_AParameterThatItRefusesIsPermanent(t *testing.T) {
	t.Parallel()
	behindPgBouncer(t, func(t *testing.T, _, bouncer *servers.Server) {
		_, err := postgres.Open(t.Context(), with(t, bouncer.PostgresURL(), "lock_timeout", "5s"))
		if !postgres.Permanent(err) || !strings.Contains(err.Error(), "lock_timeout") {
			t.Errorf("permanent: %t, %v", postgres.Permanent(err), err)
		}
	})
}
