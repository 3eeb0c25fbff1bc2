package system

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestPostgresRestartedRefusesPolitelyAndLosesNothing(t *testing.T) {
	t.Parallel()
	postgres := servers.StartPostgres(t)
	s := newSystem(t)
	settings := "DATABASE_URL=" + postgres.PostgresURL()
	api, c := s.startAPI(settings)
	worker := s.startWorker(settings)
	c.mustSubmit(t, 1000)
	eventually(t, "a value", c.is(1000, "calculated"))

	// Somebody submits all the while.
	stop := make(chan struct{})
	var accepted []core.Index
	refused := make(map[int]int)
	var refusals atomic.Int64
	var submitter sync.WaitGroup
	halt := sync.OnceFunc(func() {
		close(stop)
		submitter.Wait()
	})
	defer halt()
	submitter.Go(func() {
		for n := core.Index(2000); ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			a, err := c.submit(n)
			switch {
			case err != nil:
				t.Errorf("no answer: %v", err)
			case a.status < 300:
				accepted = append(accepted, n)
			default:
				refused[a.status]++
				refusals.Add(1)
				if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" ||
					a.header.Get("Content-Type") != "application/problem+json" {
					t.Errorf("refused with %d, %v: %s", a.status, a.header, a.body)
				}
			}
			time.Sleep(2 * time.Millisecond)
		}
	})
	time.Sleep(time.Second)
	postgres.Stop()
	away := time.Now()
	eventually(t, "refusal", func() bool {
		a, err := c.submit(1)
		return err == nil && a.status == http.StatusServiceUnavailable && refusals.Load() > 0
	})
	if a, err := c.do(http.MethodGet, "/values/1000", nil); err != nil || a.status != http.StatusOK || !strings.Contains(string(a.body), "4346655768693745643568852767504") {
		t.Errorf("without Postgres a value is answered with %d %s, %v", a.status, a.body, err)
	}
	if a, err := c.do(http.MethodGet, "/readyz", nil); err != nil || a.status != http.StatusServiceUnavailable {
		t.Errorf("without Postgres /readyz is %d, %v", a.status, err)
	}
	postgres.Start()
	back := time.Now()
	eventually(t, "acceptance", func() bool {
		a, err := c.submit(1)
		return err == nil && a.status < 300
	})
	measured(t, "away for %v, accepting again %v after its start", back.Sub(away).Round(time.Millisecond), time.Since(back).Round(time.Millisecond))
	time.Sleep(time.Second)
	halt()
	for _, n := range accepted {
		eventually(t, "an accepted index", c.is(n, "calculated"))
	}
	for _, p := range []*process{api, worker} {
		select {
		case <-p.exited:
			t.Errorf("%s ended", p.name)
		default:
		}
	}
	measured(t, "%d accepted, all calculated; refused by status: %v", len(accepted), refused)
}
