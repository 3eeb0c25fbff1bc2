package system

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// workers returns a check of the number of workers that the status counts.
func workers(c *pisano.Client, want int64) func() error {
	return testkit.True(func() bool {
		p := c.Parts()["worker"]
		return p.Count != nil && *p.Count == want && (p.Status == "ok") == (want > 0)
	})
}

func TestStatus_FollowsWorkersAndServers(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, c := s.startAPI(longAccepted)
	took := testkit.Eventually(t, "no worker", workers(c, 0))
	measured(t, "none at the start: reported after %v", took.Round(time.Millisecond))
	killed, stopped := s.startWorker(), s.startWorker()
	took = testkit.Eventually(t, "two workers", workers(c, 2))
	measured(t, "two started: reported after %v", took.Round(time.Millisecond))

	// A worker whose calculation takes longer than the ttl of its announcement is counted, too.
	c.MustSubmit(long, long+1, long+2, long+3, long+4)
	if waiting := awaitWaiting(t, c); waiting < 1 || waiting > 5 {
		t.Errorf("%d of 5 are waiting", waiting)
	}
	killed.Kill()
	took = testkit.Eventually(t, "one worker", workers(c, 1))
	measured(t, "one killed: reported after %v", took.Round(time.Millisecond))

	if code, _ := stopped.Stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	took = testkit.Eventually(t, "no worker", workers(c, 0))
	measured(t, "the other stopped: reported %v after its end", took.Round(time.Millisecond))

	s.redis.Stop()
	took = testkit.Eventually(t, "Redis reported unavailable", testkit.True(func() bool {
		parts := c.Parts()
		return parts["valueCache"].Status == "unavailable" && parts["workQueue"].Status == "unavailable" &&
			parts["workQueue"].Waiting == nil && parts["worker"].Count == nil && parts["indexStore"].Status == "ok"
	}))
	measured(t, "Redis stopped: reported after %v", took.Round(time.Millisecond))
}

// awaitWaiting waits until indices wait, and returns how many.
func awaitWaiting(t *testing.T, c *pisano.Client) (waiting int64) {
	t.Helper()
	testkit.Eventually(t, "waiting indices", testkit.True(func() bool {
		if p := c.Parts()["workQueue"]; p.Waiting != nil {
			waiting = *p.Waiting
		}
		return waiting > 0
	}))
	return waiting
}
