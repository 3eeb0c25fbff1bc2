package memory

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// IndexStore is a core.IndexStore. The zero value is empty and ready.
type IndexStore struct {
	mu       sync.Mutex
	records  []*core.Record // by sequence
	sequence int64          // the last that was given
	byIndex  map[core.Index]*core.Record
	keys     keys
}

// Record implements core.IndexStore.
func (s *IndexStore) Record(ctx context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byIndex == nil {
		s.byIndex = make(map[core.Index]*core.Record)
	}
	at = at.UTC().Truncate(time.Microsecond)
	recorded := make([]*core.Record, len(submissions))
	call := s.keys.begin(at)
	for i, sub := range submissions {
		counts, refused := call.use(sub.Key)
		if refused {
			continue
		}
		r := s.byIndex[sub.Index]
		if r == nil {
			s.sequence++
			r = &core.Record{Index: sub.Index, Sequence: s.sequence, Revision: 1, FirstSeenAt: at, LastSeenAt: at}
			s.records = append(s.records, r)
			s.byIndex[sub.Index] = r
		}
		recorded[i] = r
		if counts {
			r.Submissions += sub.Count
		}
		if at.After(r.LastSeenAt) {
			r.LastSeenAt = at
		}
		if sub.Reopen {
			r.State, r.Reason = core.StatePending, ""
			r.Revision++
		}
	}
	records := make([]core.Record, len(submissions))
	for i, r := range recorded {
		if r != nil {
			records[i] = *r
		}
	}
	return records, nil
}

// Reopen implements core.IndexStore.
func (s *IndexStore) Reopen(ctx context.Context, n core.Index) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.byIndex[n]
	if r == nil {
		return notFound()
	}
	r.State, r.Reason = core.StatePending, ""
	r.Revision++
	return nil
}

// Lookup implements core.IndexStore.
func (s *IndexStore) Lookup(ctx context.Context, indices ...core.Index) (map[core.Index]core.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	records := make(map[core.Index]core.Record)
	for _, n := range indices {
		if r := s.byIndex[n]; r != nil {
			records[n] = *r
		}
	}
	return records, nil
}

// List implements core.IndexStore.
func (s *IndexStore) List(ctx context.Context, before int64, limit int) ([]core.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	end := len(s.records)
	if before > 0 {
		end, _ = slices.BinarySearchFunc(s.records, before, func(r *core.Record, before int64) int { return cmp.Compare(r.Sequence, before) })
	}
	var records []core.Record
	for i := end - 1; i >= 0 && len(records) < limit; i-- {
		records = append(records, *s.records[i])
	}
	return records, nil
}

// Pending implements core.IndexStore.
func (s *IndexStore) Pending(ctx context.Context, order core.Order, limit int) ([]core.Index, error) {
	return s.unfinished(ctx, order, limit, func(r *core.Record) bool { return r.State == core.StatePending })
}

// Lost implements core.IndexStore.
func (s *IndexStore) Lost(ctx context.Context, generation string, order core.Order, limit int) ([]core.Index, error) {
	return s.unfinished(ctx, order, limit, func(r *core.Record) bool {
		return r.State == core.StateCalculated && r.Generation != generation
	})
}

// CountLost implements core.IndexStore.
func (s *IndexStore) CountLost(ctx context.Context, generation string, limit int) (int, error) {
	indices, err := s.Lost(ctx, generation, core.NewestFirst, limit)
	return len(indices), err
}

// unfinished returns the indices of the records for which is is true.
func (s *IndexStore) unfinished(ctx context.Context, order core.Order, limit int, is func(*core.Record) bool) ([]core.Index, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var records []*core.Record
	for _, r := range s.records {
		if is(r) {
			records = append(records, r)
		}
	}
	slices.SortStableFunc(records, func(a, b *core.Record) int {
		if order == core.OldestFirst {
			a, b = b, a
		}
		return b.LastSeenAt.Compare(a.LastSeenAt)
	})
	var indices []core.Index
	for _, r := range records[:min(limit, len(records))] {
		indices = append(indices, r.Index)
	}
	return indices, nil
}

// MarkCalculated implements core.IndexStore.
func (s *IndexStore) MarkCalculated(ctx context.Context, generation string, marks ...core.Mark) (map[core.Index]bool, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	marked := make(map[core.Index]bool)
	for _, mark := range marks {
		if r := s.at(mark); r != nil {
			r.State, r.Generation, r.Reason = core.StateCalculated, generation, ""
			marked[mark.Index] = true
		}
	}
	return marked, nil
}

// MarkFailed implements core.IndexStore.
func (s *IndexStore) MarkFailed(ctx context.Context, n core.Index, revision int64, reason string) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.at(core.Mark{Index: n, Revision: revision})
	if r == nil || r.State != core.StatePending {
		return false, nil
	}
	r.State, r.Generation, r.Reason = core.StateFailed, "", reason
	return true, nil
}

// Prune implements core.Pruner.
func (s *IndexStore) Prune(ctx context.Context, before time.Time, limit int) (deleted int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records = slices.DeleteFunc(s.records, func(r *core.Record) bool {
		old := deleted < limit && r.State.Final() && r.LastSeenAt.Before(before)
		if old {
			delete(s.byIndex, r.Index)
			deleted++
		}
		return old
	})
	return deleted, nil
}

// at returns the record that a mark is for, if it has its revision; s.mu is
// held.
func (s *IndexStore) at(mark core.Mark) *core.Record {
	if r := s.byIndex[mark.Index]; r != nil && r.Revision == mark.Revision {
		return r
	}
	return nil
}

// Ping implements core.IndexStore.
func (s *IndexStore) Ping(ctx context.Context) error { return ctx.Err() }

func notFound() error { return core.NewError(core.KindNotFound, "This index has not been submitted.") }
