package postgres

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3/lock"
)

// transactionLocker keeps other processes from migrating by a lock that a
// transaction of its own holds. A lock of the session, as goose has it, is
// another client's behind a pooler that shares sessions, and stays there. The
// number is goose's, so that either kind waits for the other.
type transactionLocker struct {
	db *sql.DB
	tx *sql.Tx
}

var _ lock.SessionLocker = (*transactionLocker)(nil)

// SessionLock implements lock.SessionLocker.
func (l *transactionLocker) SessionLock(ctx context.Context, _ *sql.Conn) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", lock.DefaultLockID); err != nil {
		_ = tx.Rollback() // the transaction is over either way
		return err
	}
	l.tx = tx
	return nil
}

// SessionUnlock implements lock.SessionLocker.
func (l *transactionLocker) SessionUnlock(context.Context, *sql.Conn) error { return l.tx.Rollback() }

// migrationConfig is how migrations connect: without named statements, which
// are gone or another client's behind a pooler that shares sessions.
func migrationConfig(settings *pgx.ConnConfig) *pgx.ConnConfig {
	settings = settings.Copy()
	switch settings.DefaultQueryExecMode {
	case pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec:
		settings.DefaultQueryExecMode = pgx.QueryExecModeExec
	}
	return settings
}
