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

// surroundings are what the database says before anything in it is changed.
type surroundings struct {
	database   string
	schema     string // where tables would be made; "" if no schema of the search path exists
	searchPath string
	mayCreate  bool     // tables in schema
	readOnly   bool     // because default_transaction_read_only is on
	taken      []string // names of Pisano's that objects in schema have
	columns    []string // of indices, each with its type
	migrations bool     // goose_db_version is a record of migrations
	latest     int64    // the highest version in it
}

// surroundingsSQL reads the schema in which tables would be created: what is in
// later schemas of the search path is hidden by them.
const surroundingsSQL = `
	WITH ours AS (
		SELECT oid, relname::text AS name FROM pg_class
		WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND relname IN (
			'goose_db_version', 'indices', 'indices_sequence', 'indices_pkey', 'indices_sequence_key', 'indices_pending', 'indices_calculated')
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

// ourColumns are those that the statements of this version use. A later version
// may add others.
var ourColumns = []string{
	"n bigint", "sequence bigint", "first_seen_at timestamp with time zone", "last_seen_at timestamp with time zone",
	"submissions bigint", "revision bigint", "state smallint", "generation text", "reason text",
}

func (s *IndexStore) surroundings(ctx context.Context) (surroundings, error) {
	ctx, cancel := context.WithTimeout(ctx, statementTimeout)
	defer cancel()
	var at surroundings
	err := s.do(ctx, true, func(ctx context.Context, c session) error {
		err := c.QueryRow(ctx, surroundingsSQL, c.mode).Scan(&at.database, &at.schema, &at.searchPath, &at.mayCreate, &at.readOnly,
			&at.taken, &at.columns, &at.migrations)
		if err == nil && at.migrations {
			err = c.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version", c.mode).Scan(&at.latest)
		}
		return err
	})
	return at, err
}

// hasOurs reports whether the tables are those of Pisano.
func (at surroundings) hasOurs() bool { return at.hasOurColumns() && at.migrations && at.latest > 0 }

func (at surroundings) hasOurColumns() bool {
	for _, column := range ourColumns {
		if !slices.Contains(at.columns, column) {
			return false
		}
	}
	return true
}

// isFree reports whether no object has a name of Pisano's. A record of migrations in
// which there is none yet is one that another process is just making.
func (at surroundings) isFree() bool {
	return len(at.taken) == 0 || len(at.taken) == 1 && at.migrations && at.latest == 0
}

// check returns nil where the tables are ours or can be made.
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
		return core.NewError(core.KindInternal, fmt.Sprintf("The tables can't be made: let the database's role create tables in the schema %s of the database %s, best by making it the owner.",
			at.schema, at.database))
	}
	return nil
}

const (
	// checks is how often the database is checked before it is refused: between
	// two statements another process may have created the tables.
	checks     = 3
	checkPause = 200 * time.Millisecond
)

// checkOwnership refuses a schema that another program uses, before anything is
// changed in it.
func (s *IndexStore) checkOwnership(ctx context.Context) error {
	for check := 1; ; check++ {
		at, err := s.surroundings(ctx)
		var fault *pgconn.PgError
		switch {
		case err == nil:
			err = at.check()
		case !errors.As(err, &fault) || fault.Code != insufficientPrivilege:
			return err
		case at.hasOurColumns():
			return core.WrapError(core.KindInternal, fmt.Sprintf("The tables can't be used: grant the database's role SELECT, INSERT and UPDATE on all tables "+
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

// identityMark begins the comment on the table that names the store.
const identityMark = "Pisano index store "

// identityLock is the number of the advisory lock under which a name is given.
const identityLock = 0x50697361_6e6f

// Identity returns a name that this store has alone: it goes with the data
// through dumps and to standbys. It is "" where it has none, because the role
// that made the tables left it to one that may not name it.
func (s *IndexStore) Identity(ctx context.Context) (string, error) {
	var comment string
	err := s.do(ctx, true, func(ctx context.Context, c session) error {
		return c.QueryRow(ctx, "SELECT coalesce(obj_description(to_regclass('indices'), 'pg_class'), '')", c.mode).Scan(&comment)
	})
	identity, named := strings.CutPrefix(comment, identityMark)
	if !named {
		return "", err
	}
	return identity, err
}

// nameOnce gives the store its identity if it has none. A comment of somebody
// else is left alone.
func (s *IndexStore) nameOnce(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, statementTimeout)
	defer cancel()
	if identity, err := s.Identity(ctx); err != nil || identity != "" {
		return err
	}
	err := s.do(ctx, false, func(ctx context.Context, c session) error {
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
