package memory

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// IndexStore is a core.IndexStore for tests: durable as long as the
// process lives. The zero value is empty and ready.
type IndexStore struct {
	mu      sync.Mutex
	records []*core.Record // by sequence, which is the place plus one
	byIndex map[core.Index]*core.Record
}

// Record implements core.IndexStore.
func (m *IndexStore) Record(_ context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
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
func (m *IndexStore) Reopen(_ context.Context, n core.Index) error {
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
func (m *IndexStore) Lookup(_ context.Context, n core.Index) (core.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.byIndex[n]; r != nil {
		return *r, nil
	}
	return core.Record{}, notFound()
}

// List implements core.IndexStore.
func (m *IndexStore) List(_ context.Context, before int64, limit int) ([]core.Record, error) {
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
func (m *IndexStore) Unfinished(_ context.Context, generation string, limit int) ([]core.Index, error) {
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
func (m *IndexStore) MarkCalculated(_ context.Context, n core.Index, revision int64, generation string) (bool, error) {
	return m.mark(n, revision, core.StateCalculated, generation, ""), nil
}

// MarkFailed implements core.IndexStore.
func (m *IndexStore) MarkFailed(_ context.Context, n core.Index, revision int64, reason string) (bool, error) {
	return m.mark(n, revision, core.StateFailed, "", reason), nil
}

func (m *IndexStore) mark(n core.Index, revision int64, state core.State, generation, reason string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.byIndex[n]
	if r == nil || r.Revision != revision {
		return false
	}
	r.State, r.Generation, r.Reason = state, generation, reason
	return true
}

// Ping implements core.IndexStore.
func (m *IndexStore) Ping(context.Context) error { return nil }

func notFound() error { return core.NewError(core.KindNotFound, "It is not there.") }
