package memory

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// IndexStore is a core.IndexStore. The zero value is empty and ready.
type IndexStore struct {
	mu      sync.Mutex
	records []*core.Record // by sequence, which is the place plus one
	byIndex map[core.Index]*core.Record
}

// Record implements core.IndexStore.
func (m *IndexStore) Record(ctx context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byIndex == nil {
		m.byIndex = make(map[core.Index]*core.Record)
	}
	at = at.UTC().Truncate(time.Microsecond)
	records := make([]core.Record, len(submissions))
	for i, s := range submissions {
		r := m.byIndex[s.Index]
		if r == nil {
			r = &core.Record{Index: s.Index, Sequence: int64(len(m.records)) + 1, Revision: 1, FirstSeenAt: at, LastSeenAt: at}
			m.records = append(m.records, r)
			m.byIndex[s.Index] = r
		}
		r.Submissions += s.Count
		if at.After(r.LastSeenAt) {
			r.LastSeenAt = at
		}
		if s.Reopen {
			r.State, r.Reason = core.StatePending, ""
			r.Revision++
		}
		records[i] = *r
	}
	return records, nil
}

// Reopen implements core.IndexStore.
func (m *IndexStore) Reopen(ctx context.Context, n core.Index) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.byIndex[n]
	if r == nil {
		return notFound()
	}
	r.State, r.Reason = core.StatePending, ""
	r.Revision++
	return nil
}

// Lookup implements core.IndexStore.
func (m *IndexStore) Lookup(ctx context.Context, indices ...core.Index) (map[core.Index]core.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	records := make(map[core.Index]core.Record)
	for _, n := range indices {
		if r := m.byIndex[n]; r != nil {
			records[n] = *r
		}
	}
	return records, nil
}

// List implements core.IndexStore.
func (m *IndexStore) List(ctx context.Context, before int64, limit int) ([]core.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	end := int64(len(m.records))
	if before > 0 {
		end = min(end, before-1)
	}
	var records []core.Record
	for i := end - 1; i >= 0 && len(records) < limit; i-- {
		records = append(records, *m.records[i])
	}
	return records, nil
}

// Unfinished implements core.IndexStore.
func (m *IndexStore) Unfinished(ctx context.Context, generation string, limit int) ([]core.Index, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var open []*core.Record
	for _, r := range m.records {
		if r.State == core.StatePending || r.State == core.StateCalculated && r.Generation != generation {
			open = append(open, r)
		}
	}
	slices.SortStableFunc(open, func(a, b *core.Record) int { return b.LastSeenAt.Compare(a.LastSeenAt) })
	var indices []core.Index
	for _, r := range open[:min(limit, len(open))] {
		indices = append(indices, r.Index)
	}
	return indices, nil
}

// MarkCalculated implements core.IndexStore.
func (m *IndexStore) MarkCalculated(ctx context.Context, generation string, marks ...core.Mark) (map[core.Index]bool, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	marked := make(map[core.Index]bool)
	for _, mark := range marks {
		if r := m.at(mark); r != nil {
			r.State, r.Generation, r.Reason = core.StateCalculated, generation, ""
			marked[mark.Index] = true
		}
	}
	return marked, nil
}

// MarkFailed implements core.IndexStore.
func (m *IndexStore) MarkFailed(ctx context.Context, n core.Index, revision int64, reason string) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.at(core.Mark{Index: n, Revision: revision})
	if r == nil {
		return false, nil
	}
	r.State, r.Generation, r.Reason = core.StateFailed, "", reason
	return true, nil
}

// at returns the record that a mark is for, if it has its revision; m.mu is
// held.
func (m *IndexStore) at(mark core.Mark) *core.Record {
	if r := m.byIndex[mark.Index]; r != nil && r.Revision == mark.Revision {
		return r
	}
	return nil
}

// Ping implements core.IndexStore.
func (m *IndexStore) Ping(ctx context.Context) error { return ctx.Err() }

func notFound() error { return core.NewError(core.KindNotFound, "This index has not been submitted.") }
