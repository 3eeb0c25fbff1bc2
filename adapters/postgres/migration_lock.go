package postgres

import (
	"context"
	"database/sql"
	"time"

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

// lockPause is the time between two attempts to take the lock.
const lockPause = 50 * time.Millisecond

// SessionLock implements lock.SessionLocker. Between its attempts a waiting
// process has no transaction open: behind a pooler that shares transactions it
// holds no server connection then. Those that wait would else leave none to the
// process that migrates, which needs two: one for this lock, one to migrate on.
func (l *transactionLocker) SessionLock(ctx context.Context, _ *sql.Conn) error {
	for {
		taken, err := l.try(ctx)
		if taken || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lockPause):
		}
	}
}

func (l *transactionLocker) try(ctx context.Context) (taken bool, err error) {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	if err := tx.QueryRowContext(ctx, "SELECT pg_try_advisory_xact_lock($1)", lock.DefaultLockID).Scan(&taken); err != nil || !taken {
		_ = tx.Rollback() // the transaction is over either way
		return false, err
	}
	l.tx = tx
	return true, nil
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
