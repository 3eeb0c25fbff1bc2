package postgres

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// turns counts the round trips of a connection: how often the client writes after
// it has read, or first.
type turns struct {
	net.Conn
	count  *atomic.Int64
	asking *atomic.Bool
}

func (c turns) Write(p []byte) (int, error) {
	if !c.asking.Swap(true) {
		c.count.Add(1)
	}
	return c.Conn.Write(p)
}

func (c turns) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.asking.Store(false)
	}
	return n, err
}

// A call takes one round trip, its commit included, for one index and for hundreds,
// with named statements and without them as behind a pooler.
func TestIndexStore_TakesOneRoundTripForAnyNumber(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"cache_statement", "cache_describe"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			db, trips := openCounted(t, servers.Postgres(t).NewDatabase(t)+"&pool_max_conns=1&default_query_exec_mode="+mode)
			store := db.IndexStore()
			var submissions []core.Submission
			var indices []core.Index
			var marks []core.Mark
			calls := []struct {
				name string
				call func() (results int, err error)
			}{
				{"Record", func() (int, error) {
					records, err := store.Record(t.Context(), time.Now(), submissions)
					for _, r := range records {
						marks = append(marks, core.Mark{Index: r.Index, Revision: r.Revision})
					}
					return len(records), err
				}},
				{"Lookup", func() (int, error) {
					records, err := store.Lookup(t.Context(), indices...)
					return len(records), err
				}},
				{"MarkCalculated", func() (int, error) {
					marked, err := store.MarkCalculated(t.Context(), "g", marks...)
					return len(marked), err
				}},
			}
			for step, size := range []int{1, 1, 500} {
				submissions, indices, marks = nil, nil, nil
				for n := range core.Index(size) {
					submissions = append(submissions, core.Submission{Index: n, Count: 1})
					indices = append(indices, n)
				}
				for _, c := range calls {
					before := trips.Load()
					if results, err := c.call(); err != nil || results != size {
						t.Fatalf("%s of %d: %d results, %v", c.name, size, results, err)
					}
					// The first call of each prepares its statement.
					if took := trips.Load() - before; step > 0 && took != 1 {
						t.Errorf("%s of %d takes %d round trips", c.name, size, took)
					}
				}
			}
		})
	}
}

// openCounted opens a database and counts the round trips of its connections.
func openCounted(t *testing.T, settings string) (*DB, *atomic.Int64) {
	t.Helper()
	db, err := Open(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	count := new(atomic.Int64)
	config := db.pool.Config()
	dial := config.ConnConfig.DialFunc
	config.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return turns{conn, count, new(atomic.Bool)}, nil
	}
	config.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false } // however slow the test is
	db.pool.Close()
	if db.pool, err = pgxpool.NewWithConfig(context.Background(), config); err != nil {
		t.Fatal(err)
	}
	return db, count
}
