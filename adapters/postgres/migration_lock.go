package postgres

import (
	"context"
	"database/sql"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3/lock"
)

// transactionLocker prevents two processes from migrating at once, by an advisory
// lock held by a transaction. goose's own lock is held by a session: behind a
// pooler that shares sessions it would pass to another client and never be
// released. The number of the lock is goose's, so that either kind excludes the
// other.
type transactionLocker struct {
	db *sql.DB
	tx *sql.Tx
}

var _ lock.SessionLocker = (*transactionLocker)(nil)

// lockPause is the time between two attempts to take the lock.
const lockPause = 50 * time.Millisecond

// SessionLock implements lock.SessionLocker. A waiting process has no transaction
// open between its attempts: behind a pooler that shares transactions, it holds
// no server connection then. Otherwise waiting processes could take all
// connections, while the one that migrates needs two, one for the lock and one
// for the migrations.
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

// migrationConfig returns the settings for the connections of migrations. They
// use no named statements, which behind a pooler that shares sessions may be
// missing or belong to another client.
func migrationConfig(settings *pgx.ConnConfig) *pgx.ConnConfig {
	settings = settings.Copy()
	switch settings.DefaultQueryExecMode {
	case pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec:
		settings.DefaultQueryExecMode = pgx.QueryExecModeExec
	}
	return settings
}
