package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// errProbed ends the transaction of a probe.
var errProbed = errors.New("probed")

// probe begins to write, and leaves it at that. It returns when ctx is over,
// although a file that another process has locked is waited for.
func (db *DB) probe(ctx context.Context) error {
	done := make(chan error, 1)
	go func() {
		done <- db.update(ctx, func(tx *sql.Tx) error {
			var one int
			if err := tx.QueryRowContext(ctx, "SELECT 1 FROM generation").Scan(&one); err != nil {
				return err
			}
			return errProbed
		})
	}()
	select {
	case err := <-done:
		if errors.Is(err, errProbed) {
			return nil
		}
		return err
	case <-ctx.Done():
		return wrap(context.Cause(ctx))
	}
}
