package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// ValueCache implements core.ValueCache. Values take as much of the file as their
// budget allows: then the oldest are evicted, by the time of their calculation.
type ValueCache struct {
	db     *DB
	budget int64 // in bytes of the file
	step   int64 // how many bytes of values a transaction of shrink evicts
}

var _ core.ValueCache = ValueCache{}

// ValueCache returns the cache in db, whose values may take so many bytes of the
// file. With 0 that is half of what the disk has for the file now, at least 1 MiB
// and at most 4 GiB. Processes that share a file should agree on it.
func (db *DB) ValueCache(budget int64) ValueCache {
	if budget <= 0 {
		budget = db.defaultBudget()
	}
	return ValueCache{db, budget, evictionStep}
}

// Ping implements core.ValueCache.
func (c ValueCache) Ping(ctx context.Context) error { return c.db.Ping(ctx) }

// Put implements core.ValueCache.
func (c ValueCache) Put(ctx context.Context, values ...core.Value) error {
	if len(values) == 0 {
		return nil
	}
	last := values[0].Index // of those that were stored, or were not
	if err := c.shrink(ctx); c.db.isCertainlyFull(err) {
		return noRoom(last, err)
	} else if err != nil {
		return err
	}
	err := c.db.update(ctx, func(tx transaction) error {
		for _, v := range values {
			last = v.Index
			if err := c.put(ctx, tx, v); err != nil {
				return err
			}
		}
		return nil
	})
	if c.db.isCertainlyFull(err) {
		return noRoom(last, err)
	}
	return err
}

// put stores a value in the place of one of the same index.
func (c ValueCache) put(ctx context.Context, tx transaction, v core.Value) error {
	summary, err := v.Summary().AppendBinary(nil)
	if err != nil {
		return err
	}
	if err := drop(tx, v.Index); err != nil {
		return err
	}
	size := sizeOf(int64(len(summary))) + int64(v.Magnitude.ChunkCount())*sizeOf(0) + sizeOf(v.Magnitude.StoredSize())
	if err := c.makeRoom(tx, v.Index, size); err != nil {
		return err
	}
	if _, err := tx.exec("INSERT INTO summaries (n, calculated_at, data) VALUES (?, ?, ?)",
		int64(v.Index), v.CalculatedAt.UnixMicro(), summary); err != nil {
		return err
	}
	var chunk []byte
	for k := range v.Magnitude.ChunkCount() {
		if err := ctx.Err(); err != nil {
			return err
		}
		chunk = v.Magnitude.AppendChunk(chunk[:0], uint64(v.Index), k)
		if _, err := tx.exec("INSERT INTO chunks (n, k, data) VALUES (?, ?, ?)", int64(v.Index), k, chunk); err != nil {
			return err
		}
	}
	return nil
}

// drop removes what is stored for n.
func drop(tx transaction, n core.Index) error {
	_, err := tx.exec("DELETE FROM summaries WHERE n = ?", int64(n))
	if err == nil {
		_, err = tx.exec("DELETE FROM chunks WHERE n = ?", int64(n))
	}
	return err
}

// stored is a summary as stored, perhaps damaged.
type stored struct {
	index        core.Index
	calculatedAt int64 // in microseconds since 1970
	data         []byte
}

// storedColumns are what scanStored reads.
const storedColumns = "n, calculated_at, data"

func scanStored(rows *sql.Rows) (stored, error) {
	var s stored
	err := rows.Scan(&s.index, &s.calculatedAt, &s.data)
	return s, err
}

func (s stored) position() core.Position {
	return core.Position{CalculatedAt: fromMicro(s.calculatedAt), Index: s.index}
}

// decode returns the summaries that are sound, leaves out those that another
// version of the program has stored, and drops the values of those that are
// damaged, unless another has taken their place.
func (c ValueCache) decode(ctx context.Context, found []stored) ([]core.Summary, error) {
	summaries := make([]core.Summary, 0, len(found))
	for _, f := range found {
		var s core.Summary
		switch err := s.UnmarshalBinary(f.data); {
		case err == nil && s.Index == f.index:
			summaries = append(summaries, s)
		case errors.Is(err, core.ErrSummaryVersion):
		default:
			if err := c.dropIfSame(ctx, f); err != nil {
				return nil, err
			}
		}
	}
	return summaries, nil
}

// dropIfSame removes a damaged value, but not one put in its place since.
func (c ValueCache) dropIfSame(ctx context.Context, bad stored) error {
	return c.db.update(ctx, func(tx transaction) error {
		var same bool
		err := tx.row("SELECT data = ? FROM summaries WHERE n = ?", bad.data, int64(bad.index)).Scan(&same)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil || !same {
			return err
		}
		return drop(tx, bad.index)
	})
}

// Summaries implements core.ValueCache.
func (c ValueCache) Summaries(ctx context.Context, indices ...core.Index) (map[core.Index]core.Summary, error) {
	marks, args := placeholders(indices)
	rows, err := c.db.read.QueryContext(ctx, "SELECT "+storedColumns+" FROM summaries WHERE n IN ("+marks+")", args...)
	found, err := collect(rows, err, scanStored)
	if err != nil {
		return nil, wrap(err)
	}
	summaries, err := c.decode(ctx, found)
	if err != nil {
		return nil, err
	}
	byIndex := make(map[core.Index]core.Summary, len(summaries))
	for _, s := range summaries {
		byIndex[s.Index] = s
	}
	return byIndex, nil
}

// Digits implements core.ValueCache.
func (c ValueCache) Digits(ctx context.Context, n core.Index, first, count int64) ([]byte, error) {
	found := stored{index: n}
	var digits []byte
	err := c.db.snapshot(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, "SELECT data FROM summaries WHERE n = ?", int64(n)).Scan(&found.data); err != nil {
			return err
		}
		var s core.Summary
		switch err := s.UnmarshalBinary(found.data); {
		case errors.Is(err, core.ErrSummaryVersion):
			return sql.ErrNoRows
		case err != nil || s.Index != n:
			return decimal.ErrCorrupt
		}
		if first < 0 || count < 0 || first > s.DigitCount-count {
			return core.NewError(core.KindInvalid, fmt.Sprintf("F(%d) has %d digits.", n, s.DigitCount))
		}
		magnitude := decimal.Chunked{Tag: uint64(n), Digits: s.DigitCount, Fetch: func(k int) ([]byte, error) {
			var chunk []byte
			err := tx.QueryRowContext(ctx, "SELECT data FROM chunks WHERE n = ? AND k = ?", int64(n), k).Scan(&chunk)
			if errors.Is(err, sql.ErrNoRows) {
				return nil, decimal.ErrCorrupt
			}
			return chunk, err
		}}
		var err error
		digits, err = magnitude.AppendDigits(make([]byte, 0, count), first, count)
		return err
	})
	if errors.Is(err, decimal.ErrCorrupt) {
		if err := c.dropIfSame(ctx, found); err != nil {
			return nil, err
		}
		return nil, wrap(sql.ErrNoRows)
	}
	return digits, err
}

// List implements core.ValueCache.
func (c ValueCache) List(ctx context.Context, after core.Position, limit int) ([]core.Summary, error) {
	var list []core.Summary
	for len(list) < limit {
		wanted := limit - len(list)
		found, err := c.page(ctx, after, wanted)
		if err != nil {
			return nil, err
		}
		sound, err := c.decode(ctx, found)
		if err != nil {
			return nil, err
		}
		list = append(list, sound...)
		if len(found) < wanted {
			break
		}
		after = found[len(found)-1].position()
	}
	return list, nil
}

// page reads up to limit summaries that come after the given place.
func (c ValueCache) page(ctx context.Context, after core.Position, limit int) ([]stored, error) {
	query, args := "SELECT "+storedColumns+" FROM summaries ORDER BY calculated_at DESC, n DESC LIMIT ?", []any{limit}
	if !after.IsZero() {
		query = "SELECT " + storedColumns + ` FROM summaries WHERE (calculated_at, n) < (?, ?)
			ORDER BY calculated_at DESC, n DESC LIMIT ?`
		args = []any{after.CalculatedAt.UnixMicro(), int64(after.Index), limit}
	}
	rows, err := c.db.read.QueryContext(ctx, query, args...)
	found, err := collect(rows, err, scanStored)
	return found, wrap(err)
}

// Generation implements core.ValueCache.
func (c ValueCache) Generation(ctx context.Context) (string, error) {
	var name string
	err := c.db.read.QueryRowContext(ctx, "SELECT name FROM generation").Scan(&name)
	return name, wrap(err)
}
