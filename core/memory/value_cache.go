package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// ValueCache is a core.ValueCache. It keeps values in their stored form, so
// that a test can damage them. The zero value is empty and ready.
type ValueCache struct {
	mu         sync.Mutex
	generation int
	entries    map[core.Index]*entry
}

type entry struct {
	summary []byte
	chunks  [][]byte
}

// Put implements core.ValueCache.
func (c *ValueCache) Put(ctx context.Context, values ...core.Value) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, v := range values {
		e, err := newEntry(v)
		if err != nil {
			return err
		}
		c.put(v.Index, e)
	}
	return nil
}

func newEntry(v core.Value) (*entry, error) {
	summary, err := v.Summary().AppendBinary(nil)
	if err != nil {
		return nil, err
	}
	e := &entry{summary: summary}
	for k := range v.Magnitude.ChunkCount() {
		e.chunks = append(e.chunks, v.Magnitude.AppendChunk(nil, uint64(v.Index), k))
	}
	return e, nil
}

func (c *ValueCache) put(n core.Index, e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil {
		c.entries = make(map[core.Index]*entry)
	}
	c.entries[n] = e
}

// Summaries implements core.ValueCache.
func (c *ValueCache) Summaries(ctx context.Context, indices ...core.Index) (map[core.Index]core.Summary, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	found := make(map[core.Index]core.Summary)
	for _, n := range indices {
		if s, there := c.summary(n); there {
			found[n] = s
		}
	}
	return found, nil
}

// summary reads one summary and drops a damaged entry, but not one that another
// version of the program would have stored; c.mu is held.
func (c *ValueCache) summary(n core.Index) (core.Summary, bool) {
	e := c.entries[n]
	if e == nil {
		return core.Summary{}, false
	}
	var s core.Summary
	err := s.UnmarshalBinary(e.summary)
	if errors.Is(err, core.ErrSummaryVersion) {
		return core.Summary{}, false
	}
	if err != nil || s.Index != n {
		delete(c.entries, n)
		return core.Summary{}, false
	}
	return s, true
}

// Digits implements core.ValueCache.
func (c *ValueCache) Digits(ctx context.Context, n core.Index, first, count int64) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s, there := c.summary(n)
	if !there {
		return nil, noValue()
	}
	if first < 0 || count < 0 || first > s.DigitCount-count {
		return nil, core.NewError(core.KindInvalid, fmt.Sprintf("F(%d) has %d digits.", n, s.DigitCount))
	}
	e := c.entries[n]
	magnitude := decimal.Chunked{Tag: uint64(n), Digits: s.DigitCount, Fetch: func(k int) ([]byte, error) {
		if k >= len(e.chunks) {
			return nil, decimal.ErrCorrupt
		}
		return e.chunks[k], nil
	}}
	digits, err := magnitude.AppendDigits(nil, first, count)
	if err != nil {
		delete(c.entries, n)
		return nil, noValue()
	}
	return digits, nil
}

// List implements core.ValueCache.
func (c *ValueCache) List(ctx context.Context, after core.Position, limit int) ([]core.Summary, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []core.Summary
	for n := range c.entries {
		if s, there := c.summary(n); there && (after.IsZero() || after.Before(s.Position())) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b core.Summary) int {
		if a.Position().Before(b.Position()) {
			return -1
		}
		return 1
	})
	return list[:min(limit, len(list))], nil
}

// Generation implements core.ValueCache.
func (c *ValueCache) Generation(ctx context.Context) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return strconv.Itoa(c.generation), nil
}

// Room implements core.ValueCache. There is no bound.
func (c *ValueCache) Room(ctx context.Context) (core.Room, error) { return core.Room{}, ctx.Err() }

// Ping implements core.ValueCache.
func (c *ValueCache) Ping(ctx context.Context) error { return ctx.Err() }

// Flush loses every value.
func (c *ValueCache) Flush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries = nil
	c.generation++
}

// Evict loses the value of n.
func (c *ValueCache) Evict(n core.Index) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.entries, n)
}

// Damage changes one byte of the stored form of the value of n: of chunk k, or
// of its summary if k is −1. It panics if there is no such value or chunk.
func (c *ValueCache) Damage(n core.Index, k int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[n]
	part := e.summary
	if k >= 0 {
		part = e.chunks[k]
	}
	part[len(part)/2] ^= 0x40
}

func noValue() error {
	return core.NewError(core.KindNotFound, "This index has no value in the cache.")
}
