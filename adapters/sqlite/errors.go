package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/pisano-dev/pisano/core"
)

// codeOf returns SQLite's primary result code of err, 0 if it has none.
func codeOf(err error) int {
	var fault *sqlite.Error
	if errors.As(err, &fault) {
		return fault.Code() & 0xff
	}
	return 0
}

// extendedCodeOf returns SQLite's extended result code of err, 0 if it has none.
func extendedCodeOf(err error) int {
	var fault *sqlite.Error
	if errors.As(err, &fault) {
		return fault.Code()
	}
	return 0
}

// Locked reports whether an error says that another process holds the file,
// which passes.
func Locked(err error) bool {
	code := codeOf(err)
	return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED
}

// wrap gives an error of the database its kind. An error of the domain is
// returned as it is.
func wrap(err error) error {
	var known *core.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return core.NewError(core.KindNotFound, "Nothing is stored for this index.")
	}
	kind := core.KindInternal
	switch codeOf(err) {
	case sqlite3.SQLITE_FULL:
		return core.WrapError(core.KindUnavailable, "The disk is full.", err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_IOERR,
		sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
		kind = core.KindUnavailable
	case sqlite3.SQLITE_INTERRUPT:
		kind = core.KindCanceled
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return core.WrapError(core.KindInternal, "The data file is damaged.", err)
	default:
		if errors.Is(err, context.DeadlineExceeded) {
			kind = core.KindUnavailable
		}
	}
	return core.WrapError(kind, "The data file can't be used at the moment.", err)
}

const (
	notADatabase = "is not a SQLite database; choose another name, or move the file away"
	damaged      = "is damaged; restore it from a backup, or move it away to begin with an empty one"
)

// errDamaged says that the file fails SQLite's integrity check.
var errDamaged = errors.New("the integrity check failed")

// refused returns the error of an Open that refuses file. What is the end of a
// sentence that begins with "it".
func refused(file, what string, cause error) error {
	return core.WrapError(core.KindInvalid, fmt.Sprintf("The data file %s can't be used: it %s.", file, what), cause)
}

// cannotOpen returns the error of an Open that failed with err.
func cannotOpen(file string, err error) error {
	var known *core.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, errDamaged):
		return refused(file, damaged, err)
	case errors.Is(err, syscall.ENAMETOOLONG):
		return refused(file, "has a name that is too long", err)
	case errors.Is(err, syscall.ELOOP):
		return refused(file, "is behind symbolic links that form a loop", err)
	case errors.Is(err, syscall.ENOTDIR):
		return refused(file, "has a path that leads through a file: a part of it is not a folder", err)
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return refused(file, "is in a folder that this user has no permission to enter", err)
	}
	switch codeOf(err) {
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return refused(file, "must be a file that this user can read and write, in a folder where this user can create files", err)
	case sqlite3.SQLITE_NOTADB:
		return refused(file, notADatabase, err)
	case sqlite3.SQLITE_CORRUPT:
		return refused(file, damaged, err)
	case sqlite3.SQLITE_FULL:
		return refused(file, "is on a disk that is full", err)
	}
	return core.WrapError(core.KindOf(wrap(err)), fmt.Sprintf("The data file %s can't be opened.", file), err)
}
