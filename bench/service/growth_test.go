package service

import (
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/pisano-dev/pisano/bench/service/load"
	"github.com/pisano-dev/pisano/core"
)

// Rows of calculated indices far from those that are measured. The queries have the first index and the number of rows as their
// parameters.
const (
	fillPostgres = `
		INSERT INTO indices (n, sequence, first_seen_at, last_seen_at, submissions, revision, state, generation)
		SELECT $1::bigint + i, nextval('indices_sequence'), now(), now(), 1, 1, 2, (SELECT max(generation) FROM indices)
		FROM generate_series(1, $2::bigint) AS i`
	fillSQLite = `
		INSERT INTO indices (n, first_seen_at, last_seen_at, submissions, revision, state, generation)
		WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < $2)
		SELECT $1 + i, 1000000 * unixepoch(), 1000000 * unixepoch(), 1, 1, 2, (SELECT max(generation) FROM indices) FROM numbers`
	firstFilled = 1_000_000_000
)

// TestGrowth measures lists, submissions and the start of the programs beside no rows and beside as many as -rows says.
func TestGrowth(t *testing.T) {
	t.Parallel()
	if *rows == 0 {
		t.Log("measured with -rows only, such as -rows 5000000")
		return
	}
	b := &bench{t: t, plan: planned(), servers: startServers(t)}
	b.machine()
	at, file := b.servers.newPlace(), filepath.Join(t.TempDir(), "pisano.db")
	for _, kind := range []struct {
		start func() *system
		fill  func()
	}{
		{func() *system { return b.onServers(at, true) }, func() { b.fillPostgres(at) }},
		{func() *system { return b.onFile(file) }, func() { b.fillSQLite(file) }},
	} {
		s := kind.start()
		heading("%s", s.name)
		b.calculate(s, 21, 40)
		next := int64(-1)
		b.grown(s, "few rows", &next)
		s = b.restart(s, kind.start, "few rows")
		s.stop()
		kind.fill()
		s = b.restart(nil, kind.start, fmt.Sprintf("%d rows", *rows))
		b.calculate(s, 41, 60)
		b.grown(s, fmt.Sprintf("%d rows", *rows), &next)
		s.stop()
	}
}

// restart stops a system, if it runs, and measures its start.
func (b *bench) restart(s *system, start func() *system, what string) *system {
	b.t.Helper()
	if s != nil {
		s.stop()
	}
	began := time.Now()
	s = start()
	fmt.Printf("%25s, %s: %.2f s until all programs are ready\n", "start", what, time.Since(began).Seconds())
	return s
}

// grown measures a system as it is. next is the next index to submit.
func (b *bench) grown(s *system, what string, next *int64) {
	b.t.Helper()
	for _, r := range []*subject{
		{name: "GET /values?limit=20", job: b.constant(s.base+"/values?limit=20", `"items"`)},
		{name: "GET /indices?limit=20", job: b.constant(s.base+"/indices?limit=20", `"items"`)},
		{name: "POST /indices, new", job: load.Job{
			Method: http.MethodPost, URL: s.base + "/indices", Body: `{"index":{n}}`, First: *next, Step: -1,
			Status: http.StatusAccepted, Contains: `"index":{n},`,
		}},
	} {
		before := s.worker.Calculations()
		for range b.rounds {
			result := b.turn(r, b.slice)
			r.rates = append(r.rates, float64(result.Requests)/result.Seconds)
		}
		if r.job.Step != 0 {
			*next -= r.job.Skip
			b.settle(s, before, int(r.job.Skip))
			for n := *next + 1; n <= *next+100; n++ { // what was calculated last may not be stored yet
				s.client.Await(core.Index(n))
			}
		}
		fmt.Printf("%25s, %s: %.0f a second (%s)\n", r.name, what, median(r.rates), spread(r.rates, "%.0f–%.0f"))
	}
}

func (b *bench) fillPostgres(at place) {
	b.t.Helper()
	db, err := pgx.Connect(b.t.Context(), at.database)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = db.Close(b.t.Context()) }()
	if _, err := db.Exec(b.t.Context(), fillPostgres, firstFilled, *rows); err != nil {
		b.t.Fatal(err)
	}
	if _, err := db.Exec(b.t.Context(), "VACUUM ANALYZE indices"); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) fillSQLite(file string) {
	b.t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(b.t.Context(), fillSQLite, firstFilled, *rows); err != nil {
		b.t.Fatal(err)
	}
}
