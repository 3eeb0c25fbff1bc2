package system

import (
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
)

func TestMemory_OfWorkersBoundsWhatIsAccepted(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, c := s.startAPI(longAccepted)
	s.startWorker("PISANO_MEMORY=128MiB")
	memoryBounds(t, c.StatusOf, "")
	large := s.startWorker("PISANO_MEMORY=1GiB")
	testkit.Eventually(t, "an estimate", testkit.True(func() bool { return c.StatusOf("/estimates/500000000") == http.StatusOK }))
	c.MustSubmit(long)
	c.Await(long)
	if large.Calculations() != 1 {
		t.Errorf("the larger worker calculated %d values", large.Calculations())
	}
}

func TestMemory_OfAnEmbeddedProgramBoundsWhatRuns(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/pisano.db"
	p, c := startEmbedded(t, file, "PISANO_MEMORY=640MiB", "PISANO_CONCURRENCY=4")
	memoryBounds(t, c.StatusOf, "/api")
	answer, err := c.TrySubmit(900_000_000)
	if err != nil || answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(answer.Text, "640 MiB") {
		t.Errorf("%+v, %v", answer, err)
	}
	several := []core.Index{400_000_000, 399_999_999, 399_999_998, 1_000_000}
	c.MustSubmit(several...)
	for _, n := range several {
		c.Await(n)
	}
	most := p.Memory("VmHWM")
	t.Logf("measured: a program for 640 MiB took %d MiB", most>>20)
	if most > 900<<20 {
		t.Errorf("one of them at a time took %d MiB", most>>20)
	}
}

// Without GOMEMLIMIT the runtime keeps to what PISANO_MEMORY leaves to calculations,
// and 64 MiB for the program itself.
func TestMemory_OfTheRuntimeIsThatOfGOMEMLIMITIfItIsSet(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]float64{"": 704 << 20, "off": math.MaxInt64, "1GiB": 1 << 30} {
		p, _ := startEmbedded(t, t.TempDir()+"/pisano.db", "PISANO_MEMORY=640MiB", "GOMEMLIMIT="+setting)
		if got := scrape(t, p)["go_gc_gomemlimit_bytes"]; got != want {
			t.Errorf("with GOMEMLIMIT=%s the limit is %.0f bytes, want %.0f", setting, got, want)
		}
	}
}

// memoryBounds waits until the memory of the workers is known.
func memoryBounds(t *testing.T, statusOf func(string) int, prefix string) {
	t.Helper()
	testkit.Eventually(t, "a refusal", testkit.True(func() bool { return statusOf(prefix+"/estimates/900000000") == http.StatusUnprocessableEntity }))
}
