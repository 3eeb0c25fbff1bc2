package sqlite_test

import (
	"database/sql"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
)

// The worker that has the lease could not renew it while another program had the file locked.
func TestClaim_LeavesWhatExpiredWhileTheFileWasLocked(t *testing.T) {
	t.Parallel()
	const lease = time.Hour // the test takes less than half of it
	file := newFile(t)
	a, b := open(t, file), open(t, file)
	begin := time.Now()
	a.SetClock(func() time.Time { return begin })
	holder, other := a.WorkQueue(lease), b.WorkQueue(lease)
	if _, err := holder.Enqueue(t.Context(), "a submitter", core.Task{Index: 7, Cost: time.Second}); err != nil {
		t.Fatal(err)
	}
	held, err := holder.Claim(t.Context(), core.ClaimLimit{Count: 1})
	if err != nil || len(held) != 1 {
		t.Fatalf("claimed %v, %v", held, err)
	}
	for !sqlite.WasLockedOut(b) {
		lockFor(t, file, 2*time.Second, func() error { return b.Ping(t.Context()) })
	}

	later := func(d time.Duration) { b.SetClock(func() time.Time { return begin.Add(d) }) }
	later(lease + time.Second)
	if claims, err := other.Claim(t.Context(), core.ClaimLimit{Count: 1}); err != nil || len(claims) > 0 {
		t.Errorf("claimed %v, %v", claims, err)
	}
	if lost, err := holder.Renew(t.Context(), core.Renewal{Claim: held[0]}); err != nil || len(lost) > 0 {
		t.Errorf("lost %v, %v", lost, err)
	}
	later(2 * lease) // expired long before the lock
	if claims, err := other.Claim(t.Context(), core.ClaimLimit{Count: 1}); err != nil || len(claims) != 1 || claims[0].Delivery != 2 {
		t.Errorf("claimed %v, %v", claims, err)
	}
}

// lockFor has the file locked by another program while f is called, for a time.
func lockFor(t *testing.T, file string, d time.Duration, f func() error) {
	t.Helper()
	program, err := sql.Open("sqlite", file+"?_txlock=immediate&_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	lock, err := program.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	called := make(chan error, 1)
	go func() { called <- f() }()
	time.Sleep(d)
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-called; err != nil {
		t.Fatal(err)
	}
}
