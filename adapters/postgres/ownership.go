package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/pisano-dev/pisano/core"
)

// surroundings describes the database before anything in it is changed.
type surroundings struct {
	database   string
	schema     string // where tables would be created; "" if no schema of the search path exists
	searchPath string
	mayCreate  bool     // whether the role may create tables in schema
	readOnly   bool     // because default_transaction_read_only is on
	taken      []string // objects in schema that have one of Pisano's names
	columns    []string // of the table indices, each with its type
	migrations bool     // goose_db_version is a record of migrations
	latest     int64    // the highest version in it
}

// surroundingsSQL reads the schema in which tables would be created. Its tables
// hide those of later schemas in the search path.
const surroundingsSQL = `
	WITH ours AS (
		SELECT oid, relname::text AS name FROM pg_class
		WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND relname IN (
			'goose_db_version', 'indices', 'indices_sequence', 'indices_pkey', 'indices_sequence_key', 'indices_pending', 'indices_calculated', 'indices_failed',
			'submission_keys', 'submission_keys_pkey', 'submission_keys_used')
	)
	SELECT current_database(), coalesce(current_schema(), ''), current_setting('search_path'),
		coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
		current_setting('transaction_read_only') = 'on' AND NOT pg_is_in_recovery(),
		ARRAY(SELECT name FROM ours ORDER BY name),
		ARRAY(
			SELECT attname || ' ' || format_type(atttypid, NULL) FROM pg_attribute JOIN ours ON attrelid = oid
			WHERE name = 'indices' AND attnum > 0 AND NOT attisdropped
		),
		2 = (
			SELECT count(*) FROM pg_attribute JOIN ours ON attrelid = oid
			WHERE name = 'goose_db_version' AND attname IN ('version_id', 'is_applied')
		)`

// ourColumns are the columns that the statements of this version use. A later
// version may add others.
var ourColumns = []string{
	"n bigint", "sequence bigint", "first_seen_at timestamp with time zone", "last_seen_at timestamp with time zone",
	"submissions bigint", "revision bigint", "state smallint", "generation text", "reason text",
}

func (db *DB) surroundings(ctx context.Context) (surroundings, error) {
	ctx, cancel := context.WithTimeout(ctx, db.timeout)
	defer cancel()
	var at surroundings
	err := db.do(ctx, true, func(ctx context.Context, c session) error {
		err := c.QueryRow(ctx, surroundingsSQL, c.mode).Scan(&at.database, &at.schema, &at.searchPath, &at.mayCreate, &at.readOnly,
			&at.taken, &at.columns, &at.migrations)
		if err == nil && at.migrations {
			err = c.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version", c.mode).Scan(&at.latest)
		}
		return err
	})
	return at, err
}

// hasOurs reports whether the tables are Pisano's.
func (at surroundings) hasOurs() bool { return at.hasOurColumns() && at.migrations && at.latest > 0 }

func (at surroundings) hasOurColumns() bool {
	for _, column := range ourColumns {
		if !slices.Contains(at.columns, column) {
			return false
		}
	}
	return true
}

// isFree reports whether no object has one of Pisano's names. A table of
// migrations without a row is being created by another process.
func (at surroundings) isFree() bool {
	return len(at.taken) == 0 || len(at.taken) == 1 && at.migrations && at.latest == 0
}

// check returns nil if the tables are Pisano's or can be created.
func (at surroundings) check() error {
	switch {
	case at.hasOurs():
		return nil
	case !at.isFree():
		return core.NewError(core.KindInvalid, fmt.Sprintf("The schema %s of the database %s is not Pisano's: another program made %s in it, "+
			"or a version of Pisano that this one can't share it with. Nothing was changed. Give Pisano a database of its own, "+
			"or a schema: CREATE SCHEMA pisano, and search_path=pisano in DATABASE_URL.",
			at.schema, at.database, strings.Join(at.taken, ", ")))
	case at.schema == "":
		return core.NewError(core.KindInvalid, fmt.Sprintf("No schema of the search_path %q exists in the database %s: create one, or set another search_path in DATABASE_URL.",
			at.searchPath, at.database))
	case at.readOnly:
		return wrap(errReadOnlyByDefault) // it may be off by the time the start is tried again
	case !at.mayCreate:
		return core.NewError(core.KindInternal, fmt.Sprintf("The tables can't be created: let the database's role create tables in the schema %s of the database %s, best by making it the owner.",
			at.schema, at.database))
	}
	return nil
}

const (
	// checks is how often the database is checked before it is refused, because
	// another process may create the tables between two statements of a check.
	checks     = 3
	checkPause = 200 * time.Millisecond
)

// checkOwnership returns an error if another program uses the schema or the
// tables can't be created. It changes nothing.
func (db *DB) checkOwnership(ctx context.Context) error {
	for check := 1; ; check++ {
		at, err := db.surroundings(ctx)
		var fault *pgconn.PgError
		switch {
		case err == nil:
			err = at.check()
		case !errors.As(err, &fault) || fault.Code != insufficientPrivilege:
			return err
		case at.hasOurColumns():
			return core.WrapError(core.KindInternal, fmt.Sprintf("The tables can't be used: grant the database's role SELECT, INSERT, UPDATE and DELETE on all tables "+
				"in the schema %s of the database %s, and USAGE on its sequences.", at.schema, at.database), err)
		default:
			err = at.check()
		}
		if err == nil || check == checks {
			return err
		}
		select {
		case <-time.After(checkPause):
		case <-ctx.Done():
			return wrap(context.Cause(ctx))
		}
	}
}

// identityMark is the beginning of the comment on the table, which names the
// store.
const identityMark = "Pisano index store "

// identityLock is the advisory lock that is held while a store is named.
const identityLock = 0x50697361_6e6f

// Identity returns a name that is unique to this store. It is stored with the
// data, so that dumps and standbys have it too. It is empty if the role that owns
// the tables has not named the store and this role may not.
func (db *DB) Identity(ctx context.Context) (string, error) {
	var comment string
	err := db.do(ctx, true, func(ctx context.Context, c session) error {
		return c.QueryRow(ctx, "SELECT coalesce(obj_description(to_regclass('indices'), 'pg_class'), '')", c.mode).Scan(&comment)
	})
	identity, named := strings.CutPrefix(comment, identityMark)
	if !named {
		return "", err
	}
	return identity, err
}

// nameOnce names the store if it has no name. It does not replace a comment that
// is not Pisano's.
func (db *DB) nameOnce(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, db.timeout)
	defer cancel()
	if identity, err := db.Identity(ctx); err != nil || identity != "" {
		return err
	}
	err := db.do(ctx, false, func(ctx context.Context, c session) error {
		return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", c.mode, int64(identityLock)); err != nil {
				return err
			}
			var commented bool
			if err := tx.QueryRow(ctx, "SELECT obj_description(to_regclass('indices'), 'pg_class') IS NOT NULL", c.mode).Scan(&commented); err != nil || commented {
				return err
			}
			_, err := tx.Exec(ctx, "COMMENT ON TABLE indices IS '"+identityMark+rand.Text()+"'", c.mode)
			return err
		})
	})
	var fault *pgconn.PgError
	if errors.Is(err, errReadOnly) || errors.As(err, &fault) && (fault.Code == insufficientPrivilege || fault.Code == readOnlyTransaction) {
		return nil // only its owner may
	}
	return err
}
