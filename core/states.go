package core

import "context"

// maxRestores bounds how many values a call of States has calculated again. Each
// takes several round trips.
const maxRestores = 50

// States returns the statuses of those of the indices that were submitted, in
// their order and without repetitions. An index whose value is no longer in the
// cache is pending. States has such values calculated again, like Status, as far as
// there is room for them; the rest is left to later calls. The error is
// of KindUnavailable if the IndexStore can't be reached, or if the ValueCache can't
// be reached and is needed.
func (s *Service) States(ctx context.Context, submitter string, indices ...Index) ([]Status, error) {
	indices = distinct(indices)
	// If the cache fails, the records may still tell the states.
	values, _ := s.ports.Cache.Summaries(ctx, indices...)
	records, err := s.ports.Store.Lookup(ctx, without(indices, values)...)
	if err != nil {
		return nil, err
	}
	// Some may have been calculated since the cache was read.
	var recorded []Index
	for _, n := range indices {
		if records[n].State == StateCalculated {
			recorded = append(recorded, n)
		}
	}
	newer, err := s.ports.Cache.Summaries(ctx, recorded...)
	if err != nil {
		return nil, err
	}
	if err := s.restoreAll(ctx, submitter, records, without(recorded, newer)); err != nil {
		return nil, err
	}

	var known []Record
	for _, r := range records {
		known = append(known, r)
	}
	jobs := s.jobs(ctx, pending(known...))
	var statuses []Status
	for _, n := range indices {
		if summary, found := values[n]; found {
			statuses = append(statuses, calculated(summary))
		} else if record, known := records[n]; known {
			statuses = append(statuses, statusOf(record, newer, jobs))
		}
	}
	return statuses, nil
}

// restoreAll makes the records of lost values pending, and has some of them
// calculated again: until maxRestores were tried, or one was refused for lack of
// room.
func (s *Service) restoreAll(ctx context.Context, submitter string, records map[Index]Record, lost []Index) error {
	refused := false
	for i, n := range lost {
		record := records[n]
		if i < maxRestores && !refused {
			_, err := s.restore(ctx, submitter, record)
			if refused = KindOf(err) == KindOverloaded; err != nil && !refused {
				return err
			}
		}
		record.State = StatePending
		records[n] = record
	}
	return nil
}

// without returns the indices that have no value among the given.
func without(indices []Index, values map[Index]Summary) []Index {
	var missing []Index
	for _, n := range indices {
		if _, found := values[n]; !found {
			missing = append(missing, n)
		}
	}
	return missing
}

// distinct returns the indices without repetitions.
func distinct(indices []Index) []Index {
	seen := make(map[Index]bool, len(indices))
	var once []Index
	for _, n := range indices {
		if !seen[n] {
			seen[n] = true
			once = append(once, n)
		}
	}
	return once
}
