package porttest

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// TestIndexStore checks that an implementation keeps the contract of
// core.IndexStore. open returns one that holds nothing; subtests call it in
// parallel.
func TestIndexStore(t *testing.T, open func(t *testing.T) core.IndexStore) {
	for name, test := range map[string]func(*testing.T, core.IndexStore){
		"Record/a new index gets a pending record":               newRecord,
		"Record/a known index is counted, not doubled":           countedRecord,
		"Record/the last seen time never moves back":             lastSeenTime,
		"Record/Reopen makes a final record pending":             reopenedRecord,
		"Record/a submission without Reopen keeps the state":     keptState,
		"Record/concurrent submissions lose no count":            concurrentRecords,
		"Record/extreme indices and any reason are kept whole":   extremeRecords,
		"Record/a key makes repeated calls count once":           keyedRecords,
		"Record/a key used for something else is refused":        reusedKey,
		"Record/a key is forgotten after a day":                  forgottenKey,
		"Record/concurrent calls with a key count once":          concurrentKeys,
		"Record/a batch of 5,000 is recorded, found and marked":  largeRecords,
		"Lookup/returns the records there are":                   lookups,
		"Reopen/an unknown index is not found":                   unknownRecord,
		"Mark/an outdated revision marks nothing":                outdatedMark,
		"Mark/what is calculated does not fail":                  failedLate,
		"Mark/some of several are marked":                        someMarked,
		"Mark/concurrent marks of the same records do not clash": concurrentMarks,
		"List/newest first, in pages, each once":                 listPages,
		"List/pages stay put while records arrive":               listWhileRecording,
		"List/a final record stays at its place":                 listAfterMark,
		"List/an empty store lists nothing":                      listEmpty,
		"Pending/in both orders, up to the limit":                pendingOrder,
		"Lost/in both orders, up to the limit":                   lostOrder,
		"Lost/a value may be lost again":                         lostAgain,
		"calls with nothing to do do nothing":                    storeNothing,
		"calls with a cancelled context are cancelled":           storeCanceled,
		"Ping/a store that is there answers":                     func(t *testing.T, s core.IndexStore) { must(t, s.Ping(t.Context())) },
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, open(t)) })
	}
}

// submissions are those of indices that have no value.
func submissions(indices ...core.Index) []core.Submission {
	all := make([]core.Submission, len(indices))
	for i, n := range indices {
		all[i] = core.Submission{Index: n, Count: 1, Reopen: true}
	}
	return all
}

func submit(t *testing.T, s core.IndexStore, at time.Time, indices ...core.Index) []core.Record {
	t.Helper()
	records, err := s.Record(t.Context(), at, submissions(indices...))
	must(t, err)
	if len(records) != len(indices) {
		t.Fatalf("Record returned %d records for %d submissions; it must return one for each", len(records), len(indices))
	}
	return records
}

// lookup returns the record of n, which must be there.
func lookup(t *testing.T, s core.IndexStore, n core.Index) core.Record {
	t.Helper()
	records, err := s.Lookup(t.Context(), n)
	must(t, err)
	r, known := records[n]
	if !known || len(records) != 1 {
		t.Fatalf("Lookup(%d) returned %d records; it must return the one that was recorded", n, len(records))
	}
	return r
}

func newRecord(t *testing.T, s core.IndexStore) {
	precise := noon.Add(789 * time.Nanosecond) // more than a store keeps
	records := submit(t, s, precise.In(time.FixedZone("", 3600)), 10, -8)
	for i, n := range []core.Index{10, -8} {
		r := records[i]
		if r != lookup(t, s, n) {
			t.Errorf("Record returned %+v, Lookup %+v", r, lookup(t, s, n))
		}
		if r.Index != n || r.State != core.StatePending || r.Submissions != 1 || r.Sequence <= 0 || r.Reason != "" {
			t.Errorf("record of a new index %d: %+v", n, r)
		}
		if r.FirstSeenAt != noon || r.LastSeenAt != noon {
			t.Errorf("seen at %v, %v; want %v in UTC, to the microsecond", r.FirstSeenAt, r.LastSeenAt, noon)
		}
	}
}

func countedRecord(t *testing.T, s core.IndexStore) {
	first := submit(t, s, noon, 5)[0]
	later := noon.Add(time.Hour)
	records, err := s.Record(t.Context(), later, []core.Submission{
		{Index: 6, Count: 1, Reopen: true}, {Index: 5, Count: 41, Reopen: true},
	})
	must(t, err)
	r := records[1]
	if r.Submissions != 42 || r.Sequence != first.Sequence || r.FirstSeenAt != noon || r.LastSeenAt != later {
		t.Errorf("after 1 and 41 submissions: %+v", r)
	}
	if r.Revision <= first.Revision {
		t.Errorf("reopened, the revision went from %d to %d", first.Revision, r.Revision)
	}
	again, err := s.Record(t.Context(), later, []core.Submission{{Index: 5, Count: 1}})
	must(t, err)
	if again[0].Revision != r.Revision {
		t.Errorf("not reopened, the revision went from %d to %d", r.Revision, again[0].Revision)
	}
	if all := list(t, s, 0, 10); len(all) != 2 {
		t.Errorf("%d records of two indices", len(all))
	}
}

func lastSeenTime(t *testing.T, s core.IndexStore) {
	submit(t, s, noon, 5)
	if r := submit(t, s, noon.Add(-time.Hour), 5)[0]; r.LastSeenAt != noon || r.FirstSeenAt != noon {
		t.Errorf("after a submission an hour earlier: first %v, last %v", r.FirstSeenAt, r.LastSeenAt)
	}
}

func reopenedRecord(t *testing.T, s core.IndexStore) {
	submit(t, s, noon, 1, 2, 3)
	for _, n := range []core.Index{1, 2} {
		done, err := s.MarkFailed(t.Context(), n, lookup(t, s, n).Revision, "It was too hot.")
		must(t, err)
		if r := lookup(t, s, n); !done || r.State != core.StateFailed || r.Reason != "It was too hot." {
			t.Fatalf("after MarkFailed: %v, %+v", done, r)
		}
	}
	markCalculated(t, s, 3, "g")
	before := lookup(t, s, 2).Revision
	submit(t, s, noon, 1)
	must(t, s.Reopen(t.Context(), 2))
	must(t, s.Reopen(t.Context(), 3))
	for _, n := range []core.Index{1, 2, 3} {
		if r := lookup(t, s, n); r.State != core.StatePending || r.Reason != "" {
			t.Errorf("reopened: %+v", r)
		}
	}
	if r := lookup(t, s, 2); r.Revision <= before || r.Submissions != 1 {
		t.Errorf("Reopen must raise the revision and nothing else: %+v", r)
	}
}

func keptState(t *testing.T, s core.IndexStore) {
	submit(t, s, noon, 7)
	markCalculated(t, s, 7, "g")
	records, err := s.Record(t.Context(), noon, []core.Submission{{Index: 7, Count: 1}})
	must(t, err)
	if r := records[0]; r.State != core.StateCalculated || r.Generation != "g" || r.Submissions != 2 {
		t.Errorf("a calculated index submitted again: %+v", r)
	}
}

func concurrentRecords(t *testing.T, s core.IndexStore) {
	const submitters, rounds = 16, 10
	var all sync.WaitGroup
	for i := range submitters {
		all.Go(func() {
			for range rounds {
				// Two shared indices in changing order, and one of its own.
				batch := []core.Submission{
					{Index: 1, Count: 1, Reopen: true}, {Index: 2, Count: 1, Reopen: true},
					{Index: core.Index(100 + i), Count: 1, Reopen: true},
				}
				if i%2 == 0 {
					slices.Reverse(batch)
				}
				if _, err := s.Record(t.Context(), noon, batch); err != nil {
					t.Errorf("Record: %v", err)
				}
			}
		})
	}
	all.Wait()
	for _, n := range []core.Index{1, 2} {
		if r := lookup(t, s, n); r.Submissions != submitters*rounds {
			t.Errorf("%d submissions counted of %d", r.Submissions, submitters*rounds)
		}
	}
	if all := list(t, s, 0, 100); len(all) != submitters+2 {
		t.Errorf("%d records, want %d", len(all), submitters+2)
	}
}

func lookups(t *testing.T, s core.IndexStore) {
	want := make(map[core.Index]core.Record)
	for _, r := range submit(t, s, noon, 1, -2, core.MaxIndex) {
		want[r.Index] = r
	}
	found, err := s.Lookup(t.Context(), core.MaxIndex, 404, 1, -2, 1, 405)
	must(t, err)
	if len(found) != len(want) {
		t.Errorf("Lookup returned %d records; %d of the given indices have one", len(found), len(want))
	}
	for n, r := range want {
		if found[n] != r {
			t.Errorf("Lookup has %+v, Record returned %+v", found[n], r)
		}
	}
}

func largeRecords(t *testing.T, s core.IndexStore) {
	indices := sequence(-batch/2, batch)
	records := submit(t, s, noon, indices...)
	found, err := s.Lookup(t.Context(), indices...)
	must(t, err)
	if len(found) != batch {
		t.Fatalf("Lookup returned %d records; %d were recorded", len(found), batch)
	}
	marks := make([]core.Mark, batch)
	for i, r := range records {
		if r.Index != indices[i] || found[r.Index] != r {
			t.Fatalf("Record returned %+v for %d, and Lookup %+v", r, indices[i], found[r.Index])
		}
		marks[i] = core.Mark{Index: r.Index, Revision: r.Revision}
	}
	newestFirst := slices.Clone(indices)
	slices.Reverse(newestFirst)
	if got := listAll(t, s, batch, 1000); !slices.Equal(got, newestFirst) {
		t.Errorf("List returned %d records, or in another order; %d were recorded in one batch", len(got), batch)
	}
	if got := listPending(t, s, core.OldestFirst, batch+1); len(got) != batch {
		t.Errorf("Pending returned %d indices of %d that are pending", len(got), batch)
	}
	marked, err := s.MarkCalculated(t.Context(), "g", marks...)
	must(t, err)
	if len(marked) != batch {
		t.Errorf("MarkCalculated marked %d records of %d", len(marked), batch)
	}
	if got := append(listPending(t, s, core.NewestFirst, batch), listLost(t, s, "g", core.NewestFirst, batch)...); len(got) != 0 {
		t.Errorf("Pending and Lost returned %d indices after all were marked", len(got))
	}
	if got := listLost(t, s, "h", core.NewestFirst, batch+1); len(got) != batch {
		t.Errorf("Lost returned %d indices of %d that were lost", len(got), batch)
	}
}

func storeNothing(t *testing.T, s core.IndexStore) {
	ctx := t.Context()
	submit(t, s, noon, 1)
	records, err := s.Record(ctx, noon, nil)
	must(t, err)
	found, err := s.Lookup(ctx)
	must(t, err)
	marked, err := s.MarkCalculated(ctx, "g")
	must(t, err)
	if len(records) != 0 || len(found) != 0 || len(marked) != 0 {
		t.Errorf("calls without indices returned %v, %v and %v", records, found, marked)
	}
	if r := lookup(t, s, 1); r.Submissions != 1 || r.State != core.StatePending {
		t.Errorf("calls without indices changed a record: %+v", r)
	}
}

func storeCanceled(t *testing.T, s core.IndexStore) {
	r := submit(t, s, noon, 1)[0]
	canceled(t, map[string]func(context.Context) error{
		"Record":    func(ctx context.Context) error { return second(s.Record(ctx, noon, submissions(1))) },
		"Reopen":    func(ctx context.Context) error { return s.Reopen(ctx, 1) },
		"Lookup":    func(ctx context.Context) error { return second(s.Lookup(ctx, 1)) },
		"List":      func(ctx context.Context) error { return second(s.List(ctx, 0, 1)) },
		"Pending":   func(ctx context.Context) error { return second(s.Pending(ctx, core.NewestFirst, 1)) },
		"Lost":      func(ctx context.Context) error { return second(s.Lost(ctx, "g", core.NewestFirst, 1)) },
		"CountLost": func(ctx context.Context) error { return second(s.CountLost(ctx, "g", 1)) },
		"MarkCalculated": func(ctx context.Context) error {
			return second(s.MarkCalculated(ctx, "g", core.Mark{Index: 1, Revision: r.Revision}))
		},
		"MarkFailed": func(ctx context.Context) error { return second(s.MarkFailed(ctx, 1, r.Revision, "no")) },
		"Ping":       s.Ping,
	})
	if now := lookup(t, s, 1); now != r {
		t.Errorf("calls that were cancelled before they began made %+v of %+v", now, r)
	}
}

func extremeRecords(t *testing.T, s core.IndexStore) {
	indices := []core.Index{core.MaxIndex, -core.MaxIndex, 0}
	submit(t, s, noon, indices...)
	for _, n := range indices {
		reason := "Ünïcode, 'quotes' and \"more\";\n— all of it."
		_, err := s.MarkFailed(t.Context(), n, lookup(t, s, n).Revision, reason)
		must(t, err)
		if r := lookup(t, s, n); r.Index != n || r.Reason != reason {
			t.Errorf("record of %d: %+v", n, r)
		}
	}
}
