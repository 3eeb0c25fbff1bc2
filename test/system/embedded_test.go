package system

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// startEmbedded starts the api program on a file, with everything in it.
func startEmbedded(t *testing.T, file string, settings ...string) (*pisano.Program, *pisano.Client) {
	t.Helper()
	p := pisano.Start(t, "api", append(settings, "PISANO_DATA="+file, longAccepted)...)
	return p, p.Client("/api")
}

func TestEmbedded_KilledWhileCalculatingFinishesAfterwards(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/pisano.db"
	p, c := startEmbedded(t, file)
	c.MustSubmit(long)
	calculating(t, c, long)
	c.MustSubmit(5_000_000)
	p.Kill()

	begin := time.Now()
	_, c = startEmbedded(t, file)
	for _, n := range []core.Index{long, 5_000_000} {
		testkit.Eventually(t, "the value", c.Is(n, "calculated"))
		measured(t, "F(%d) calculated %v after the restart, without another submission", n, time.Since(begin).Round(time.Millisecond))
	}
	c.WantRight(5_000_000)
}

func TestEmbedded_KeepsItsValuesOverARestart(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/pisano.db"
	p, c := startEmbedded(t, file)
	indices := []core.Index{0, 1, 10, 93, 1000, 100_000, -8}
	c.MustSubmit(indices...)
	c.AwaitAll(len(indices))
	before := values(c, "/api")
	code, took := p.Stop()
	measured(t, "ended %v after SIGTERM", took.Round(time.Millisecond))
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	_, c = startEmbedded(t, file)
	if after := values(c, "/api"); after != before {
		t.Errorf("before the restart: %s\nafterwards: %s", before, after)
	}
	for _, n := range indices {
		c.WantRight(n)
	}
}
