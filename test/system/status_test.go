package system

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"
)

// part is one of the parts that the status tells of.
type part struct {
	Name, Status   string
	Waiting, Count *int
}

// parts returns the parts of the service by their names.
func (c *client) parts(t *testing.T) map[string]part {
	t.Helper()
	a, err := c.do(http.MethodGet, "/status", nil)
	var status struct{ Parts []part }
	if err == nil {
		err = json.Unmarshal(a.body, &status)
	}
	if err != nil || a.status != http.StatusOK || len(status.Parts) != 5 {
		t.Fatalf("status: %d %s %v", a.status, a.body, err)
	}
	parts := make(map[string]part)
	for _, p := range status.Parts {
		parts[p.Name] = p
	}
	return parts
}

// workers returns a test for the number of workers that are counted.
func (c *client) workers(t *testing.T, want int) func() bool {
	return func() bool {
		p := c.parts(t)["worker"]
		return p.Count != nil && *p.Count == want && (p.Status == "ok") == (want > 0)
	}
}

func TestStatusFollowsWorkersAndServersThatComeAndGo(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, c := s.startAPI(longAccepted)
	took := eventually(t, "no worker", c.workers(t, 0))
	measured(t, "none at the start: told after %v", took.Round(time.Millisecond))
	killed, stopped := s.startWorker(), s.startWorker()
	took = eventually(t, "two workers", c.workers(t, 2))
	measured(t, "two started: told after %v", took.Round(time.Millisecond))

	// One that works for longer than it is announced for is counted, too.
	c.mustSubmit(t, long, long+1, long+2, long+3, long+4)
	if waiting := eventuallyWaiting(t, c); waiting < 1 || waiting > 5 {
		t.Errorf("%d of 5 are waiting", waiting)
	}
	killed.kill()
	took = eventually(t, "one worker", c.workers(t, 1))
	measured(t, "one killed: missed after %v", took.Round(time.Millisecond))

	if code, _ := stopped.terminate(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	took = eventually(t, "no worker", c.workers(t, 0))
	measured(t, "the other stopped: told %v after its end", took.Round(time.Millisecond))

	s.redis.Stop()
	took = eventually(t, "Redis to be missed", func() bool {
		parts := c.parts(t)
		return parts["valueCache"].Status == "unavailable" && parts["workQueue"].Status == "unavailable" &&
			parts["workQueue"].Waiting == nil && parts["worker"].Count == nil && parts["indexStore"].Status == "ok"
	})
	measured(t, "Redis stopped: told after %v", took.Round(time.Millisecond))
}

// eventuallyWaiting returns how many indices wait once there are some.
func eventuallyWaiting(t *testing.T, c *client) (waiting int) {
	t.Helper()
	eventually(t, "something that waits", func() bool {
		if p := c.parts(t)["workQueue"]; p.Waiting != nil {
			waiting = *p.Waiting
		}
		return waiting > 0
	})
	return waiting
}
