package system

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// startEmbedded starts the program that is everything, on a file.
func startEmbedded(t *testing.T, file string) (*process, *client) {
	t.Helper()
	p := start(t, "api", "PISANO_DATA="+file, longAccepted)
	c := clientOf(p)
	c.base += "/api"
	return p, c
}

func TestEmbeddedServerKilledWhileItCalculatesFinishesAfterwards(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/pisano.db"
	p, c := startEmbedded(t, file)
	c.mustSubmit(t, long)
	calculating(t, c, long)
	c.mustSubmit(t, 5_000_000)
	p.kill()

	begin := time.Now()
	_, c = startEmbedded(t, file)
	for _, n := range []core.Index{long, 5_000_000} {
		eventually(t, "the value", c.is(n, "calculated"))
		measured(t, "F(%d) calculated %v after the restart, nobody resubmitting", n, time.Since(begin).Round(time.Millisecond))
	}
	c.wantRight(t, 5_000_000)
}

func TestEmbeddedServerKeepsWhatItKnowsOverARestart(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/pisano.db"
	p, c := startEmbedded(t, file)
	indices := []core.Index{0, 1, 10, 93, 1000, 100_000, -8}
	c.mustSubmit(t, indices...)
	c.awaitAll(t, len(indices))
	before := values(t, c)
	code, took := p.terminate()
	measured(t, "ended %v after it was told to", took.Round(time.Millisecond))
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	_, c = startEmbedded(t, file)
	if after := values(t, c); after != before {
		t.Errorf("before the restart: %s\nafterwards: %s", before, after)
	}
	for _, n := range indices {
		c.wantRight(t, n)
	}
}
