package postgres_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// noteCommits has each commit of a change of records noted with its setting.
const noteCommits = `
	CREATE TABLE commits (setting text);
	CREATE FUNCTION note_commit() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN INSERT INTO commits VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
	CREATE CONSTRAINT TRIGGER note_commit AFTER INSERT OR UPDATE ON indices
		DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_commit()`

// TestRecord_CommitsToTheDisk whatever the session's default is. A stricter one
// stays.
func TestRecord_CommitsToTheDisk(t *testing.T) {
	t.Parallel()
	for session, want := range map[string]string{"off": "on", "on": "on", "local": "local", "remote_apply": "remote_apply"} {
		t.Run(session, func(t *testing.T) {
			t.Parallel()
			database := newDatabase(t)
			store := open(t, database+"&synchronous_commit="+session)
			conn := connect(t, database)
			exec(t, conn, noteCommits)
			for range 2 { // a new record and a known one
				if _, err := store.Record(t.Context(), time.Now(), batch(1, 1)); err != nil {
					t.Fatal(err)
				}
			}
			if got := ask[string](t, conn, "SELECT string_agg(DISTINCT setting, ' ') FROM commits HAVING count(*) = 2"); got != want {
				t.Errorf("with synchronous_commit = %s it is committed with %q, want %q", session, got, want)
			}
		})
	}
}

// TestRecord_SurvivesACrashOfTheServer kills a server that is configured not to
// wait for its disk, while several connections record.
func TestRecord_SurvivesACrashOfTheServer(t *testing.T) {
	t.Parallel()
	server := servers.StartPostgres(t, "-c", "synchronous_commit=off", "-c", "wal_writer_delay=10s", "-c", "wal_writer_flush_after=1GB")
	store := open(t, server.PostgresURL())
	const crashes, writers = 3, 4
	var mu sync.Mutex
	var accepted []core.Index
	for crash := range crashes {
		var all sync.WaitGroup
		enough := make(chan struct{})
		for w := range writers {
			all.Go(func() {
				for k := 0; ; k++ {
					n := core.Index((k*crashes+crash)*writers + w)
					if _, err := store.Record(t.Context(), time.Now(), batch(n, 1)); err != nil {
						return // killed
					}
					mu.Lock()
					accepted = append(accepted, n)
					if len(accepted) == 200*(crash+1) {
						close(enough)
					}
					mu.Unlock()
				}
			})
		}
		<-enough
		server.Kill()
		all.Wait()
		server.Start()
		found, err := recovered(t, store, accepted)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range accepted {
			if _, there := found[n]; !there {
				t.Errorf("after crash %d the record of %d, which was accepted, is missing", crash+1, n)
			}
		}
	}
	t.Logf("%d records were accepted", len(accepted))
}

// recovered looks up records on a server that has just started.
func recovered(t *testing.T, store postgres.IndexStore, indices []core.Index) (found map[core.Index]core.Record, err error) {
	t.Helper()
	for end := time.Now().Add(servers.HangTimeout); time.Now().Before(end); {
		if found, err = store.Lookup(t.Context(), indices...); err == nil || !strings.Contains(err.Error(), "reach") {
			break
		}
	}
	return found, err
}
