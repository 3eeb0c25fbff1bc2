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

// wrap gives an error of the database its kind. An error of the domain is
// returned as it is.
//
// What the server says of a statement has a code. Every other failure is one
// on the way to the server: it can't be reached, does not let us in, does not
// answer in time, or the connection broke, perhaps after the commit was sent.
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
		return core.WrapError(core.KindUnavailable, "The database takes no writes: its default_transaction_read_only is on.", err)
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

// readOnlyTransaction is the code of a write that a standby, a primary that was
// demoted, or default_transaction_read_only refuses.
const readOnlyTransaction = "25006"

// Permanent reports whether an error of New, Open or Migrate stays until
// the settings or the server are changed: a wrong password, a missing
// database, a parameter that the server does not know, a certificate that is
// not trusted, a server that is too old. Of several hosts all must refuse.
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

// refusedTLS is what pgx says of a server without TLS.
const refusedTLS = "server refused TLS connection"

// refusedByPooler reports whether PgBouncer refuses a client for its settings.
// It has one code for that and for what passes.
func refusedByPooler(message string) bool {
	for _, reason := range []string{"unsupported startup parameter", "no such database", "no such user"} {
		if strings.Contains(message, reason) {
			return true
		}
	}
	return false
}

// passing reports whether the trouble that a code stands for is the server's
// own and may be over when the statement is tried again. An error without a
// code comes from something before the server, or from a server that can't
// start a process for the connection: it passes.
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
