package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"time"

	"github.com/pisano-dev/pisano/core"
)

const (
	// maxDefaultBudget bounds the budget of values that none was set for.
	maxDefaultBudget = 4 << 30
	// minDefaultBudget is the least of it, as of a budget that is set: 0 would be no
	// bound.
	minDefaultBudget = 1 << 20
	// evictionStep is how many bytes of values a transaction evicts where many are
	// beyond the budget: other writes wait for no more than that.
	evictionStep = 64 << 20
	// smallValue is the size in bytes up to which a value is as welcome as a record:
	// the reserves have room for it.
	smallValue = 1 << 20
)

// freeInFile returns the bytes of the file's pages that hold nothing. SQLite
// reuses them and never gives them back to the disk.
func freeInFile(tx transaction) (int64, error) {
	var pages, pageSize int64
	err := tx.row("SELECT freelist_count, page_size FROM pragma_freelist_count, pragma_page_size").Scan(&pages, &pageSize)
	return pages * pageSize, err
}

// evict removes the values that were calculated first until it has freed so many
// bytes, or no value is left.
func evict(tx transaction, bytes int64) error {
	if bytes <= 0 {
		return nil
	}
	used, err := tx.usedByValues()
	if err != nil {
		return err
	}
	for goal := used - bytes; used > goal; {
		rows, err := tx.rows("SELECT n FROM summaries ORDER BY calculated_at, n LIMIT 100")
		oldest, err := collect(rows, err, func(rows *sql.Rows) (n core.Index, err error) {
			err = rows.Scan(&n)
			return n, err
		})
		if err != nil || len(oldest) == 0 {
			return err
		}
		for _, n := range oldest {
			if err := drop(tx, n); err != nil {
				return err
			}
			if used, err = tx.usedByValues(); err != nil {
				return err
			}
			if used <= goal {
				break
			}
		}
	}
	return nil
}

// usedByValues returns the bytes that values take in the file. Triggers keep
// count.
func usedByValues(ctx context.Context, db queryer) (bytes int64, err error) {
	err = db.QueryRowContext(ctx, "SELECT bytes FROM values_size").Scan(&bytes)
	return bytes, err
}

func (tx transaction) usedByValues() (bytes int64, err error) {
	return usedByValues(context.Background(), tx.statements)
}

// sizeOf returns the bytes that a part of a value takes in the file, as the
// triggers count it: with its share of pages that are not full, and of indexes.
func sizeOf(data int64) int64 { return data + data/64 + 40 }

// Room implements core.ValueCache. It is the budget, of which no more is free than
// the disk has beyond its reserve.
func (c ValueCache) Room(ctx context.Context) (core.Room, error) {
	used, err := usedByValues(ctx, c.db.read)
	if err != nil {
		return core.Room{}, wrap(err)
	}
	free := c.budget - used
	if disk, known := c.db.diskFree(); known {
		free = min(free, disk-diskReserve)
	}
	return core.Room{Total: c.budget, Free: max(0, free)}, nil
}

// makeRoom evicts the oldest values until one of the given size fits into the
// budget, its copies in the log and in the file on the disk, and, if the file
// can't grow, into the file as it is. If that can't be, KindOverloaded.
func (c ValueCache) makeRoom(tx transaction, n core.Index, size int64) error {
	if size > c.budget {
		return core.NewError(core.KindOverloaded, fmt.Sprintf(
			"F(%d) can't be kept: it takes %s, and the values on this disk may take %s.", n, inMiB(size), inMiB(c.budget)))
	}
	used, err := tx.usedByValues()
	if err != nil {
		return err
	}
	excess := used + size - c.budget
	if !tx.full && size <= smallValue {
		return evict(tx, excess)
	}
	inFile, err := freeInFile(tx)
	if err != nil {
		return err
	}
	if tx.full {
		excess = max(excess, size-inFile)
	}
	if free, known := c.db.diskFree(); known && size > smallValue {
		if free < size+diskReserve {
			return noRoom(n, nil)
		}
		excess = max(excess, size+max(0, size-inFile)+diskReserve-free)
	}
	return evict(tx, excess)
}

// shrink evicts the oldest values until the budget holds the others. A budget that
// was lowered, or is new to a file, may have gigabytes to evict: each step is a
// transaction of its own, and after it other writes take place, also those of
// other processes, which look at the file's lock every pollPeriod. What was evicted
// stays evicted if ctx ends.
func (c ValueCache) shrink(ctx context.Context) error {
	for {
		used, err := usedByValues(ctx, c.db.read)
		if err != nil || used <= c.budget {
			return wrap(err)
		}
		var left int64
		if err := c.db.update(ctx, func(tx transaction) error {
			var err error
			if used, err = tx.usedByValues(); err != nil {
				return err
			}
			if err := evict(tx, min(used-c.budget, c.step)); err != nil {
				return err
			}
			left, err = tx.usedByValues()
			return err
		}); err != nil {
			return err
		}
		if left <= c.budget || left == used { // or there is no value to evict
			return nil
		}
		select {
		case <-time.After(pollPeriod):
		case <-ctx.Done():
			return wrap(ctx.Err())
		}
	}
}

func inMiB(bytes int64) string {
	return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
}

// defaultBudget is half of what the disk has for the file, at least 1 MiB and at
// most 4 GiB.
func (db *DB) defaultBudget() int64 {
	free, known := db.diskFree()
	if !known {
		return maxDefaultBudget
	}
	if info, err := os.Stat(db.presence.path); err == nil {
		free += info.Size()
	}
	return max(minDefaultBudget, min(free/2, maxDefaultBudget))
}
