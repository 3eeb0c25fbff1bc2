package sqlite

import (
	"context"
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
// is written. A record takes more of the log than that: if there was no room for the
// last one, Ping checks that the log can be emptied.
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
		if err := db.persist(ctx, touch); err != nil {
			return nil, err
		}
		if err := db.synced(ctx); err != nil {
			return nil, err
		}
		return nil, db.checkLog(ctx)
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
func touch(tx transaction) error {
	if err := readPage(tx); err != nil {
		return err
	}
	var version int
	if err := tx.row("PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	_, err := tx.exec(fmt.Sprintf("PRAGMA user_version = %d", version))
	return err
}

// readPage reads a page of the file.
func readPage(tx transaction) error {
	var one int
	return tx.row("SELECT 1 FROM generation").Scan(&one)
}

// inspect takes the write lock, reads a page and writes nothing. It returns when
// ctx ends, even while another process holds the lock.
func (db *DB) inspect(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- db.look(ctx, readPage) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return wrap(context.Cause(ctx))
	}
}
