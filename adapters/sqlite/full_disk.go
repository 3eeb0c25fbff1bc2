package sqlite

import (
	"context"
	"fmt"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/pisano-dev/pisano/core"
)

const (
	// diskReserve is the free space of the disk that values leave to records. With
	// less than that the disk is low.
	diskReserve = 16 << 20
	// recordRoom is the free space inside the file that is kept for records on a
	// disk that is low.
	recordRoom = 1 << 20
)

// isFull reports whether an error may say that the disk has no room, so that
// making room may help. With a quota, or a limit of the size of files, SQLite
// reports a failure to write, as it does for a disk that is broken.
func isFull(err error) bool {
	switch extendedCodeOf(err) {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE:
		return true
	}
	return false
}

// isCertainlyFull reports whether an error says that the disk has no room. A failure
// to write says so only if the disk is known to be low.
func (db *DB) isCertainlyFull(err error) bool {
	if extendedCodeOf(err) != sqlite3.SQLITE_IOERR_WRITE {
		return isFull(err)
	}
	free, known := db.diskFree()
	return known && free < diskReserve
}

// persist runs f in a transaction as transact does, on a disk that may be full. f
// may run several times.
//
// While the disk is low, values make room for what is written: they can be
// calculated again. The file must not grow then. What is committed is in the log
// and is copied to the file later, and if the file can't grow by then, the log
// can't be emptied and grows until it can't grow either.
func (db *DB) persist(ctx context.Context, f func(tx transaction) error) error {
	withRoom := func(tx transaction) error {
		if err := keepRoom(tx); err != nil {
			return err
		}
		return f(tx)
	}
	first := f
	if free, known := db.diskFree(); known && free < diskReserve {
		first = withRoom
	}
	err := db.transact(ctx, first)
	if !isFull(err) {
		return err
	}
	if err := db.restartLog(ctx); err != nil {
		return wrap(err)
	}
	return db.transact(ctx, func(tx transaction) error {
		tx.full = true
		return withRoom(tx)
	})
}

// noteRecord notes for Ping whether there was room for a record.
func (db *DB) noteRecord(err error) {
	if err == nil || isFull(err) {
		db.recordRefused.Store(err != nil)
	}
}

// checkLog returns nil unless the last record found no room and the log can still
// not be copied to the file: a record takes more of the log than a probe.
func (db *DB) checkLog(ctx context.Context) error {
	if !db.recordRefused.Load() {
		return nil
	}
	if err := db.restartLog(ctx); err != nil {
		return wrap(err)
	}
	db.recordRefused.Store(false)
	return nil
}

// keepRoom evicts the oldest values until the file has recordRoom free, or no
// value is left.
func keepRoom(tx transaction) error {
	free, err := freeInFile(tx)
	if err != nil {
		return err
	}
	return evict(tx, recordRoom-free)
}

// noRoom is the error for a value that the disk has no room for.
func noRoom(n core.Index, cause error) error {
	return core.WrapError(core.KindOverloaded, fmt.Sprintf("F(%d) can't be kept: the disk is full.", n), cause)
}
