package sqlite_test

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
)

// ownDisk names the data file of a process that has a disk of its own.
const ownDisk = "PISANO_TEST_OWN_DISK"

// onOwnDisk runs a test in a process of its own, and its file on a disk of its
// own: a small file system in memory. Where that process may not mount one, its
// files can't grow while its disk is full.
func onOwnDisk(t *testing.T, test func(t *testing.T, disk *smallDisk)) {
	t.Helper()
	if folder := os.Getenv(ownDisk); folder != "" {
		signal.Ignore(syscall.SIGXFSZ)
		mounted := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=32m") == nil
		t.Logf("a file system of its own: %v", mounted)
		test(t, &smallDisk{folder: folder, file: filepath.Join(folder, "pisano.db"), mounted: mounted})
		return
	}
	run := func(attributes *syscall.SysProcAttr) ([]byte, error) {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), ownDisk+"="+t.TempDir())
		child.SysProcAttr = attributes
		return child.CombinedOutput()
	}
	out, err := run(namespaces())
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOSPC) {
		out, err = run(nil)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// namespaces lets a process mount a file system that no other sees.
func namespaces() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
}

// smallDisk is the disk of one data file.
type smallDisk struct {
	folder, file string
	mounted      bool
	unlimited    uint64
}

// fill has another program take all that is left.
func (d *smallDisk) fill(t *testing.T) {
	t.Helper()
	if !d.mounted {
		d.limit(t, uint64(sizeOfFile(t, d.file)))
		return
	}
	filler, err := os.Create(filepath.Join(d.folder, "filler"))
	must(t, err)
	defer filler.Close()
	for block := make([]byte, 1<<16); len(block) > 0; {
		if _, err := filler.Write(block); errors.Is(err, syscall.ENOSPC) {
			block = block[:len(block)/2]
		} else {
			must(t, err)
		}
	}
}

func (d *smallDisk) free(t *testing.T) {
	t.Helper()
	if d.mounted {
		must(t, os.Remove(filepath.Join(d.folder, "filler")))
	} else {
		d.limit(t, d.unlimited)
	}
}

// limit bounds the size of the files of the process.
func (d *smallDisk) limit(t *testing.T, size uint64) {
	t.Helper()
	var limit syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit))
	if d.unlimited == 0 {
		d.unlimited = limit.Cur
	}
	limit.Cur = size
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
}

func TestPing_AFileThatCannotGrowIsNotWell(t *testing.T) {
	t.Parallel()
	onOwnDisk(t, func(t *testing.T, disk *smallDisk) {
		db := open(t, disk.file)
		must(t, submit(db, 1))
		must(t, db.Ping(t.Context()))

		disk.limit(t, 1)
		pinged, submitted := db.Ping(t.Context()), submit(db, 2)
		disk.limit(t, disk.unlimited)
		for name, err := range map[string]error{"Ping": pinged, "a submission": submitted} {
			if core.KindOf(err) != core.KindUnavailable {
				t.Errorf("%s while nothing can be written: %v", name, err)
			}
		}
		must(t, db.Ping(t.Context()))
		must(t, submit(db, 2))
	})
}

// A write that fails on a disk with room may be one that works later: the index
// must not fail for good.
func TestPut_AFailureToWriteIsNotAFullDisk(t *testing.T) {
	t.Parallel()
	onOwnDisk(t, func(t *testing.T, disk *smallDisk) {
		db := open(t, disk.file)
		cache := db.ValueCache(8 << 20)
		disk.limit(t, 1)
		err := cache.Put(t.Context(), value(1, 100_000))
		disk.limit(t, disk.unlimited)
		if core.KindOf(err) != core.KindUnavailable {
			t.Errorf("a value while nothing can be written: %v", err)
		}
		must(t, cache.Put(t.Context(), value(1, 100_000)))
	})
}

// Another program fills the disk. Records and short values take the place of
// values; a long one is refused, and nothing is evicted for it in vain.
func TestFullDisk_TakesRecordsAndShortValues(t *testing.T) {
	t.Parallel()
	onOwnDisk(t, func(t *testing.T, disk *smallDisk) {
		db := open(t, disk.file)
		cache, queue := db.ValueCache(8<<20), db.WorkQueue(time.Minute)
		const before, during = 60, 500
		for n := range core.Index(before) {
			must(t, submit(db, n))
			must(t, cache.Put(t.Context(), value(n, 100_000)))
		}
		sqlite.CopyLog(t, db)
		disk.fill(t)

		for n := core.Index(before); n < before+during; n++ {
			must(t, submit(db, n))
			_, err := queue.Enqueue(t.Context(), "somebody", core.Task{Index: n, Cost: time.Second})
			must(t, err)
			claims, err := queue.Claim(t.Context(), core.ClaimLimit{Count: 1})
			must(t, err)
			must(t, cache.Put(t.Context(), value(n, 400)))
			must(t, queue.Acknowledge(t.Context(), claims...))
		}
		must(t, db.Ping(t.Context()))
		must(t, cache.Put(t.Context(), value(before+during, 100_000)))
		kept := len(indicesOf(t, cache))
		if kept <= during+1 {
			t.Errorf("%d values are left of %d", kept, before+during+1)
		}
		err := cache.Put(t.Context(), value(before+during+1, 5<<20))
		if disk.mounted && (core.KindOf(err) != core.KindOverloaded || !strings.Contains(err.Error(), "disk is full")) {
			t.Errorf("a long value: %v", err)
		}
		if !disk.mounted && core.KindOf(err) != core.KindUnavailable { // no disk is low
			t.Errorf("a long value that can't be written: %v", err)
		}
		if left := len(indicesOf(t, cache)); left != kept {
			t.Errorf("%d values are left of %d after one that was refused", left, kept)
		}

		disk.free(t)
		must(t, cache.Put(t.Context(), value(before+during+1, 5<<20)))
		wantRecords(t, db, before+during)
		must(t, db.Close())
		wantRecords(t, open(t, disk.file), before+during)
	})
}

// Without values there is nothing to evict: submissions go on as long as there is
// room for a record, and again when there is some.
func TestFullDisk_LosesNoRecord(t *testing.T) {
	t.Parallel()
	onOwnDisk(t, func(t *testing.T, disk *smallDisk) {
		db := open(t, disk.file)
		must(t, submit(db, 0))
		sqlite.CopyLog(t, db)
		disk.fill(t)
		accepted := core.Index(1)
		var err error
		for err == nil && accepted < 100_000 {
			if err = submit(db, accepted); err == nil {
				accepted++
			}
		}
		t.Logf("%d records were accepted on a full disk, then: %v", accepted, err)
		if core.KindOf(err) != core.KindUnavailable || disk.mounted && accepted < 100 {
			t.Errorf("record %d: %v", accepted, err)
		}
		if err := db.Ping(t.Context()); core.KindOf(err) != core.KindUnavailable {
			t.Errorf("Ping: %v", err)
		}
		disk.free(t)
		must(t, submit(db, accepted))
		must(t, db.Ping(t.Context()))
		must(t, db.Close())
		wantRecords(t, open(t, disk.file), int(accepted)+1)
	})
}

// wantRecords checks that there is a record of each of the indices from 0 on.
func wantRecords(t *testing.T, db *sqlite.DB, count int) {
	t.Helper()
	list, err := db.IndexStore().List(t.Context(), 0, count+1)
	must(t, err)
	if len(list) != count {
		t.Errorf("there are %d records, want %d", len(list), count)
	}
}
