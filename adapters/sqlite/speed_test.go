package sqlite_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// BenchmarkDB measures one call of each port after another, for batches of 1 and
// of 100 small indices, and the way of a batch through all of them. The disk is
// that of the folder of temporary files: set TMPDIR to measure another.
func BenchmarkDB(b *testing.B) {
	for _, size := range []int{1, 100} {
		for i, call := range calls {
			before := func(batch *benchmarkBatch) {
				for _, earlier := range calls[:i] {
					if slices.Contains(call.needs, earlier.name) {
						earlier.do(b, batch)
					}
				}
			}
			b.Run(fmt.Sprintf("%s/%d", call.name, size), func(b *testing.B) { benchmark(b, size, before, call.do) })
		}
		b.Run(fmt.Sprintf("all/%d", size), func(b *testing.B) {
			benchmark(b, size, func(*benchmarkBatch) {}, func(b *testing.B, batch *benchmarkBatch) {
				for _, call := range calls {
					call.do(b, batch)
				}
			})
		})
	}
}

// benchmark measures what do does with one batch after another, each of which was
// prepared before.
func benchmark(b *testing.B, size int, before func(*benchmarkBatch), do func(*testing.B, *benchmarkBatch)) {
	db, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "pisano.db"))
	mustDo(b, err)
	defer func() { mustDo(b, db.Close()) }()
	batches := make([]*benchmarkBatch, b.N)
	for i := range batches {
		batches[i] = newBenchmarkBatch(db, i*size, size)
		before(batches[i])
	}
	b.ResetTimer()
	for _, batch := range batches {
		do(b, batch)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*size), "µs/index")
}

// calls are the calls of the ports for a batch, in the order of its way.
var calls = []struct {
	name  string
	needs []string // the calls that it follows
	do    func(b *testing.B, batch *benchmarkBatch)
}{
	{name: "Record", do: func(b *testing.B, batch *benchmarkBatch) {
		records, err := batch.db.IndexStore().Record(b.Context(), time.Now(), batch.submissions)
		mustDo(b, err)
		for i, r := range records {
			batch.marks[i] = core.Mark{Index: r.Index, Revision: r.Revision}
		}
	}},
	{name: "Enqueue", do: func(b *testing.B, batch *benchmarkBatch) {
		_, err := batch.queue.Enqueue(b.Context(), "somebody", batch.tasks...)
		mustDo(b, err)
	}},
	{name: "Claim", needs: []string{"Enqueue"}, do: func(b *testing.B, batch *benchmarkBatch) {
		claims, err := batch.queue.Claim(b.Context(), core.ClaimLimit{Count: len(batch.tasks)})
		mustDo(b, err)
		batch.claims = claims
	}},
	{name: "Lookup", needs: []string{"Record"}, do: func(b *testing.B, batch *benchmarkBatch) {
		_, err := batch.db.IndexStore().Lookup(b.Context(), batch.indices...)
		mustDo(b, err)
	}},
	{name: "Put", do: func(b *testing.B, batch *benchmarkBatch) {
		mustDo(b, batch.cache.Put(b.Context(), batch.values...))
	}},
	{name: "Summaries", needs: []string{"Put"}, do: func(b *testing.B, batch *benchmarkBatch) {
		_, err := batch.cache.Summaries(b.Context(), batch.indices...)
		mustDo(b, err)
	}},
	{name: "MarkCalculated", needs: []string{"Record"}, do: func(b *testing.B, batch *benchmarkBatch) {
		_, err := batch.db.IndexStore().MarkCalculated(b.Context(), "generation", batch.marks...)
		mustDo(b, err)
	}},
	{name: "Acknowledge", needs: []string{"Enqueue", "Claim"}, do: func(b *testing.B, batch *benchmarkBatch) {
		mustDo(b, batch.queue.Acknowledge(b.Context(), batch.claims...))
	}},
	{name: "Publish", do: func(b *testing.B, batch *benchmarkBatch) {
		mustDo(b, batch.db.Events().Publish(b.Context(), batch.events...))
	}},
}

// benchmarkBatch is a batch of indices and what the ports take and return of them.
type benchmarkBatch struct {
	db          *sqlite.DB
	queue       core.WorkQueue
	cache       core.ValueCache
	indices     []core.Index
	submissions []core.Submission
	tasks       []core.Task
	values      []core.Value
	events      []core.Event
	marks       []core.Mark
	claims      []core.Claim
}

func newBenchmarkBatch(db *sqlite.DB, first, size int) *benchmarkBatch {
	batch := &benchmarkBatch{db: db, queue: db.WorkQueue(time.Hour), cache: db.ValueCache(1 << 30), marks: make([]core.Mark, size)}
	now := time.Now()
	for i := range size {
		n := core.Index(first + i)
		batch.indices = append(batch.indices, n)
		batch.submissions = append(batch.submissions, core.Submission{Index: n, Count: 1})
		batch.tasks = append(batch.tasks, core.Task{Index: n, Cost: time.Millisecond})
		batch.values = append(batch.values, core.Value{Index: n, Magnitude: decimal.FromWords([]uint64{1, 2, 3, 4, 5}), CalculatedAt: now})
		batch.events = append(batch.events, core.Event{Kind: core.EventCalculated, Index: n, At: now})
	}
	return batch
}

func mustDo(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
