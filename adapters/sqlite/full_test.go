package sqlite_test

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
)

// limitedFile names the data file of a process whose files can't grow.
const limitedFile = "PISANO_TEST_LIMITED_FILE"

// TestPing_ALogThatCannotGrowIsNotWell has a process of its own, whose files
// the system lets grow no further: SQLite's writes fail as on a full disk.
func TestPing_ALogThatCannotGrowIsNotWell(t *testing.T) {
	t.Parallel()
	if file := os.Getenv(limitedFile); file != "" {
		pingLimited(t, file)
		return
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), limitedFile+"="+newFile(t))
	if out, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func pingLimited(t *testing.T, file string) {
	signal.Ignore(syscall.SIGXFSZ)
	db, err := sqlite.Open(t.Context(), file)
	must(t, err)
	defer db.Close()
	must(t, submit(db, 1))
	must(t, db.Ping(t.Context()))

	log, err := os.Stat(file + "-wal")
	must(t, err)
	var limit syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit))
	unlimited := limit.Cur
	limit.Cur = uint64(log.Size())
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
	pinged, submitted := db.Ping(t.Context()), submit(db, 2)
	limit.Cur = unlimited
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))

	for name, err := range map[string]error{"Ping": pinged, "a submission": submitted} {
		if core.KindOf(err) != core.KindUnavailable {
			t.Errorf("%s while the log can't grow: %v", name, err)
		}
	}
	must(t, db.Ping(t.Context()))
	must(t, submit(db, 2))
}
