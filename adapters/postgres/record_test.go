package postgres_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// batch returns a submission of each index, in random order.
func batch(first core.Index, count int) []core.Submission {
	submissions := make([]core.Submission, count)
	for i, k := range rand.Perm(count) {
		submissions[i] = core.Submission{Index: first + core.Index(k), Count: 1, Reopen: true}
	}
	return submissions
}

func TestRecord_OverlappingBatchesNeitherDeadlockNorLoseCounts(t *testing.T) {
	t.Parallel()
	database := newDatabase(t)
	const processes, rounds, size = 8, 25, 200
	var all sync.WaitGroup
	for range processes {
		db := openDB(t, database)
		db.SetTimeout(servers.HangTimeout) // all wait for each other, on a machine that may be slow
		store := db.IndexStore()
		all.Go(func() {
			for range rounds {
				if _, err := store.Record(t.Context(), time.Now(), batch(0, size)); err != nil {
					t.Errorf("Record: %v", err)
				}
			}
		})
	}
	all.Wait()
	conn := connect(t, database)
	if n := ask[int](t, conn, "SELECT count(*) FROM indices WHERE submissions = $1", processes*rounds); n != size {
		t.Errorf("%d of %d records have all their submissions", n, size)
	}
	// The counter is of statements that were undone, repeated or not.
	if n := ask[int](t, conn, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"); n != 0 {
		t.Errorf("%d deadlocks", n)
	}
}

func TestRecord_KeepsTheOrderOfItsSubmissions(t *testing.T) {
	t.Parallel()
	store := open(t, newDatabase(t))
	// Half of the indices are known already.
	if _, err := store.Record(t.Context(), time.Now(), batch(0, 2500)); err != nil {
		t.Fatal(err)
	}
	submissions := batch(0, 5000)
	records, err := store.Record(t.Context(), time.Now(), submissions)
	if err != nil {
		t.Fatal(err)
	}
	var created []core.Record
	for i, r := range records {
		if r.Index != submissions[i].Index {
			t.Fatalf("place %d has the record of %d, not of %d", i, r.Index, submissions[i].Index)
		}
		if r.Submissions == 1 {
			created = append(created, r)
		}
	}
	inOrder := slices.IsSortedFunc(created, func(a, b core.Record) int { return cmp.Compare(a.Sequence, b.Sequence) })
	if len(created) != 2500 || !inOrder {
		t.Errorf("%d new records, in order of submission: %v", len(created), inOrder)
	}
}

func TestMarkFailed_KeepsAReasonThatIsNotText(t *testing.T) {
	t.Parallel()
	store := open(t, newDatabase(t))
	records, err := store.Record(t.Context(), time.Now(), batch(7, 1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.MarkFailed(t.Context(), 7, records[0].Revision, "no\x00\xffway"); err != nil {
		t.Fatal(err)
	}
	found, err := store.Lookup(t.Context(), 7)
	if r := found[7]; err != nil || r.State != core.StateFailed || r.Reason != "no\uFFFD\uFFFDway" {
		t.Errorf("record %+v, error %v", r, err)
	}
}

// Half of the indices of each batch are new.
func BenchmarkRecord(b *testing.B) {
	for _, size := range []int{1, 100, 1000} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			store := open(b, newDatabase(b))
			var next atomic.Int64
			for b.Loop() {
				first := core.Index(next.Add(int64(size)) / 2)
				if _, err := store.Record(b.Context(), time.Now(), batch(first, size)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "indices/s")
		})
	}
}
