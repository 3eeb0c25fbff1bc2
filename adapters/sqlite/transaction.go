package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/pisano-dev/pisano/adapters/internal/batches"
)

// transaction is one that writes. Its statements are not interrupted: they are
// short, and others may share it.
type transaction struct {
	statements *statements
	full       bool // the file can't grow
}

// exec runs a statement and reports whether it changed anything.
func (tx transaction) exec(statement string, args ...any) (changed bool, err error) {
	result, err := tx.statements.ExecContext(context.Background(), statement, args...)
	if err != nil {
		return false, err
	}
	count, err := result.RowsAffected()
	return count > 0, err
}

func (tx transaction) row(query string, args ...any) *sql.Row {
	return tx.statements.QueryRowContext(context.Background(), query, args...)
}

func (tx transaction) rows(query string, args ...any) (*sql.Rows, error) {
	return tx.statements.QueryContext(context.Background(), query, args...)
}

// updateDurably is update for what must not be lost: it returns nil only if what f
// wrote is on the disk.
func (db *DB) updateDurably(ctx context.Context, f func(tx transaction) error) error {
	if err := db.update(ctx, f); err != nil {
		return err
	}
	return db.synced(ctx)
}

// update runs f, perhaps several times, in a transaction that is committed if f
// returns nil. On a full disk the oldest values make room for it. It returns nil
// only if the file was still at its path after that: what is committed into one that
// was removed is not promised to anybody. A crash of the machine may undo it, and
// with it all that was committed later.
func (db *DB) update(ctx context.Context, f func(tx transaction) error) error {
	var began *time.Time // never changed once stored: Ping reads it
	defer func() { db.writing.CompareAndSwap(began, nil) }()
	return db.persist(ctx, func(tx transaction) error {
		now := time.Now()
		began = &now
		db.writing.Store(began)
		return f(tx)
	})
}

// transact is update without a note for Ping that this process writes, and without
// an attempt to make room.
//
// SQLite has one writer at a time. Writes of this process that wait share a
// transaction: pages that several of them change are written once. If one of them
// fails, each gets a transaction of its own.
func (db *DB) transact(ctx context.Context, f func(tx transaction) error) error {
	return wrap(db.writes.Do(ctx, f, func(take func() []*write) error {
		if err := db.presence.check(); err != nil {
			return err
		}
		if err := db.begin(ctx); err != nil {
			return err
		}
		batch := take()
		if err := db.commit(batch); err != nil && len(batch) == 1 {
			return err
		} else if err != nil {
			for i, w := range batch {
				if w.Err = db.begin(context.Background()); w.Err == nil {
					w.Err = db.commit(batch[i : i+1])
				}
			}
		}
		return db.presence.check()
	}))
}

// write is a call of transact.
type write = batches.Call[func(tx transaction) error]

// longWait is how long another process may have the write lock before Claim takes
// renewals of leases for late.
const longWait = time.Second

// lockout is a time in which another process had the write lock for longWait or
// longer: a wait for it, and those before it that failed.
type lockout struct {
	began, ended time.Time
	failed       bool // no write has had the lock since it began
}

// begin begins a transaction that has the write lock.
func (db *DB) begin(ctx context.Context) error {
	asked := time.Now()
	_, err := db.write.ExecContext(ctx, "BEGIN IMMEDIATE")
	now, last := time.Now(), db.lockedOut.Load()
	goesOn := last != nil && last.failed
	if now.Sub(asked) > longWait || goesOn && err == nil {
		began := asked
		if goesOn {
			began = last.began
		}
		db.lockedOut.Store(&lockout{began, now, err != nil})
	}
	if err != nil {
		db.rollback() // it may have begun when ctx ended
	}
	return err
}

// commit runs the writes and commits the transaction that has begun, or rolls it
// back.
func (db *DB) commit(batch []*write) error {
	committed := false
	defer func() {
		if !committed {
			db.rollback()
		}
	}()
	for _, w := range batch {
		if err := w.Item(transaction{statements: db.write}); err != nil {
			return err
		}
	}
	_, err := db.write.ExecContext(context.Background(), "COMMIT")
	committed = err == nil
	return err
}

// rollback ends a transaction that was not committed. SQLite may have done so, and
// a failure to roll back leaves nothing to be done.
func (db *DB) rollback() { _, _ = db.write.ExecContext(context.Background(), "ROLLBACK") }

// look runs f in a transaction that has the write lock and is rolled back.
func (db *DB) look(ctx context.Context, f func(tx transaction) error) error {
	return wrap(func() error {
		if err := db.presence.check(); err != nil {
			return err
		}
		if err := db.writes.Begin(ctx); err != nil {
			return err
		}
		defer db.writes.End()
		if err := db.begin(ctx); err != nil {
			return err
		}
		defer db.rollback()
		return f(transaction{statements: db.write})
	}())
}
