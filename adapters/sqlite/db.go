// Package sqlite keeps everything Pisano needs in one file: it implements
// core.IndexStore, core.ValueCache, core.WorkQueue and core.Events on SQLite.
// Any number of processes on one machine may share the file; what they were
// told is committed survives their death and that of the machine.
package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/pisano-dev/pisano/core"
)

// schemaVersion is the version of the tables, kept in the file itself. Since
// version 2 jobs have costs, and since version 3 they are counted and workers
// are known.
const schemaVersion = 3

//go:embed schema.sql
var schema string

//go:embed queue.sql
var queueSchema string

// DB is an open file. The ports are made from it; it is closed after they are
// no longer used.
type DB struct {
	// SQLite has one writer at a time: writes queue here, where waiting is fair
	// and free, rather than at the file's lock, where it is polling.
	write *sql.DB
	read  *sql.DB
	news  news
}

// Open opens the file, making it and its folder if they are not there.
func Open(ctx context.Context, file string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("the folder of the data file can't be made: %w", err)
	}
	write, err := openPool(file, "immediate", 1)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, write); err != nil {
		return nil, errors.Join(fmt.Errorf("the data file %s can't be used: %w", file, err), write.Close())
	}
	read, err := openPool(file, "deferred", max(4, runtime.NumCPU()))
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	return &DB{write: write, read: read, news: news{ch: make(chan struct{})}}, nil
}

// openPool opens connections that wait up to ten seconds for another process
// and commit to the disk, not to the operating system's memory.
func openPool(file, txlock string, connections int) (*sql.DB, error) {
	absolute, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	dsn := url.URL{Scheme: "file", OmitHost: true, Path: absolute, RawQuery: url.Values{
		"_txlock": {txlock},
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)"},
	}.Encode()}
	pool, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool, nil
}

// migrate makes the tables in a new file, and those of the queue anew in one of
// an older version. Two processes may try at once: the transaction takes the
// write lock before it looks.
func migrate(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer rollback(tx)
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	tables := schema + queueSchema
	switch version {
	case schemaVersion:
		return nil
	case 0:
	case 1, 2:
		tables = queueSchema
	default:
		return fmt.Errorf("it was written by another version of Pisano (tables of version %d, this one has %d)", version, schemaVersion)
	}
	if _, err := tx.ExecContext(ctx, tables); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", schemaVersion)); err != nil {
		return err
	}
	return tx.Commit()
}

// Close closes the file. Nothing may use it any more.
func (db *DB) Close() error {
	return errors.Join(db.read.Close(), db.write.Close())
}

// Ping returns nil when the file can be read.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return wrap(db.read.QueryRowContext(ctx, "SELECT 1 FROM generation").Scan(&one))
}

// update runs f in a transaction that is committed if f returns nil.
func (db *DB) update(ctx context.Context, f func(tx *sql.Tx) error) error {
	return wrap(func() error {
		tx, err := db.write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer rollback(tx)
		if err := f(tx); err != nil {
			return err
		}
		return tx.Commit()
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

// placeholders returns "?, ?, …" and the indices as arguments for them.
func placeholders(indices []core.Index) (string, []any) {
	args := make([]any, len(indices))
	for i, n := range indices {
		args[i] = int64(n)
	}
	return strings.TrimSuffix(strings.Repeat("?, ", len(indices)), ", "), args
}

func fromMicro(t int64) time.Time { return time.UnixMicro(t).UTC() }

// wrap gives an error of the database its kind. An error of the domain is
// returned as it is.
func wrap(err error) error {
	var known *core.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return core.NewError(core.KindNotFound, "There is no such entry.")
	}
	kind := core.KindInternal
	var fault *sqlite.Error
	if errors.As(err, &fault) {
		switch fault.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
			sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
			kind = core.KindUnavailable
		case sqlite3.SQLITE_INTERRUPT:
			kind = core.KindCanceled
		}
	} else if errors.Is(err, context.DeadlineExceeded) {
		kind = core.KindUnavailable
	}
	return core.WrapError(kind, "The data file can't be used just now.", err)
}

// news tells goroutines of this process that something was written that they
// may wait for.
type news struct {
	mu sync.Mutex
	ch chan struct{}
}

// next returns a channel that is closed at the next announcement.
func (n *news) next() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.ch
}

func (n *news) announce() {
	n.mu.Lock()
	defer n.mu.Unlock()
	close(n.ch)
	n.ch = make(chan struct{})
}
