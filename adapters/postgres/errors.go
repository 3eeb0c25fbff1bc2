package postgres

import (
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/pisano-dev/pisano/core"
)

// wrap gives an error of the database its kind.
//
// What the server says of a statement has a code. Every other failure is one
// on the way to the server: it can't be reached, does not let us in, does not
// answer in time, or the connection broke, perhaps after the commit was sent.
func wrap(err error) error {
	var fault *pgconn.PgError
	var connect *pgconn.ConnectError
	var scan pgx.ScanArgError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return core.NewError(core.KindNotFound, "There is no such entry.")
	case errors.As(err, &connect):
	case errors.As(err, &scan), errors.As(err, &fault) && !passing(fault.Code):
		return core.WrapError(core.KindInternal, "The database can't do what was asked of it.", err)
	}
	return core.WrapError(core.KindUnavailable, "The database can't be reached just now.", err)
}

// passing reports whether the trouble that a code stands for is the server's
// own and may be over when the statement is tried again.
func passing(code string) bool {
	switch code {
	case "25006", // read-only transaction: a standby, or a primary that was demoted
		"55P03": // lock not available
		return true
	}
	switch code[:2] {
	case "08", // connection exception
		"40", // transaction rollback
		"53", // insufficient resources: connections, memory, disk
		"57", // operator intervention: shutdown, starting up, cancelled
		"58": // system error: input and output
		return true
	}
	return false
}

// repeatable reports whether a statement was undone only because it met
// others, and may be tried again at once.
func repeatable(err error) bool {
	var fault *pgconn.PgError
	return errors.As(err, &fault) && (fault.Code == "40001" || fault.Code == "40P01")
}
