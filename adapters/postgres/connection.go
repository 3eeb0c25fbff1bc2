package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pisano-dev/pisano/core"
)

const (
	// oldestServer is the oldest supported version, in the form of
	// server_version_num.
	oldestServer = 150000
	// idlePing is the idle time after which a connection is pinged before use.
	idlePing = time.Second
	// pingTimeout bounds the ping before use and the closing of a connection.
	pingTimeout = time.Second
)

// pooledKey is the key, in a connection's custom data, of whether a connection
// pooler sits between this process and the server.
const pooledKey = "pooled"

// errTooOld is the cause of the error for a server that is not supported.
var errTooOld = errors.New("PostgreSQL is too old")

// errReadOnly is the error of connecting to a server that takes no writes.
var errReadOnly = pgconn.ErrReadOnlyConnection

// errReadOnlyByDefault is the error of connecting to a primary whose
// default_transaction_read_only is on.
var errReadOnlyByDefault = fmt.Errorf("default_transaction_read_only is on: %w", errReadOnly)

// readOnly returns the error for a server that takes no writes: a standby, or
// else a primary.
func readOnly(standby bool) error {
	if standby {
		return errReadOnly
	}
	return errReadOnlyByDefault
}

// validate returns a check of new connections. The server's version must be
// supported and, if writable is set, the server must take writes: for a standby
// or a demoted primary, pgx tries the next host. Without the check, the pool
// would keep connections to a server that has lost its role.
func validate(writable bool) pgconn.ValidateConnectFunc {
	return func(ctx context.Context, conn *pgconn.PgConn) error {
		results, err := conn.Exec(ctx, `SELECT current_setting('server_version_num'),
			current_setting('transaction_read_only'), pg_backend_pid(), pg_is_in_recovery()`).ReadAll()
		if err != nil {
			return err
		}
		if len(results) != 1 || len(results[0].Rows) != 1 || len(results[0].Rows[0]) != 4 {
			return errors.New("the server did not say what it is")
		}
		row := results[0].Rows[0]
		if err := checkVersion(string(row[0])); err != nil {
			return err
		}
		// A pooler reports a process id of its own when a client connects.
		conn.CustomData()[pooledKey] = string(row[2]) != strconv.FormatUint(uint64(conn.PID()), 10)
		if writable && string(row[1]) == "on" {
			return readOnly(string(row[3]) == "t")
		}
		return nil
	}
}

// checkVersion returns an error for a server_version_num that is not supported.
func checkVersion(number string) error {
	version, err := strconv.Atoi(number)
	if err != nil {
		return fmt.Errorf("the server's version %q can't be read", number)
	}
	if version < oldestServer {
		return core.WrapError(core.KindUnavailable,
			fmt.Sprintf("PostgreSQL %d.%d is too old: Pisano needs PostgreSQL %d or later.", version/10000, version%10000, oldestServer/10000), errTooOld)
	}
	return nil
}

// keepAfter reports whether a connection is still usable after an error that the
// server reported on it.
func keepAfter(_ *pgconn.PgConn, fault *pgconn.PgError) bool {
	return !strings.EqualFold(fault.Severity, "FATAL") && !lostRole(fault.Code)
}

// lostRole reports whether an error code means that the server has lost the role
// it had when the connection was made. The pool's other connections are then
// unusable too.
func lostRole(code string) bool {
	switch code {
	case readOnlyTransaction,
		"57P01", "57P02", "57P03": // shutting down, crashed, starting up
		return true
	}
	return false
}

// shouldPing decides whether the pool pings an idle connection before use. If the
// server does not answer a ping of its own, it resets the pool, because all
// connections are to that server; the pool's ping then fails at once.
func (db *DB) shouldPing(ctx context.Context, p pgxpool.ShouldPingParams) bool {
	if p.IdleDuration < idlePing {
		return false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTimeout)
	defer cancel()
	if p.Conn.Ping(ctx) == nil {
		return false
	}
	db.pool.Reset()
	return true
}

// session is a connection for one statement.
type session struct {
	*pgx.Conn
	mode    pgx.QueryExecMode
	release func()
}

// open returns a connection to a server that takes writes. If there is none, a
// statement that only reads gets a new connection to a read-only server. That
// connection is not pooled, so that the next statement looks for a server that
// takes writes again.
func (db *DB) open(ctx context.Context, reads bool) (session, error) {
	var c session
	pooled, err := db.pool.Acquire(ctx)
	switch {
	case err == nil:
		c = session{Conn: pooled.Conn(), release: pooled.Release}
	case reads && errors.Is(err, errReadOnly):
		conn, err := pgx.ConnectConfig(ctx, db.anyServer)
		if err != nil {
			return c, err
		}
		c = session{Conn: conn, release: func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTimeout)
			defer cancel()
			_ = conn.Close(ctx) // it served its purpose
		}}
	default:
		return c, err
	}
	c.mode = c.Config().DefaultQueryExecMode
	if pooled, _ := c.PgConn().CustomData()[pooledKey].(bool); c.mode == pgx.QueryExecModeCacheStatement && (pooled || db.unnamed.Load()) {
		// A pooler may run each transaction on another server connection, where a
		// named statement is missing or another client's.
		c.mode = pgx.QueryExecModeCacheDescribe
	}
	return c, nil
}

// learn acts on an error for the sake of other connections, and reports whether
// the statement had no effect and can be retried at once.
func (db *DB) learn(ctx context.Context, c session, err error) (again bool) {
	var fault *pgconn.PgError
	switch {
	case err == nil || context.Cause(ctx) != nil && !errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		return false
	case !errors.As(err, &fault):
		if c.Conn != nil && c.IsClosed() {
			db.pool.Reset() // it broke, or the server hangs
		}
		return c.Conn != nil && pgconn.SafeToRetry(err)
	case lostRole(fault.Code):
		db.pool.Reset()
		return fault.Code == readOnlyTransaction
	case fault.Code == "26000", fault.Code == "42P05": // prepared statement missing, or there already
		db.unnamed.Store(true)
		return c.mode == pgx.QueryExecModeCacheStatement
	}
	return fault.Code == "40001" || fault.Code == "40P01" // undone because it met others
}
