// Package postgres implements core.IndexStore on PostgreSQL. Any number of
// processes on any number of machines may share a database. The role needs the
// privilege to create tables only until they exist.
package postgres

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pisano-dev/pisano/core"
)

const (
	// connectTimeout bounds one attempt to connect, unless the settings have a
	// connect_timeout.
	connectTimeout = 3 * time.Second
	// statementTimeout bounds a call: the wait for a connection, the statement
	// and its retries. It is enforced by the client, because a server that hangs
	// enforces nothing.
	statementTimeout = 5 * time.Second
)

// DB is a pool of connections to a database. Its IndexStore is the port. A DB is
// safe for concurrent use.
type DB struct {
	pool      *pgxpool.Pool
	timeout   time.Duration   // of a call
	anyServer *pgx.ConnConfig // for what may be done on a read-only server too
	unnamed   atomic.Bool     // named statements have failed
	refused   atomic.Pointer[refusal]
}

// Check returns an error of KindInvalid if the settings, which are those of New,
// can't be used, and nil otherwise. It does not connect.
func Check(settings string) error {
	_, err := parse(settings)
	return err
}

// New returns a DB and does not connect. Call Migrate before anything else.
//
// The settings are a postgres:// URL or a keyword/value string as psql accepts
// them. Parameters that they omit, possibly all, are taken from the standard PG*
// variables. The same settings decide about TLS; New adds none of its own. If
// there are several hosts, the first that takes writes is used, whatever
// target_session_attrs says. Behind a connection pooler no named statements are
// used. The pool has pool_max_conns connections; by default one per processor,
// and at least 4.
//
// Invalid settings are an error of KindInvalid. No error contains a password.
func New(settings string) (*DB, error) {
	config, err := parse(settings)
	if err != nil {
		return nil, err
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	if parameters := config.ConnConfig.RuntimeParams; parameters["application_name"] == "" {
		parameters["application_name"] = "pisano"
	}
	db := &DB{timeout: statementTimeout}
	db.anyServer = config.ConnConfig.Copy()
	db.anyServer.ValidateConnect = validate(false)
	config.ConnConfig.ValidateConnect = validate(true)
	config.ConnConfig.OnPgError = keepAfter
	config.ShouldPing = db.shouldPing
	if db.pool, err = pgxpool.NewWithConfig(context.Background(), config); err != nil {
		return nil, wrap(err)
	}
	return db, nil
}

// Open calls New and Migrate.
func Open(ctx context.Context, settings string) (*DB, error) {
	db, err := New(settings)
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// Close waits for the calls in progress and closes all connections, which takes
// up to 15 seconds if the server hangs. After it, every call fails with
// KindUnavailable.
func (db *DB) Close() { db.pool.Close() }

func invalid(cause error) error {
	return core.WrapError(core.KindInvalid, "The settings of the database can't be used: "+
		"check DATABASE_URL, where a password must be percent-encoded, and the PG* variables.", cause)
}

// strayed reports whether the end of a password, up to the @ that follows it, was
// taken for part of a host or of the database's name.
func strayed(config *pgxpool.Config) bool {
	names := []string{config.ConnConfig.Database, config.ConnConfig.Host}
	for _, fallback := range config.ConnConfig.Fallbacks {
		names = append(names, fallback.Host)
	}
	return strings.Contains(strings.Join(names, " "), "@")
}
