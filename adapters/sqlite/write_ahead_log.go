package sqlite

import (
	"context"
	"fmt"
	"os"
)

// logReserve is the size of the write-ahead log that is allocated when the file is
// opened, and kept: on a full disk there is a log to write to. It is what SQLite lets
// accumulate in the log before it copies it to the file.
const logReserve = 4 << 20

// restartLog copies the log to the file, so that the next write begins at its
// start.
func (db *DB) restartLog(ctx context.Context) error {
	if err := db.writes.Begin(ctx); err != nil {
		return err
	}
	defer db.writes.End()
	var busy, frames, copied int
	return db.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(RESTART)").Scan(&busy, &frames, &copied)
}

// copyLog copies the log to the file, as far as readers allow, which fails only
// as the next write will. With nothing to copy it does nothing.
func (db *DB) copyLog(ctx context.Context) {
	var busy, frames, copied int
	_ = db.read.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &frames, &copied)
}

// reserveLog allocates the log: a transaction that is larger than the connection's
// memory is written to it before it is rolled back. A disk without room for that
// has to do without.
func (db *DB) reserveLog(ctx context.Context) {
	if free, known := db.diskFree(); known && free < diskReserve {
		return
	}
	if info, err := os.Stat(db.presence.path + walSuffix); err == nil && info.Size() >= logReserve {
		return
	}
	var pages int
	if err := db.write.QueryRowContext(ctx, "PRAGMA cache_size").Scan(&pages); err != nil {
		return
	}
	_, _ = db.write.ExecContext(ctx, "PRAGMA cache_size = 10")
	defer func() {
		_, _ = db.write.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("PRAGMA cache_size = %d", pages))
	}()
	_ = db.look(ctx, func(tx transaction) error {
		_, err := tx.exec("INSERT INTO chunks (n, k, data) VALUES (0, -1, zeroblob(?))", logReserve)
		return err
	})
}
