package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// attempts is how often a statement is tried that was rolled back because of a
// conflict with others, or refused by a server that has lost its role.
const attempts = 3

// do runs a statement on a connection. Its error has a kind.
func (db *DB) do(ctx context.Context, reads bool, statement func(context.Context, session) error) error {
	ctx, cancel := context.WithTimeout(ctx, db.timeout)
	defer cancel()
	var err error
	for range attempts {
		var c session
		if c, err = db.open(ctx, reads); err == nil {
			err = statement(ctx, c)
		}
		again := db.learn(ctx, c, err)
		if c.Conn != nil {
			c.release()
		}
		if !again {
			break
		}
	}
	return wrap(err)
}

// query runs a statement that only reads, and returns its rows as scanned by
// scan.
func query[T any](ctx context.Context, db *DB, scan pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	return collect(ctx, db, true, scan, sql, args...)
}

// collect runs a statement, and returns its rows as scanned by scan. It returns
// after the commit, not after the last row.
func collect[T any](ctx context.Context, db *DB, reads bool, scan pgx.RowToFunc[T], sql string, args ...any) (all []T, err error) {
	err = db.do(ctx, reads, func(ctx context.Context, c session) error {
		rows, err := c.Query(ctx, sql, append([]any{c.mode}, args...)...)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, scan)
		return err
	})
	if !reads {
		db.noteWrite(err)
	}
	if err != nil {
		return nil, err
	}
	return all, nil
}

// change runs a statement, and reports whether it changed a row.
func (db *DB) change(ctx context.Context, sql string, args ...any) (changed bool, err error) {
	err = db.do(ctx, false, func(ctx context.Context, c session) error {
		tag, err := c.Exec(ctx, sql, append([]any{c.mode}, args...)...)
		changed = tag.RowsAffected() > 0
		return err
	})
	db.noteWrite(err)
	return changed && err == nil, err
}
