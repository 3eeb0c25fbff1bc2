package postgres

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/pisano-dev/pisano/core"
)

// wrap gives an error of the database its kind. A *core.Error is returned
// unchanged.
//
// An error that the server reports for a statement has a code. Every other error
// arose on the way to the server: it is unreachable, refuses the login or does
// not answer in time, or the connection broke, perhaps after the commit was sent.
func wrap(err error) error {
	var known *core.Error
	var fault *pgconn.PgError
	var connect *pgconn.ConnectError
	var scan pgx.ScanArgError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return known
	case errors.Is(err, pgx.ErrNoRows):
		return core.NewError(core.KindNotFound, "This index has not been submitted.")
	case errors.Is(err, errReadOnlyByDefault):
		return core.WrapError(core.KindUnavailable, "The database does not accept writes: default_transaction_read_only is on.", err)
	case errors.Is(err, errReadOnly), errors.As(err, &fault) && fault.Code == readOnlyTransaction:
		return core.WrapError(core.KindUnavailable, "The database is read-only at the moment.", err)
	case errors.As(err, &fault) && noRoom(fault.Code):
		return core.WrapError(core.KindUnavailable, "The database is out of disk space or memory.", err)
	case errors.As(err, &connect) && Permanent(err):
		return core.WrapError(core.KindUnavailable, "The database refuses the connection: check its settings, name and password.", err)
	case errors.As(err, &connect):
	case errors.As(err, &scan), errors.As(err, &fault) && !passing(fault.Code):
		return core.WrapError(core.KindInternal, "The database refused a statement.", err)
	}
	return core.WrapError(core.KindUnavailable, "The database can't be reached at the moment.", err)
}

// readOnlyTransaction is the error code of a write refused by a standby, by a
// demoted primary, or because of default_transaction_read_only.
const readOnlyTransaction = "25006"

// Permanent reports whether an error of New, Open or Migrate persists until the
// settings or the server are changed: a wrong password, a missing database, an
// unknown parameter, an untrusted certificate, an unsupported version. If the
// settings name several hosts, it is true only if the errors of all of them
// persist.
func Permanent(err error) bool {
	switch e := err.(type) { //nolint:errorlint // the tree is walked here
	case nil:
		return false
	case *pgconn.PgError:
		return !passing(e.Code) || e.Code == "08P01" && refusedByPooler(e.Message)
	case *tls.CertificateVerificationError, x509.UnknownAuthorityError, x509.HostnameError, x509.CertificateInvalidError:
		return true
	case interface{ Unwrap() []error }:
		all := e.Unwrap()
		for _, one := range all {
			if !Permanent(one) {
				return false
			}
		}
		return len(all) > 0
	}
	if err == errTooOld || err.Error() == refusedTLS { //nolint:errorlint // as above
		return true
	}
	return Permanent(errors.Unwrap(err))
}

// refusedTLS is pgx's message for a server without TLS.
const refusedTLS = "server refused TLS connection"

// refusedByPooler reports whether PgBouncer refuses a client because of the
// client's settings. PgBouncer uses the same code for temporary refusals.
func refusedByPooler(message string) bool {
	for _, reason := range []string{"unsupported startup parameter", "no such database", "no such user"} {
		if strings.Contains(message, reason) {
			return true
		}
	}
	return false
}

// passing reports whether an error code stands for a temporary condition of the
// server, so that a retry may succeed. An error without a code counts as
// temporary: it comes from something in front of the server, or from a server
// that can't start a process for the connection.
func passing(code string) bool {
	if code == "55P03" || lostRole(code) { // lock not available
		return true
	}
	switch code[:min(2, len(code))] {
	case "", // no code
		"08", // connection exception
		"40", // transaction rollback
		"53", // insufficient resources: connections, memory, disk
		"57", // operator intervention: shutdown, starting up, cancelled
		"58": // system error: input and output
		return true
	}
	return false
}
