package porttest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// key returns a key with an id and a digest.
func key(id, digest byte) core.Key { return core.Key{ID: [16]byte{id}, Digest: [16]byte{digest}} }

// recordKeyed records submissions and returns the records.
func recordKeyed(t *testing.T, s core.IndexStore, at time.Time, all ...core.Submission) []core.Record {
	t.Helper()
	records, err := s.Record(t.Context(), at, all)
	must(t, err)
	if len(records) != len(all) {
		t.Fatalf("Record returned %d records for %d submissions; it must return one for each", len(records), len(all))
	}
	return records
}

func keyedRecords(t *testing.T, s core.IndexStore) {
	one, two := key(1, 1), key(2, 1)
	first := recordKeyed(t, s, noon, core.Submission{Index: 5, Count: 2, Reopen: true, Key: one}, core.Submission{Index: 6, Count: 1, Reopen: true, Key: one})
	if first[0].Submissions != 2 || first[1].Submissions != 1 {
		t.Errorf("a key that is new: %+v; want 2 and 1 submissions", first)
	}
	markCalculated(t, s, 5, "g")
	later := noon.Add(time.Hour)
	// In one call: repeated, with another key, and without one.
	again := recordKeyed(t, s, later,
		core.Submission{Index: 5, Count: 2, Reopen: true, Key: one}, core.Submission{Index: 6, Count: 1, Key: one},
		core.Submission{Index: 5, Count: 10, Key: two}, core.Submission{Index: 5, Count: 100}, core.Submission{Index: -7, Count: 1, Key: two})
	if r := again[0]; r.Submissions != 112 || r.LastSeenAt != later || r.State != core.StatePending || r.Revision <= first[0].Revision {
		t.Errorf("the record of a repeated submission is %+v; only the count of those with the key is not added", r)
	}
	for i, n := range []core.Index{5, 6, 5, 5, -7} {
		if again[i].Index != n || again[i] != lookup(t, s, n) {
			t.Errorf("Record returned %+v for %d, Lookup %+v", again[i], n, lookup(t, s, n))
		}
	}
	if again[1].Submissions != 1 || again[4].Submissions != 1 {
		t.Errorf("the other records are %+v and %+v; want one submission each", again[1], again[4])
	}
}

func reusedKey(t *testing.T, s core.IndexStore) {
	recordKeyed(t, s, noon, core.Submission{Index: 5, Count: 1, Key: key(1, 1)})
	before := lookup(t, s, 5)
	records := recordKeyed(t, s, noon.Add(time.Hour), core.Submission{Index: 5, Count: 1, Reopen: true, Key: key(1, 2)}, core.Submission{Index: 6, Count: 1, Key: key(1, 2)})
	if records[0] != (core.Record{}) || records[1] != (core.Record{}) || lookup(t, s, 5) != before {
		t.Errorf("a key that was used with another digest: %+v; want zero records and no change", records)
	}
	// The others of the call are recorded, also those of the same indices.
	records = recordKeyed(t, s, noon, core.Submission{Index: 5, Count: 1, Key: key(1, 2)}, core.Submission{Index: 5, Count: 1}, core.Submission{Index: 7, Count: 1, Key: key(3, 1)})
	if records[0] != (core.Record{}) || records[1].Submissions != 2 || records[2].Submissions != 1 {
		t.Errorf("beside a refused one: %+v", records)
	}
	if all := list(t, s, 0, 10); len(all) != 2 {
		t.Errorf("%d records; want those of 5 and 7", len(all))
	}
}

func forgottenKey(t *testing.T, s core.IndexStore) {
	counts := func(at time.Time, digest byte, want int64) {
		t.Helper()
		if r := recordKeyed(t, s, at, core.Submission{Index: 5, Count: 1, Key: key(1, digest)})[0]; r.Submissions != want {
			t.Errorf("%v after the first use of the key: %d submissions, want %d", at.Sub(noon), r.Submissions, want)
		}
	}
	counts(noon, 1, 1)
	counts(noon.Add(core.KeyAge-time.Second), 1, 1)
	counts(noon.Add(core.KeyAge), 2, 2)
	counts(noon.Add(core.KeyAge+time.Second), 2, 2)
	for i := range byte(100) { // deleting what is forgotten must not touch what is not
		recordKeyed(t, s, noon.Add(3*core.KeyAge), core.Submission{Index: 6, Count: 1, Key: key(100+i, 1)})
	}
	for i := range byte(100) {
		recordKeyed(t, s, noon.Add(3*core.KeyAge), core.Submission{Index: 6, Count: 1, Key: key(100+i, 1)})
	}
	if r := lookup(t, s, 6); r.Submissions != 100 {
		t.Errorf("100 keys, used twice each, counted %d times", r.Submissions)
	}
}

func concurrentKeys(t *testing.T, s core.IndexStore) {
	const processes, requests = 8, 20
	var all sync.WaitGroup
	for process := range processes {
		all.Go(func() {
			for i := range byte(requests) {
				batch := []core.Submission{
					{Index: 1, Count: 1, Reopen: true, Key: key(2*i, 1)}, {Index: 100 + core.Index(i), Count: 1, Key: key(2*i, 1)},
					{Index: 2, Count: 1, Reopen: true, Key: key(2*i+1, 1)},
				}
				if process%2 == 0 {
					slices.Reverse(batch)
				}
				if _, err := s.Record(t.Context(), noon, batch); err != nil {
					t.Errorf("Record: %v", err)
				}
			}
		})
	}
	all.Wait()
	for n, want := range map[core.Index]int64{1: requests, 2: requests, 100: 1, 100 + requests - 1: 1} {
		if r := lookup(t, s, n); r.Submissions != want {
			t.Errorf("%d submissions of %d counted, want %d", r.Submissions, n, want)
		}
	}
}
