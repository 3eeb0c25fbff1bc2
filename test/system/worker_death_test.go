package system

import (
	"math/rand/v2"
	"os/exec"
	"testing"
	"time"

	client "github.com/pisano-dev/pisano/clients/go"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// long is an index whose calculation takes a second or more, and longest one that takes twice as long; longAccepted is the setting
// that accepts them.
const (
	long         core.Index = 500_000_000
	longest      core.Index = 1_000_000_000
	longAccepted            = "PISANO_MAX_INDEX=1000000000"
)

// calculating waits until an index is being calculated.
func calculating(t *testing.T, c *pisano.Client, n core.Index) {
	t.Helper()
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		s, err := c.State(n)
		switch {
		case err == nil && s.State == "calculating":
			return
		case s.State == "calculated":
			t.Fatalf("F(%d) was calculated before it could be disturbed", n)
		case time.Since(begin) > testkit.HangTimeout:
			t.Fatalf("F(%d) is not being calculated: %+v, %v", n, s, err)
		}
	}
}

func TestWorkerDeath_AnotherFinishesTheIndex(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, c := s.startAPI(longAccepted)
	first, second := s.startWorker(), s.startWorker()
	second.Suspend() // until the first is dead
	c.MustSubmit(longest)
	calculating(t, c, longest)
	begin := time.Now()
	first.Kill()
	second.Resume()
	testkit.Eventually(t, "the value", c.Is(longest, "calculated"))
	if second.Calculations() != 1 {
		t.Errorf("the other worker calculated %d values", second.Calculations())
	}
	measured(t, "finished by another worker %v after the first was killed", time.Since(begin).Round(time.Millisecond))
}

func TestWorkerDeath_TenTimesLosesNothing(t *testing.T) {
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
	workers := []*pisano.Program{s.startWorker(), s.startWorker()}
	begin := time.Now()
	c.MustSubmit(indices...)
	for range kills {
		time.Sleep(time.Duration(50+random.IntN(400)) * time.Millisecond)
		i := random.IntN(len(workers))
		workers[i].Kill()
		workers[i] = s.startWorker()
	}
	c.AwaitAll(count)
	measured(t, "%d kills: all %d values after %v", kills, count, time.Since(begin).Round(time.Millisecond))
	for _, n := range indices {
		c.WantRight(n)
	}
}

func TestWorkerDeath_ByOneIndexFailsItAndServesOthers(t *testing.T) {
	t.Parallel()
	const killer core.Index = 20_000_000_000 // needs some 30 GB
	s := newSystem(t)
	// However long the calculation is estimated to take on a busy machine, it is accepted.
	_, c := s.startAPI("PISANO_MAX_INDEX=100000000000", "PISANO_MAX_BACKLOG=24h")

	// A worker that may use 2 GB of addresses and believes that it has 64, and is started again whenever it dies.
	startLimited := func() *pisano.Program {
		limited := exec.CommandContext(t.Context(), "sh", "-c", "ulimit -v 2000000; exec "+pisano.Path("worker"))
		return pisano.LaunchCommand(t, "worker", limited, s.with([]string{"PISANO_CONCURRENCY=1", "PISANO_MEMORY=64GiB"})...)
	}
	worker, deaths := startLimited(), 0
	settled := func(n core.Index, state client.State) func() (int, error) {
		return func() (int, error) {
			select {
			case <-worker.Exited:
				deaths++
				worker = startLimited()
			default:
			}
			return deaths, c.Is(n, state)()
		}
	}
	begin := time.Now()
	c.MustSubmit(killer, 1000, 1001)
	for _, n := range []core.Index{1000, 1001} {
		took := testkit.Progress(t, "the next value", settled(n, "calculated"))
		measured(t, "F(%d), the next, after %v", n, took.Round(time.Millisecond))
	}
	testkit.Progress(t, "failure", settled(killer, "failed"))
	measured(t, "failed after %v and %d deaths", time.Since(begin).Round(time.Millisecond), deaths)
	if deaths != core.MaxDeliveries {
		t.Errorf("its workers died %d times, want %d", deaths, core.MaxDeliveries)
	}
	if state, err := c.State(killer); err != nil || state.Reason == "" {
		t.Errorf("failed without a reason: %+v, %v", state, err)
	}
}
