package postgres

import (
	"context"

	"github.com/pisano-dev/pisano/core"
)

// usableSQL checks what Record needs, and writes nothing.
const usableSQL = `
	SELECT current_setting('transaction_read_only') = 'off', pg_is_in_recovery(),
		has_table_privilege('indices', 'SELECT') AND has_table_privilege('indices', 'INSERT')
		AND has_table_privilege('indices', 'UPDATE') AND has_sequence_privilege('indices_sequence', 'USAGE, UPDATE')`

// Ping checks that the server takes writes and that the role has the rights to
// record an index. It writes nothing. If the last write failed for want of disk
// space or memory, Ping returns its error for noRoomPeriod.
func (db *DB) Ping(ctx context.Context) error {
	var writable, standby, permitted bool
	err := db.do(ctx, false, func(ctx context.Context, c session) error {
		return c.QueryRow(ctx, usableSQL, c.mode).Scan(&writable, &standby, &permitted)
	})
	switch {
	case err != nil:
		return err
	case !writable:
		db.pool.Reset() // a new connection may reach the server that took over
		return wrap(readOnly(standby))
	case !permitted:
		return core.NewError(core.KindInternal, "The database's role may not read and write the table indices.")
	}
	return db.lastWrite()
}
