package system

import (
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// long is an index whose calculation takes a second or more; longAccepted is
// the setting that lets it in.
const (
	long         core.Index = 500_000_000
	longAccepted            = "PISANO_MAX_INDEX=1000000000"
)

// calculating waits until a worker is at an index.
func calculating(t *testing.T, c *client, n core.Index) {
	t.Helper()
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		s, err := c.state(n)
		switch {
		case err == nil && s.State == "calculating":
			return
		case s.State == "calculated":
			t.Fatalf("F(%d) was calculated before it could be disturbed", n)
		case time.Since(begin) > servers.HangTimeout:
			t.Fatalf("no worker is at F(%d): %+v, %v", n, s, err)
		}
	}
}

func TestIndexOfAKilledWorkerIsFinishedByAnother(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, c := s.startAPI(longAccepted)
	first := s.startWorker()
	c.mustSubmit(t, long)
	calculating(t, c, long)
	second := s.startWorker()
	begin := time.Now()
	first.kill()
	eventually(t, "the value", c.is(long, "calculated"))
	if second.calculations() != 1 {
		t.Errorf("the other worker calculated %d values", second.calculations())
	}
	measured(t, "finished by another worker %v after the first was killed", time.Since(begin).Round(time.Millisecond))
}

func TestTenKilledWorkersLoseNothing(t *testing.T) {
	t.Parallel()
	const kills, count = 10, 500
	s := newSystem(t)
	_, c := s.startAPI()
	random := rand.New(rand.NewPCG(1, 2))
	indices := make([]core.Index, count)
	for i := range indices {
		// Distinct, and enough work to last through the kills.
		indices[i] = core.Index(1_000_000 + 4000*i + random.IntN(4000))
	}
	workers := []*process{s.startWorker(), s.startWorker()}
	begin := time.Now()
	c.mustSubmit(t, indices...)
	for range kills {
		time.Sleep(time.Duration(50+random.IntN(400)) * time.Millisecond)
		i := random.IntN(len(workers))
		workers[i].kill()
		workers[i] = s.startWorker()
	}
	c.awaitAll(t, count)
	measured(t, "%d kills: all %d values after %v", kills, count, time.Since(begin).Round(time.Millisecond))
	for _, n := range indices {
		c.wantRight(t, n)
	}
}

func TestIndexThatKillsItsWorkersIsFailedAndOthersAreServed(t *testing.T) {
	t.Parallel()
	const killer core.Index = 20_000_000_000 // needs some 30 GB
	s := newSystem(t)
	_, c := s.startAPI("PISANO_MAX_INDEX=100000000000")

	// A worker that may use 2 GB of addresses, and somebody who starts it again
	// whenever it dies.
	startLimited := func() *process {
		limited := exec.CommandContext(t.Context(), "sh", "-c", "ulimit -v 2000000; exec "+filepath.Join(programs, "worker"))
		return launchCommand(t, "worker", limited, s.with([]string{"PISANO_CONCURRENCY=1"})...)
	}
	worker, deaths := startLimited(), 0
	settled := func(n core.Index, state string) func() (int, bool) {
		return func() (int, bool) {
			select {
			case <-worker.exited:
				deaths++
				worker = startLimited()
			default:
			}
			return deaths, c.is(n, state)()
		}
	}
	begin := time.Now()
	c.mustSubmit(t, killer, 1000, 1001)
	for _, n := range []core.Index{1000, 1001} {
		took := progressing(t, "the value behind it", settled(n, "calculated"))
		measured(t, "F(%d), behind it, after %v", n, took.Round(time.Millisecond))
	}
	progressing(t, "failure", settled(killer, "failed"))
	measured(t, "failed after %v and %d deaths", time.Since(begin).Round(time.Millisecond), deaths)
	if deaths != core.MaxDeliveries {
		t.Errorf("its workers died %d times, want %d", deaths, core.MaxDeliveries)
	}
	if state, err := c.state(killer); err != nil || state.Reason == "" {
		t.Errorf("failed without a reason: %+v, %v", state, err)
	}
}
