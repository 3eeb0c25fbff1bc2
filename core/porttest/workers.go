package porttest

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// The part of the WorkQueue's contract that is about its workers.

func wantWorkers(t *testing.T, want int, views ...core.WorkQueue) {
	t.Helper()
	for _, q := range views {
		got, err := q.Workers(t.Context())
		must(t, err)
		if got != want {
			t.Errorf("there are %d workers, want %d", got, want)
		}
	}
}

func workersAnnounced(t *testing.T, a, b core.WorkQueue) {
	ctx := t.Context()
	wantWorkers(t, 0, a, b)
	must(t, a.Announce(ctx, "one", time.Minute))
	must(t, a.Announce(ctx, "one", 48*time.Hour))
	wantWorkers(t, 1, a, b)
	must(t, b.Announce(ctx, "the \"other\", {of} two\x00", time.Minute))
	wantWorkers(t, 2, a, b)
	enqueue(t, a, 1)
	claim(t, b, 1)
	wantWorkers(t, 2, a, b) // who claims is not asked for its name
	must(t, b.Announce(ctx, "one", 0))
	wantWorkers(t, 1, a, b)
	must(t, b.Announce(ctx, "one", 0)) // again
	must(t, a.Announce(ctx, "never announced", 0))
	wantWorkers(t, 1, a, b)
	must(t, a.Announce(ctx, "one", time.Minute))
	wantWorkers(t, 2, a, b)
}

func workersFallSilent(t *testing.T, a, b core.WorkQueue) {
	ctx := t.Context()
	begin := time.Now()
	must(t, a.Announce(ctx, "silent", short))
	must(t, a.Announce(ctx, "brief", time.Minute))
	must(t, b.Announce(ctx, "brief", short)) // what was announced last counts
	must(t, a.Announce(ctx, "steady", short))
	must(t, b.Announce(ctx, "steady", time.Minute))
	for left := 3; left > 1; time.Sleep(short / 20) {
		var err error
		left, err = a.Workers(ctx)
		must(t, err)
		switch after := time.Since(begin); {
		case left < 3 && after < short:
			t.Errorf("forgotten %v after they were announced for %v", after, short)
		case left > 1 && after > hangTimeout:
			t.Fatalf("there are still %d workers after %v", left, after)
		}
	}
	wantWorkers(t, 1, a, b)
}
