package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// longWrite is how long a write of this process may take before Ping no longer
// counts it as one that gets on: other processes wait for it no longer either.
const longWrite = busyTimeout

// Ping returns nil when the file can be read and written, and is still at its
// path. It commits a change that changes nothing: a disk that is full, or that
// can't be synced, fails it as it fails a submission. That costs one page in the
// log and one sync of the disk, shared by concurrent calls; between calls nothing
// is written.
//
// A Ping that runs out of time behind a write of this process, such as that of
// a large value, returns nil for up to longWrite: the file takes that write.
func (db *DB) Ping(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return wrap(err)
	}
	probe := db.probes.DoChan("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longWrite)
		defer cancel()
		return nil, db.transact(ctx, func(tx *sql.Tx) error { return touch(ctx, tx) })
	})
	select {
	case result := <-probe:
		return result.Err
	case <-ctx.Done():
	}
	began := db.writing.Load()
	if began != nil && time.Since(*began) < longWrite && errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		return nil
	}
	return wrap(context.Cause(ctx))
}

// touch writes the version of the schema, unchanged. SQLite skips an UPDATE that
// changes nothing, but writes the page for this pragma.
func touch(ctx context.Context, tx *sql.Tx) error {
	if err := readPage(ctx, tx); err != nil {
		return err
	}
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version))
	return err
}

// errProbed rolls back the transaction of an inspection.
var errProbed = errors.New("probed")

// readPage reads a page of the file.
func readPage(ctx context.Context, tx *sql.Tx) error {
	var one int
	return tx.QueryRowContext(ctx, "SELECT 1 FROM generation").Scan(&one)
}

// inspect takes the write lock, reads a page and writes nothing. It returns when
// ctx ends, even while another process holds the lock.
func (db *DB) inspect(ctx context.Context) error {
	done := make(chan error, 1)
	go func() {
		done <- db.transact(ctx, func(tx *sql.Tx) error {
			if err := readPage(ctx, tx); err != nil {
				return err
			}
			return errProbed
		})
	}()
	select {
	case err := <-done:
		if errors.Is(err, errProbed) {
			return nil
		}
		return err
	case <-ctx.Done():
		return wrap(context.Cause(ctx))
	}
}
