// Package postgres keeps the record of every index submitted in PostgreSQL: it
// implements core.IndexStore. Any number of processes on any number of
// machines may share a database. The role they use needs no more than the
// right to create tables in it, and not even that once the tables are there.
package postgres

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pisano-dev/pisano/core"
)

const (
	// connectTimeout bounds one attempt to connect, unless the settings have
	// a connect_timeout of their own.
	connectTimeout = 3 * time.Second
	// statementTimeout bounds a call: the wait for a connection, the statement
	// and its repetitions. It is kept by this side, because a server that hangs
	// keeps no time.
	statementTimeout = 5 * time.Second
)

// Check returns what is wrong with settings, without connecting: KindInvalid,
// or nil. The settings are those of New.
func Check(settings string) error {
	_, err := parse(settings)
	return err
}

// New returns the store in a database, without connecting: Migrate is to be
// called before anything else.
//
// The settings are a postgres:// URL or a keyword/value string as psql takes
// them. Whatever they leave out, all of it if they are empty, comes from the
// standard PG* variables; TLS is as these say, nothing is added here. Of several
// hosts the first that takes writes is used, whatever target_session_attrs says.
// Behind a connection pooler no named statements are used. The pool has as many connections as the machine has cores but at least 4, or as
// many as pool_max_conns says.
//
// Settings that can't be right are KindInvalid. No error has a password in its
// text.
func New(settings string) (*IndexStore, error) {
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
	s := new(IndexStore)
	s.anyServer = config.ConnConfig.Copy()
	s.anyServer.ValidateConnect = validate(false)
	config.ConnConfig.ValidateConnect = validate(true)
	config.ConnConfig.OnPgError = keepAfter
	config.ShouldPing = s.shouldPing
	if s.pool, err = pgxpool.NewWithConfig(context.Background(), config); err != nil {
		return nil, wrap(err)
	}
	return s, nil
}

// Open is New and Migrate.
func Open(ctx context.Context, settings string) (*IndexStore, error) {
	s, err := New(settings)
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close waits for the calls under way and closes all connections, which takes
// up to 15 seconds if the server hangs. Nothing may use the store any more.
func (s *IndexStore) Close() { s.pool.Close() }

func invalid(cause error) error {
	return core.WrapError(core.KindInvalid, "The settings of the database can't be used: "+
		"check DATABASE_URL, where a password must be percent-encoded, and the PG* variables.", cause)
}

// strayed reports whether the end of a password, up to the @ behind it, was
// taken for part of a host or the name of a database.
func strayed(config *pgxpool.Config) bool {
	names := []string{config.ConnConfig.Database, config.ConnConfig.Host}
	for _, fallback := range config.ConnConfig.Fallbacks {
		names = append(names, fallback.Host)
	}
	return strings.Contains(strings.Join(names, " "), "@")
}
