package system

import (
	"database/sql"
	"fmt"
	"net/http"
	"testing"
	"time"

	client "github.com/pisano-dev/pisano/clients/go"
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
	db, err := sql.Open("sqlite", file+"?_txlock=immediate&_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var lock *sql.Tx
	n, count := long, 0
	for ; ; n-- { // what is calculated before it could be disturbed is no loss: the next one then
		c.MustSubmit(n)
		count++
		testkit.Eventually(t, "the beginning of a calculation", func() error {
			s, err := c.State(n)
			if err == nil && s.State == client.StatePending {
				err = fmt.Errorf("F(%d) is pending", n)
			}
			return err
		})
		if lock, err = db.BeginTx(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if c.Is(n, client.StateCalculating)() == nil {
			break
		}
		if err := lock.Rollback(); err != nil {
			t.Fatal(err)
		}
	}
	begin := time.Now()
	const later core.Index = 12_345
	type submitted struct {
		pisano.Answer
		err error
	}
	answered := make(chan submitted, 1)
	go func() {
		a, err := other.TrySubmit(later)
		answered <- submitted{a, err}
	}()
	// Two seconds after the lease has expired, the other worker has long noticed it.
	testkit.Eventually(t, "a lease that expired", func() (err error) {
		var until int64
		if err = lock.QueryRowContext(t.Context(), "SELECT claimed_until FROM jobs WHERE n = ?", int64(n)).Scan(&until); err == nil {
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
		t.Errorf("a submission to the locked file is answered with %d %s, %v", a.StatusCode, a.Text, a.err)
	}
	for earlier := n; earlier <= long; earlier++ { // one before the last may still be in progress
		other.Await(earlier)
	}
	other.Await(later)
	if delivery := max(first.Delivery(n), second.Delivery(n)); delivery != 1 || first.Calculations()+second.Calculations() != count+1 {
		t.Errorf("calculated at delivery %d; %d and %d values of %d", delivery, first.Calculations(), second.Calculations(), count+1)
	}
	for _, p := range []*pisano.Program{first, second} {
		if faults := p.Faults(); len(faults) > 0 {
			t.Errorf("faults: %q", faults)
		}
	}
}
