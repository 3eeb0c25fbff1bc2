package sqlite_test

import (
	"database/sql"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
)

// recordedFolder names the folder of a process whose SQLite is recorded.
const recordedFolder = "PISANO_TEST_RECORDED_FOLDER"

// onRecordedFile runs a test in a process of its own, with a file that is recorded with
// its log from now on.
func onRecordedFile(t *testing.T, test func(t *testing.T, db *sqlite.DB, log *ioLog)) {
	t.Helper()
	folder := os.Getenv(recordedFolder)
	if folder == "" {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), recordedFolder+"="+t.TempDir())
		out, err := child.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		t.Logf("%s", out)
		return
	}
	file := filepath.Join(folder, "recorded.db")
	log := recordSQLite(t, file)
	db := open(t, file)
	sqlite.WrapLog(db, func(file sqlite.LogFile) sqlite.LogFile { return recordedLog{file, log} })
	log.begin(t)
	test(t, db, log)
}

// TestCrash_LosesNothingThatWasAcceptedAtAnyMoment records all writes and syncs of
// the file and its log, and replays them up to many moments. A crash keeps what was
// synced, and of the rest nothing, all, or any part: every record and every mark that
// was accepted before must be there, and no mark without its value. A sync that fails
// loses any part of what it should have brought to the disk, for good.
func TestCrash_LosesNothingThatWasAcceptedAtAnyMoment(t *testing.T) {
	t.Parallel()
	onRecordedFile(t, func(t *testing.T, db *sqlite.DB, log *ioLog) {
		store, cache, queue := db.IndexStore(), db.ValueCache(1<<20), db.WorkQueue(time.Minute)
		generation, err := cache.Generation(t.Context())
		must(t, err)
		var others sync.WaitGroup
		const count = 40
		for n := range core.Index(count) {
			if n == count/2 {
				others.Wait()
				log.failures = 1
			}
			must(t, submit(db, n))
			others.Go(func() {
				if err := db.Events().Publish(t.Context(), core.Event{Index: n}); err != nil {
					t.Error(err)
				}
			})
			log.accepted(recordAccepted, n)
			_, err := queue.Enqueue(t.Context(), "somebody", core.Task{Index: n, Cost: time.Second})
			must(t, err)
			switch n % 4 {
			case 0:
				must(t, cache.Put(t.Context(), value(n, 300_000))) // evicts others
			case 1, 2:
				newest := value(n, 40) // is not evicted
				newest.CalculatedAt = newest.CalculatedAt.AddDate(1, 0, 0)
				must(t, cache.Put(t.Context(), newest))
				marked, err := store.MarkCalculated(t.Context(), generation, core.Mark{Index: n, Revision: 1})
				must(t, err)
				if !marked[n] {
					t.Errorf("%d was not marked", n)
				}
				log.accepted(markAccepted, n)
			}
			if n%10 == 9 {
				sqlite.CopyLog(t, db)
			}
		}
		others.Wait()
		log.end()
		log.replay(t, filepath.Join(filepath.Dir(log.path), "crashed.db"))
	})
}

// TestSync_OnlyTheIndexStoreWaitsForTheDisk counts the syncs of the file and its log.
func TestSync_OnlyTheIndexStoreWaitsForTheDisk(t *testing.T) {
	t.Parallel()
	onRecordedFile(t, func(t *testing.T, db *sqlite.DB, log *ioLog) {
		store, cache, queue := db.IndexStore(), db.ValueCache(0), db.WorkQueue(time.Minute)
		must(t, submit(db, 1000)) // a log is synced when it begins
		var claims []core.Claim
		const count = 100
		submissions, marks := make([]core.Submission, count), make([]core.Mark, count)
		tasks, values := make([]core.Task, count), make([]core.Value, count)
		for i := range count {
			n := core.Index(i)
			submissions[i] = core.Submission{Index: n, Count: 1}
			marks[i] = core.Mark{Index: n, Revision: 1}
			tasks[i] = core.Task{Index: n}
			values[i] = value(n, 40)
		}
		for _, step := range []struct {
			name string
			want int
			do   func() error
		}{
			{"Record", 1, func() error { _, err := store.Record(t.Context(), time.Now(), submissions); return err }},
			{"Publish", 0, func() error { return db.Events().Publish(t.Context(), core.Event{}, core.Event{}) }},
			{"Enqueue", 0, func() error { _, err := queue.Enqueue(t.Context(), "somebody", tasks...); return err }},
			{"Announce", 0, func() error {
				return db.WorkerRegistry().Announce(t.Context(), core.WorkerInfo{Name: "a worker"}, time.Minute)
			}},
			{"Claim", 0, func() (err error) {
				claims, err = queue.Claim(t.Context(), core.ClaimLimit{Count: count})
				return err
			}},
			{"Renew", 0, func() error { _, err := queue.Renew(t.Context(), core.Renewal{Claim: claims[0]}); return err }},
			{"Put", 0, func() error { return cache.Put(t.Context(), values...) }},
			{"MarkCalculated", 1, func() error { _, err := store.MarkCalculated(t.Context(), "generation", marks...); return err }},
			{"Acknowledge", 0, func() error { return queue.Acknowledge(t.Context(), claims[1:]...) }},
			{"Release", 0, func() error { return queue.Release(t.Context(), claims[0]) }},
			{"Reopen", 1, func() error { return store.Reopen(t.Context(), 1) }},
			{"MarkFailed", 1, func() error { _, err := store.MarkFailed(t.Context(), 1, 2, "It is a test."); return err }},
			{"Ping", 1, func() error { return db.Ping(t.Context()) }},
		} {
			before := log.syncs()
			must(t, step.do())
			if syncs := log.syncs() - before; syncs != step.want {
				t.Errorf("%s: %d syncs, want %d", step.name, syncs, step.want)
			}
		}
		if len(claims) != count {
			t.Errorf("%d claims of %d", len(claims), count)
		}
	})
}

// begin takes what is on the disk for synced.
func (l *ioLog) begin(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events, l.recording = nil, true
	l.base = make(map[string][]byte)
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(l.path + suffix)
		must(t, err)
		l.base[suffix] = data
	}
}

func (l *ioLog) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.recording = false
}

// accepted notes that an index was recorded, or marked.
func (l *ioLog) accepted(what eventKind, n core.Index) { l.add(ioEvent{kind: what, index: n}) }

// disk is what a crash may leave behind of a file and its log.
type disk struct {
	synced  map[string][]byte
	pending []ioEvent // that were not synced
}

// end ends the events of a file that a sync covers, as far as keep says.
func (d *disk) end(suffix string, covers func(ioEvent) bool, keep func() bool) {
	d.pending = slices.DeleteFunc(d.pending, func(e ioEvent) bool {
		if e.suffix != suffix || !covers(e) {
			return false
		}
		if keep() {
			d.synced[suffix] = e.apply(d.synced[suffix])
		}
		return true
	})
}

// replay writes what a crash may leave behind to another file, at each moment at
// which something was accepted and around each sync.
func (l *ioLog) replay(t *testing.T, file string) {
	t.Helper()
	prng := rand.New(rand.NewPCG(1, 2))
	all, none, some := func() bool { return true }, func() bool { return false }, func() bool { return prng.IntN(2) == 0 }
	now := disk{synced: map[string][]byte{"": slices.Clone(l.base[""]), "-wal": slices.Clone(l.base["-wal"])}}
	accepted := make(map[eventKind][]core.Index)
	crashes, copied, failed := 0, 0, 0
	crash := func(keep func() bool) {
		crashes++
		for suffix, data := range now.synced {
			left := disk{synced: map[string][]byte{suffix: slices.Clone(data)}, pending: slices.Clone(now.pending)}
			left.end(suffix, func(ioEvent) bool { return true }, keep)
			must(t, os.WriteFile(file+suffix, left.synced[suffix], 0o600))
		}
		must(t, os.RemoveAll(file+"-shm"))
		wantAccepted(t, file, accepted)
	}
	for i, e := range l.events {
		switch e.kind {
		case recordAccepted, markAccepted:
			accepted[e.kind] = append(accepted[e.kind], e.index)
		case fileSynced, syncFailed:
			crash(some)
			keep := all
			if e.kind == syncFailed {
				keep = some
				failed++
			}
			now.end(e.suffix, func(write ioEvent) bool { return write.before < e.before }, keep)
			if e.suffix == "" {
				copied++
			}
		default:
			e.before = i
			now.pending = append(now.pending, e)
			continue
		}
		crash(none)
		if e.kind == recordAccepted && len(accepted[e.kind])%10 == 0 {
			crash(all)
		}
		if t.Failed() {
			return
		}
	}
	records := len(accepted[recordAccepted])
	t.Logf("%d events, %d crashes; the log was copied to the file %d times, %d syncs failed", len(l.events), crashes, copied, failed)
	if copied == 0 || failed == 0 || records == 0 || len(accepted[markAccepted]) == 0 {
		t.Error("the run is too short")
	}
	last := open(t, file)
	found, err := last.IndexStore().Lookup(t.Context(), accepted[recordAccepted]...)
	must(t, err)
	if len(found) != records {
		t.Errorf("there are %d records, want %d", len(found), records)
	}
}

// wantAccepted opens a file as SQLite does after a crash.
func wantAccepted(t *testing.T, file string, accepted map[eventKind][]core.Index) {
	t.Helper()
	raw, err := sql.Open("sqlite", "file:"+file)
	must(t, err)
	defer raw.Close()
	count := func(query string, args ...any) (count int) {
		t.Helper()
		must(t, raw.QueryRowContext(t.Context(), query, args...).Scan(&count))
		return count
	}
	all := len(accepted[recordAccepted])
	if found := count("SELECT count(*) FROM indices WHERE n < ?", all); found != all {
		t.Errorf("after a crash there are %d of %d records that were accepted", found, all)
	}
	for _, n := range accepted[markAccepted] {
		if count("SELECT count(*) FROM indices WHERE n = ? AND state = ?", int64(n), int(core.StateCalculated)) != 1 {
			t.Errorf("after a crash the mark of %d is lost", n)
		}
	}
	if lost := count("SELECT count(*) FROM indices WHERE state = ? AND n NOT IN (SELECT n FROM summaries)", int(core.StateCalculated)); lost > 0 {
		t.Errorf("after a crash %d marks have no value", lost)
	}
	var verdict string
	must(t, raw.QueryRowContext(t.Context(), "PRAGMA quick_check").Scan(&verdict))
	if verdict != "ok" {
		t.Errorf("after a crash the file is damaged: %s", verdict)
	}
}
