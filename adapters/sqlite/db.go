// Package sqlite keeps everything Pisano needs in one file: it implements
// core.IndexStore, core.ValueCache, core.WorkQueue, core.WorkerRegistry and
// core.Events on SQLite.
// Any number of processes on one machine may share the file. What is committed
// survives a crash of a process and of the machine.
package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/pisano-dev/pisano/core"
)

//go:embed schema.sql
var schema string

//go:embed queue.sql
var queueSchema string

//go:embed additions.sql
var additionsSchema string

// DB is an open file. The ports are made from it, and it is closed when they are
// no longer used.
type DB struct {
	// SQLite has one writer at a time: writes queue here, where waiting is fair
	// and free, rather than at the file's lock, where it is polling.
	write *sql.DB
	read  *sql.DB
	// anchor is a connection that stays: with the last one SQLite removes the
	// files beside the database, and makes others with the next.
	anchor    *sql.Conn
	presence  *presence
	enqueued  notifier // there may be something to claim
	published notifier // there are events
	probes    singleflight.Group
	writing   atomic.Pointer[time.Time] // since when a write of this process has the lock
}

// busyTimeout is how long a connection waits for another process.
const busyTimeout = 10 * time.Second

var busyPragma = fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds())

// Open opens the file, making it and its folder if they are not there.
//
// KindInvalid says in a sentence why a file is refused: it can't be a file, may
// not be written, or is not Pisano's. What is not Pisano's is not changed.
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
	db := &DB{presence: &presence{path: path}}
	if err := db.presence.note(""); err != nil {
		return nil, cannotOpen(path, err)
	}
	if err := db.connect(ctx); err != nil {
		return nil, errors.Join(cannotOpen(path, err), db.Close())
	}
	return db, nil
}

// connect opens the pools, whose connections commit to the disk, not to the
// operating system's memory.
func (db *DB) connect(ctx context.Context) (err error) {
	if db.write, err = db.openPool("immediate", 1); err != nil {
		return err
	}
	if db.read, err = db.openPool("deferred", max(4, runtime.NumCPU())+1); err != nil {
		return err
	}
	if db.anchor, err = db.read.Conn(ctx); err != nil {
		return err
	}
	// The files beside the database are made by the first to read it.
	if err := checkPages(ctx, db.anchor); err != nil {
		return err
	}
	return db.presence.note(walSuffix, shmSuffix)
}

func (db *DB) openPool(txlock string, connections int) (*sql.DB, error) {
	inner, err := sqlite.NewConnector(dsn(db.presence.path, url.Values{
		"_txlock": {txlock},
		"_pragma": {busyPragma, "journal_mode(WAL)", "synchronous(FULL)"},
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
	defer rollback(tx)
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
	if !found.has(additions) {
		if _, err := tx.ExecContext(ctx, additionsSchema); err != nil {
			return err
		}
	}
	// Written even if it is set already, to find out that a file can't be written.
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, schemaVersion)); err != nil {
		return err
	}
	if queueIsSound && found.has(additions) && found.applicationID == applicationID {
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

// checkPages looks for damage where a table begins and in all of its pages, but
// not in the digits: there are too many. It takes about a second for a million
// records.
func checkPages(ctx context.Context, db queryer) error {
	for _, table := range []string{"indices", "summaries", "generation", "events", "jobs", "backlog", "backlogs", "workers", "worker_memory", "lost_claims"} {
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

// Close closes the file. Nothing may use it any more. A second Close does
// nothing.
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
	for _, pool := range []*sql.DB{db.read, db.write} {
		if pool != nil {
			err = errors.Join(err, pool.Close())
		}
	}
	db.presence.removeLog()
	return err
}

// update runs f in a transaction that is committed if f returns nil. It returns
// nil only if the file was still at its path after that: what is committed into
// one that was removed is not promised to anybody.
func (db *DB) update(ctx context.Context, f func(tx *sql.Tx) error) error {
	var began time.Time
	defer db.writing.CompareAndSwap(&began, nil)
	return db.transact(ctx, func(tx *sql.Tx) error {
		began = time.Now()
		db.writing.Store(&began)
		return f(tx)
	})
}

// transact is update without a note for Ping that this process writes.
func (db *DB) transact(ctx context.Context, f func(tx *sql.Tx) error) error {
	return wrap(func() error {
		if err := db.presence.check(); err != nil {
			return err
		}
		tx, err := db.write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer rollback(tx)
		if err := f(tx); err != nil {
			return err
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		return db.presence.check()
	}())
}

// snapshot runs f in a transaction that only reads, all of it as of one moment.
func (db *DB) snapshot(ctx context.Context, f func(tx *sql.Tx) error) error {
	return wrap(func() error {
		tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer rollback(tx)
		return f(tx)
	}())
}

// rollback ends a transaction that was not committed. After a commit it does
// nothing, and a failure to roll back leaves nothing to be done.
func rollback(tx *sql.Tx) { _ = tx.Rollback() }

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

// each runs a statement with the arguments of every item, and tells done whether
// it changed anything.
func each[T any](ctx context.Context, tx *sql.Tx, statement string, items []T, args func(T) []any, done func(item T, changed bool)) error {
	prepared, err := tx.PrepareContext(ctx, statement)
	if err != nil {
		return err
	}
	defer prepared.Close()
	for _, item := range items {
		changed, err := affected(prepared.ExecContext(ctx, args(item)...))
		if err != nil {
			return err
		}
		done(item, changed)
	}
	return nil
}

// affected reports whether a statement changed anything.
func affected(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	count, err := result.RowsAffected()
	return count > 0, err
}

// placeholders returns "?, ?, …" and the indices as arguments for them.
func placeholders(indices []core.Index) (string, []any) {
	args := make([]any, len(indices))
	for i, n := range indices {
		args[i] = int64(n)
	}
	return strings.TrimSuffix(strings.Repeat("?, ", len(indices)), ", "), args
}

func fromMicro(t int64) time.Time { return time.UnixMicro(t).UTC() }
