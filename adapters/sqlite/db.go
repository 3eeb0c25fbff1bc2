// Package sqlite implements core.IndexStore, core.ValueCache, core.WorkQueue,
// core.WorkerRegistry and core.Events on one SQLite file. Any number of processes
// on one machine may share the file. What is committed survives a crash of a
// process. What the IndexStore returns survives a crash of the machine, too, with
// all that was committed before; the rest may be lost.
package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"math/bits"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/pisano-dev/pisano/adapters/internal/batches"
	"github.com/pisano-dev/pisano/adapters/internal/notify"
	"github.com/pisano-dev/pisano/core"
)

//go:embed schema.sql
var schema string

//go:embed queue.sql
var queueSchema string

//go:embed lanes.sql
var lanesSchema string

//go:embed additions.sql
var additionsSchema string

// DB is an open file. The ports are made from it, and it is closed when they are
// no longer used.
type DB struct {
	writePool, readPool *sql.DB
	writeConn           *sql.Conn // the only one of writePool
	// SQLite has one writer at a time. The writes of this process share a connection
	// and wait for it in order and at no cost: at the file's lock waiting is polling.
	write  *statements // on writeConn
	writes *batches.Group[func(tx transaction) error]
	read   *statements // on readPool
	log    logSync
	now    func() time.Time // time.Now, except in tests
	// anchor is a connection that stays: with the last one SQLite removes the
	// files beside the database, and makes others with the next.
	anchor        *sql.Conn
	presence      *presence
	enqueued      notify.Notifier // there may be something to claim
	eventLog      eventLog
	diskFree      func() (bytes int64, known bool)
	recordRefused atomic.Bool // the last Record found no room
	isLarge       bool        // when it was opened
	probes        singleflight.Group
	writing       atomic.Pointer[time.Time] // since when a write of this process has the lock
	lockedOut     atomic.Pointer[lockout]   // the last
}

// busyTimeout is how long a connection waits for another process.
const busyTimeout = 10 * time.Second

// pollPeriod is how soon a write of another process is noticed.
const pollPeriod = 100 * time.Millisecond

var busyPragma = fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds())

// Open opens the file. It creates the file and its folder if they do not exist.
//
// The error is of KindInvalid if the file is refused: the path can't be that of a
// file, the file can't be written, or it is not Pisano's. Its message says which.
// A file that is not Pisano's is not changed.
func Open(ctx context.Context, file string) (*DB, error) {
	path, err := locate(file)
	if err != nil {
		return nil, err
	}
	if err := examine(ctx, path); err != nil {
		return nil, err
	}
	if err := prepare(ctx, path); err != nil {
		return nil, cannotOpen(path, err)
	}
	db := &DB{
		presence: &presence{path: path},
		writes:   batches.New[func(tx transaction) error](),
		log:      logSync{calls: batches.New[struct{}]()},
		eventLog: eventLog{calls: batches.New[[]core.Event]()},
		now:      time.Now,
		diskFree: func() (int64, bool) { return freeOnDisk(path) },
	}
	if err := db.presence.note(""); err != nil {
		return nil, cannotOpen(path, err)
	}
	if err := db.connect(ctx); err != nil {
		return nil, errors.Join(cannotOpen(path, err), db.Close())
	}
	return db, nil
}

// connect opens the pools.
func (db *DB) connect(ctx context.Context) (err error) {
	if db.writePool, err = db.openPool(1); err != nil {
		return err
	}
	if db.writeConn, err = db.writePool.Conn(ctx); err != nil {
		return err
	}
	db.write = &statements{on: db.writeConn}
	if db.readPool, err = db.openPool(max(4, runtime.NumCPU()) + 1); err != nil {
		return err
	}
	db.read = &statements{on: db.readPool}
	if db.anchor, err = db.readPool.Conn(ctx); err != nil {
		return err
	}
	// The files beside the database are made by the first to read it.
	if db.isLarge, err = isLarge(ctx, db.anchor); err != nil {
		return err
	}
	if !db.isLarge {
		if err := checkPages(ctx, db.anchor); err != nil {
			return err
		}
	}
	if err := db.presence.note(walSuffix, shmSuffix); err != nil {
		return err
	}
	if db.log.file, err = openLog(db.presence.path); err != nil {
		return err
	}
	db.reserveLog(ctx)
	return nil
}

// openPool opens connections whose commits don't wait for the disk: see
// updateDurably. What SQLite copies from the log to the file is synced before and
// after.
func (db *DB) openPool(connections int) (*sql.DB, error) {
	inner, err := sqlite.NewConnector(dsn(db.presence.path, url.Values{
		"_pragma": {busyPragma, "journal_mode(WAL)", "synchronous(NORMAL)", fmt.Sprintf("journal_size_limit(%d)", logReserve)},
	}))
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(connector{inner, db.presence})
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool, nil
}

// prepare makes a file ready for the pools.
func prepare(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", dsn(path, url.Values{"_txlock": {"immediate"}, "_pragma": {busyPragma, "synchronous(FULL)"}}))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := migrate(ctx, db, path); err != nil {
		return err
	}
	return keepLog(ctx, db)
}

// keepLog has what is committed written to a log beside the file. Of two
// processes that do it at once SQLite refuses one without a wait.
func keepLog(ctx context.Context, db *sql.DB) error {
	end := time.Now().Add(busyTimeout)
	for {
		_, err := db.ExecContext(ctx, "PRAGMA journal_mode = WAL")
		if codeOf(err) != sqlite3.SQLITE_BUSY || time.Now().After(end) {
			return err
		}
		select {
		case <-time.After(pollPeriod):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// migrate creates the tables in a new file, and replaces those of the queue in a
// file of an older version. Two processes may try at once: the transaction takes the
// write lock before it reads the file.
//
// A new file has no log yet, so that its mark and its tables are in the file
// itself from the first commit on.
func migrate(ctx context.Context, db *sql.DB, path string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	found, err := contentsOf(ctx, tx)
	if err != nil {
		return err
	}
	queueIsSound, err := recognize(path, found)
	if err != nil {
		return err
	}
	if found.blank() {
		if _, err := tx.ExecContext(ctx, schema); err != nil {
			return err
		}
	}
	if !queueIsSound {
		if _, err := tx.ExecContext(ctx, queueSchema); err != nil {
			return err
		}
	}
	hasLanes := queueIsSound && found.has(lanes)
	if !hasLanes {
		if _, err := tx.ExecContext(ctx, lanesSchema); err != nil {
			return err
		}
	}
	hasAdditions := queueIsSound && found.has(additions) // with a table go its indexes
	if !hasAdditions {
		if _, err := tx.ExecContext(ctx, additionsSchema); err != nil {
			return err
		}
	}
	// Written even if it is set already, to find out that a file can't be written.
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, schemaVersion)); err != nil {
		return err
	}
	if hasLanes && hasAdditions && found.applicationID == applicationID {
		return nil
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	// In the file of an older version the mark is in the log. While other
	// connections read it may have to stay there, which does no harm.
	_, _ = db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return nil
}

// largeFile is the number of records from which on a file is checked while it is
// used, by Watch: the check of so many takes about a tenth of a second.
const largeFile = 200_000

// isLarge reports whether a file has largeFile records or more.
func isLarge(ctx context.Context, db queryer) (large bool, err error) {
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(sequence), 0) >= ? FROM indices", largeFile).Scan(&large)
	return large, err
}

// checkPages looks for damage where a table begins and in all of its pages, but
// not in the digits: there are too many. It takes about half a second for a
// million records.
func checkPages(ctx context.Context, db queryer) error {
	for _, table := range []string{
		"indices", "summaries", "generation", "events", "event_deliveries", "jobs", "backlog", "backlogs", "workers",
		"worker_memory", "worker_speed", "lost_claims", "recovery_backlog", "short_backlogs", "values_size", "submission_keys",
	} {
		var verdict string
		if err := db.QueryRowContext(ctx, "PRAGMA quick_check("+table+")").Scan(&verdict); err != nil {
			return err
		}
		if verdict != "ok" {
			return fmt.Errorf("%w: %s", errDamaged, verdict)
		}
	}
	return nil
}

// Close closes the file. The DB and its ports must not be used after it. A second
// Close does nothing.
func (db *DB) Close() error {
	if db.presence.lost.Load() != nil && !db.presence.ownsLog() {
		return nil // SQLite would remove the log of the file that is there now
	}
	var err error
	if db.anchor != nil {
		if err = db.anchor.Close(); errors.Is(err, sql.ErrConnDone) {
			return nil
		}
	}
	if db.log.file != nil {
		err = errors.Join(err, db.log.file.Close())
	}
	if db.writeConn != nil {
		err = errors.Join(err, db.write.close(), db.writeConn.Close())
	}
	for _, pool := range []*sql.DB{db.readPool, db.writePool} {
		if pool != nil {
			err = errors.Join(err, pool.Close())
		}
	}
	db.presence.removeLog()
	return err
}

// snapshot runs f in a transaction that only reads, all of it as of one moment.
func (db *DB) snapshot(ctx context.Context, f func(tx *sql.Tx) error) error {
	return wrap(func() error {
		tx, err := db.readPool.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // it only read
		return f(tx)
	}())
}

// collect reads all rows with scan.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		x, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, rows.Err()
}

// maxPadded is how many placeholders are repeated at most: SQLite allows twice as
// many.
const maxPadded = 1 << 14

// placeholders returns "?, ?, …" and the numbers as arguments for them. The last
// number is repeated up to a power of two of them: few texts of statements differ.
func placeholders[T core.Index | core.Lane](numbers []T) (string, []any) {
	if len(numbers) == 0 {
		return "", nil
	}
	args := make([]any, max(len(numbers), min(1<<bits.Len(uint(len(numbers)-1)), maxPadded)))
	for i := range args {
		args[i] = int64(numbers[min(i, len(numbers)-1)])
	}
	return strings.TrimSuffix(strings.Repeat("?, ", len(args)), ", "), args
}

func fromMicro(t int64) time.Time { return time.UnixMicro(t).UTC() }

func micros(count int64) time.Duration { return time.Duration(count) * time.Microsecond }
