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

// migrationTimeout bounds all migrations and the wait for another process that
// does them.
const migrationTimeout = time.Minute

// insufficientPrivilege is PostgreSQL's code for a right that a role lacks.
const insufficientPrivilege = "42501"

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate makes the tables or brings them up to date. Any number of processes
// may do so at once: one of them makes the tables, the others wait for it. A
// server that can't be reached is KindUnavailable; it may be tried again.
//
// Where another program's tables are in the way, or no schema, it is KindInvalid
// and nothing is changed. Tables of a later version are used as they are.
func (s *IndexStore) Migrate(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, migrationTimeout)
	defer cancel()
	if err := s.checkOwnership(ctx); err != nil {
		return err
	}
	db := stdlib.OpenDB(*migrationConfig(s.anyServer))
	defer db.Close()

	err := up(ctx, db)
	if err == nil {
		err = s.nameOnce(ctx)
	}
	var fault *pgconn.PgError
	if errors.As(err, &fault) && fault.Code == insufficientPrivilege {
		return core.WrapError(core.KindInternal,
			"The tables can't be made: let the database's role create tables in it, best by making it the owner.", err)
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
	// Looking takes no lock, so that the many starts after the first neither
	// queue nor need a role that may make tables.
	pending, err := provider.HasPending(ctx)
	if err != nil || !pending {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}
