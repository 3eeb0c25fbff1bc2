package system

import (
	"database/sql"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// A tool for backups or a virus scanner has the write lock of the data file for longer than a lease, which no worker can renew
// meanwhile.
func TestLock_OfTheDataFileIsNotCountedAsDeath(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/pisano.db"
	first, c := startEmbedded(t, file)
	second, other := startEmbedded(t, file)
	c.MustSubmit(long)
	calculating(t, c, long)

	db, err := sql.Open("sqlite", file+"?_txlock=immediate&_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	lock, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	calculating(t, c, long) // still
	const later core.Index = 12_345
	answered := make(chan pisano.Answer, 1)
	go func() {
		a, err := other.TrySubmit(later)
		if err != nil {
			t.Error(err)
		}
		answered <- a
	}()
	// Two seconds after the lease has expired, the other worker has long noticed it.
	testkit.Eventually(t, "a lease that expired", func() (err error) {
		var until int64
		if err = lock.QueryRowContext(t.Context(), "SELECT claimed_until FROM jobs WHERE n = ?", int64(long)).Scan(&until); err == nil {
			if since := time.Since(time.UnixMicro(until)); since < 2*time.Second {
				err = fmt.Errorf("it expired %v ago", since)
			}
		}
		return err
	})
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	measured(t, "locked for %v", time.Since(begin).Round(time.Millisecond))

	switch a := <-answered; a.StatusCode {
	case http.StatusAccepted:
	case http.StatusServiceUnavailable: // the machine is so busy that ten seconds have passed
		other.MustSubmit(later)
	default:
		t.Errorf("a submission to the locked file is answered with %d %s", a.StatusCode, a.Text)
	}
	for _, n := range []core.Index{long, later} {
		other.Await(n)
	}
	if delivery := max(first.Delivery(long), second.Delivery(long)); delivery != 1 || first.Calculations()+second.Calculations() != 2 {
		t.Errorf("calculated at delivery %d; %d and %d values in all", delivery, first.Calculations(), second.Calculations())
	}
	for _, p := range []*pisano.Program{first, second} {
		if faults := p.Faults(); len(faults) > 0 {
			t.Errorf("faults: %q", faults)
		}
	}
}
