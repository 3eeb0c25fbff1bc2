package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// ValueCache implements core.ValueCache. It never evicts anything.
type ValueCache struct{ db *DB }

var _ core.ValueCache = ValueCache{}

// ValueCache returns the cache in db.
func (db *DB) ValueCache() ValueCache { return ValueCache{db} }

// Ping implements core.ValueCache.
func (c ValueCache) Ping(ctx context.Context) error { return c.db.Ping(ctx) }

// Put implements core.ValueCache.
func (c ValueCache) Put(ctx context.Context, values ...core.Value) error {
	if len(values) == 0 {
		return nil
	}
	return c.db.update(ctx, func(tx *sql.Tx) error {
		for _, v := range values {
			if err := put(ctx, tx, v); err != nil {
				return err
			}
		}
		return nil
	})
}

// put stores a value in the place of one of the same index.
func put(ctx context.Context, tx *sql.Tx, v core.Value) error {
	summary, err := v.Summary().AppendBinary(nil)
	if err != nil {
		return err
	}
	if err := drop(ctx, tx, v.Index); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO summaries (n, calculated_at, data) VALUES (?, ?, ?)",
		int64(v.Index), v.CalculatedAt.UnixMicro(), summary); err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, "INSERT INTO chunks (n, k, data) VALUES (?, ?, ?)")
	if err != nil {
		return err
	}
	defer insert.Close()
	var chunk []byte
	for k := range v.Magnitude.ChunkCount() {
		chunk = v.Magnitude.AppendChunk(chunk[:0], uint64(v.Index), k)
		if _, err := insert.ExecContext(ctx, int64(v.Index), k, chunk); err != nil {
			return err
		}
	}
	return nil
}

// drop removes what is stored for n.
func drop(ctx context.Context, tx *sql.Tx, n core.Index) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM summaries WHERE n = ?", int64(n))
	if err == nil {
		_, err = tx.ExecContext(ctx, "DELETE FROM chunks WHERE n = ?", int64(n))
	}
	return err
}

// stored is a summary as stored, perhaps damaged.
type stored struct {
	index core.Index
	data  []byte
}

func scanStored(rows *sql.Rows) (stored, error) {
	var s stored
	err := rows.Scan(&s.index, &s.data)
	return s, err
}

// decode returns the summaries that are sound and drops the values of those
// that are not, unless another has taken their place.
func (c ValueCache) decode(ctx context.Context, found []stored) ([]core.Summary, error) {
	summaries := make([]core.Summary, 0, len(found))
	for _, f := range found {
		var s core.Summary
		if err := s.UnmarshalBinary(f.data); err == nil && s.Index == f.index {
			summaries = append(summaries, s)
		} else if err := c.dropIfSame(ctx, f); err != nil {
			return nil, err
		}
	}
	return summaries, nil
}

// dropIfSame removes a damaged value, but not one put in its place since.
func (c ValueCache) dropIfSame(ctx context.Context, bad stored) error {
	return c.db.update(ctx, func(tx *sql.Tx) error {
		var same bool
		err := tx.QueryRowContext(ctx, "SELECT data = ? FROM summaries WHERE n = ?", bad.data, int64(bad.index)).Scan(&same)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil || !same {
			return err
		}
		return drop(ctx, tx, bad.index)
	})
}

// Summaries implements core.ValueCache.
func (c ValueCache) Summaries(ctx context.Context, indices ...core.Index) (map[core.Index]core.Summary, error) {
	marks, args := placeholders(indices)
	rows, err := c.db.read.QueryContext(ctx, "SELECT n, data FROM summaries WHERE n IN ("+marks+")", args...)
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
		if err := s.UnmarshalBinary(found.data); err != nil || s.Index != n {
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
		found, err := c.page(ctx, after, limit-len(list))
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			break
		}
		sound, err := c.decode(ctx, found)
		if err != nil {
			return nil, err
		}
		list = append(list, sound...)
		if len(sound) == len(found) {
			break
		}
		if len(list) > 0 {
			after = list[len(list)-1].Position()
		}
	}
	return list, nil
}

// page reads up to limit summaries that come after the given place.
func (c ValueCache) page(ctx context.Context, after core.Position, limit int) ([]stored, error) {
	query, args := "SELECT n, data FROM summaries ORDER BY calculated_at DESC, n DESC LIMIT ?", []any{limit}
	if !after.IsZero() {
		query = `SELECT n, data FROM summaries WHERE (calculated_at, n) < (?, ?)
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
