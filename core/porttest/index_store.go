package porttest

import (
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
		"a new index gets a pending record":             newRecord,
		"a known index is counted, not doubled":         countedRecord,
		"the last seen time never moves back":           lastSeenTime,
		"reopen makes a final record pending":           reopenedRecord,
		"a submission without reopen keeps the state":   keptState,
		"concurrent submissions lose no count":          concurrentRecords,
		"an unknown index is not found":                 unknownRecord,
		"a mark with an old revision does nothing":      staleMark,
		"extreme indices and any reason are kept whole": extremeRecords,
	} {
		t.Run("Record/"+name, func(t *testing.T) { t.Parallel(); test(t, open(t)) })
	}
	for name, test := range map[string]func(*testing.T, core.IndexStore){
		"newest first, in pages, each once":        listPages,
		"pages stay put while records arrive":      listWhileRecording,
		"a final record stays at its place":        listAfterMark,
		"an empty store lists nothing":             listEmpty,
		"unfinished are pending and lost ones":     unfinished,
		"unfinished are last seen first, to limit": unfinishedOrder,
	} {
		t.Run("List/"+name, func(t *testing.T) { t.Parallel(); test(t, open(t)) })
	}
	t.Run("Ping/a store that is there answers", func(t *testing.T) {
		t.Parallel()
		must(t, open(t).Ping(t.Context()))
	})
}

var noon = time.Date(2026, 1, 2, 12, 0, 0, 123456000, time.UTC)

func submit(t *testing.T, s core.IndexStore, at time.Time, indices ...core.Index) []core.Record {
	t.Helper()
	submissions := make([]core.Submission, len(indices))
	for i, n := range indices {
		submissions[i] = core.Submission{Index: n, Count: 1, Reopen: true}
	}
	records, err := s.Record(t.Context(), at, submissions)
	must(t, err)
	if len(records) != len(indices) {
		t.Fatalf("Record returned %d records for %d submissions", len(records), len(indices))
	}
	return records
}

func lookup(t *testing.T, s core.IndexStore, n core.Index) core.Record {
	t.Helper()
	r, err := s.Lookup(t.Context(), n)
	must(t, err)
	return r
}

func markCalculated(t *testing.T, s core.IndexStore, n core.Index, generation string) {
	t.Helper()
	done, err := s.MarkCalculated(t.Context(), n, lookup(t, s, n).Revision, generation)
	must(t, err)
	if !done {
		t.Fatalf("MarkCalculated(%d) with the present revision did nothing", n)
	}
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
	all, err := s.List(t.Context(), 0, 10)
	must(t, err)
	if len(all) != 2 {
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
	list, err := s.List(t.Context(), 0, 100)
	must(t, err)
	if len(list) != submitters+2 {
		t.Errorf("%d records, want %d", len(list), submitters+2)
	}
}

func unknownRecord(t *testing.T, s core.IndexStore) {
	_, err := s.Lookup(t.Context(), 404)
	wantKind(t, err, core.KindNotFound)
	wantKind(t, s.Reopen(t.Context(), 404), core.KindNotFound)
	done, err := s.MarkCalculated(t.Context(), 404, 1, "g")
	if done || err != nil {
		t.Errorf("MarkCalculated of an unknown index: %v, %v", done, err)
	}
	if _, err := s.Lookup(t.Context(), 404); !core.IsNotFound(err) {
		t.Errorf("asking made a record: %v", err)
	}
}

func staleMark(t *testing.T, s core.IndexStore) {
	old := submit(t, s, noon, 9)[0].Revision
	submit(t, s, noon, 9)
	if done, err := s.MarkCalculated(t.Context(), 9, old, "g"); done || err != nil {
		t.Errorf("MarkCalculated with an old revision: %v, %v", done, err)
	}
	if done, err := s.MarkFailed(t.Context(), 9, old, "no"); done || err != nil {
		t.Errorf("MarkFailed with an old revision: %v, %v", done, err)
	}
	if r := lookup(t, s, 9); r.State != core.StatePending {
		t.Errorf("state %v after marks with an old revision", r.State)
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

func listPages(t *testing.T, s core.IndexStore) {
	var want []core.Index
	for n := range core.Index(25) {
		submit(t, s, noon, n*3)
		want = append([]core.Index{n * 3}, want...)
	}
	var got []core.Index
	var before int64
	for {
		page, err := s.List(t.Context(), before, 10)
		must(t, err)
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			got = append(got, r.Index)
			before = r.Sequence
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages held %v, want %v", got, want)
	}
}

func listWhileRecording(t *testing.T, s core.IndexStore) {
	submit(t, s, noon, 1, 2, 3, 4)
	page, err := s.List(t.Context(), 0, 2)
	must(t, err)
	submit(t, s, noon.Add(time.Second), 5, 1, 4)
	rest, err := s.List(t.Context(), page[1].Sequence, 10)
	must(t, err)
	var got []core.Index
	for _, r := range append(page, rest...) {
		got = append(got, r.Index)
	}
	slices.Sort(got)
	if !slices.Equal(got, []core.Index{1, 2, 3, 4}) {
		t.Errorf("two pages, with records made in between, held %v", got)
	}
}

func listAfterMark(t *testing.T, s core.IndexStore) {
	submit(t, s, noon, 1, 2)
	markCalculated(t, s, 1, "g")
	list, err := s.List(t.Context(), 0, 10)
	must(t, err)
	for _, r := range list {
		if r != lookup(t, s, r.Index) {
			t.Errorf("List has %+v, Lookup %+v", r, lookup(t, s, r.Index))
		}
	}
}

func listEmpty(t *testing.T, s core.IndexStore) {
	list, err := s.List(t.Context(), 0, 10)
	must(t, err)
	open, err := s.Unfinished(t.Context(), "g", 10)
	must(t, err)
	if len(list) != 0 || len(open) != 0 {
		t.Errorf("an empty store lists %v and %v", list, open)
	}
}

func unfinished(t *testing.T, s core.IndexStore) {
	submit(t, s, noon, 1, 2, 3, 4)
	markCalculated(t, s, 2, "old")
	markCalculated(t, s, 3, "new")
	_, err := s.MarkFailed(t.Context(), 4, lookup(t, s, 4).Revision, "no")
	must(t, err)
	for generation, want := range map[string][]core.Index{
		"old": {1, 3}, "new": {1, 2}, "newest": {1, 2, 3},
	} {
		got, err := s.Unfinished(t.Context(), generation, 10)
		must(t, err)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("unfinished in generation %q: %v, want %v", generation, got, want)
		}
	}
}

func unfinishedOrder(t *testing.T, s core.IndexStore) {
	for i, n := range []core.Index{30, 10, 20, 40} {
		submit(t, s, noon.Add(time.Duration(i)*time.Second), n)
	}
	markCalculated(t, s, 20, "old")
	submit(t, s, noon.Add(time.Minute), 30)
	got, err := s.Unfinished(t.Context(), "new", 3)
	must(t, err)
	if want := []core.Index{30, 40, 20}; !slices.Equal(got, want) {
		t.Errorf("unfinished %v, want %v", got, want)
	}
}
