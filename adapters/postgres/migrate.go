package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/pisano-dev/pisano/core"
)

// migrationTimeout bounds all migrations, including the wait for another process
// that runs them.
const migrationTimeout = time.Minute

// insufficientPrivilege is PostgreSQL's error code for a missing privilege.
const insufficientPrivilege = "42501"

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate creates the tables or upgrades them. Any number of processes may call
// it at once: one of them migrates, and the others wait. Tables of a later
// version are used as they are.
//
// The error is of KindInvalid, and nothing is changed, if the tables of another
// program are in the way or the search path has no schema. It is of
// KindUnavailable if the server can't be reached; call Migrate again. It is of
// KindInternal if the role lacks a privilege.
func (db *DB) Migrate(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, migrationTimeout)
	defer cancel()
	if err := db.checkOwnership(ctx); err != nil {
		return err
	}
	pool := stdlib.OpenDB(*migrationConfig(db.anyServer))
	defer pool.Close()

	err := up(ctx, pool)
	if err == nil {
		err = db.nameOnce(ctx)
	}
	var fault *pgconn.PgError
	if errors.As(err, &fault) && fault.Code == insufficientPrivilege {
		return core.WrapError(core.KindInternal,
			"The tables can't be created: let the database's role create tables in it, best by making it the owner.", err)
	}
	return wrap(err)
}

func up(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithSessionLocker(&transactionLocker{db: db}), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	// HasPending takes no lock, so that all starts but the first neither wait for
	// each other nor need the privilege to create tables.
	pending, err := provider.HasPending(ctx)
	if err != nil || !pending {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}
