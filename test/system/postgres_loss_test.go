package system

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestPostgresRestart_RefusesSubmissionsAndLosesNothing(t *testing.T) {
	t.Parallel()
	postgres := servers.StartPostgres(t)
	s := newSystem(t)
	settings := "DATABASE_URL=" + postgres.PostgresURL()
	api, c := s.startAPI(settings)
	worker := s.startWorker(settings)
	c.MustSubmit(1000)
	testkit.Eventually(t, "a value", c.Is(1000, "calculated"))

	// Indices are submitted throughout.
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
			a, err := c.TrySubmit(n)
			switch {
			case err != nil:
				t.Errorf("no answer: %v", err)
			case a.StatusCode < 300:
				accepted = append(accepted, n)
			default:
				refused[a.StatusCode]++
				refusals.Add(1)
				if a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" ||
					a.Header.Get("Content-Type") != "application/problem+json" {
					t.Errorf("refused with %d, %v: %s", a.StatusCode, a.Header, a.Text)
				}
			}
			time.Sleep(2 * time.Millisecond)
		}
	})
	time.Sleep(time.Second)
	postgres.Stop()
	away := time.Now()
	testkit.Eventually(t, "refusal", testkit.True(func() bool {
		a, err := c.TrySubmit(1)
		return err == nil && a.StatusCode == http.StatusServiceUnavailable && refusals.Load() > 0
	}))
	if v, err := c.State(1000); err != nil || !strings.HasPrefix(v.Value, "4346655768693745643568852767504") {
		t.Errorf("without Postgres a value is answered with %+v, %v", v, err)
	}
	if err := c.Unready(); err != nil {
		t.Errorf("without Postgres %v", err)
	}
	postgres.Start()
	back := time.Now()
	testkit.Eventually(t, "acceptance", accepts(c))
	measured(t, "away for %v, accepting again %v after its start", back.Sub(away).Round(time.Millisecond), time.Since(back).Round(time.Millisecond))
	time.Sleep(time.Second)
	halt()
	for _, n := range accepted {
		testkit.Eventually(t, "an accepted index", c.Is(n, "calculated"))
	}
	for _, p := range []*pisano.Program{api, worker} {
		select {
		case <-p.Exited:
			t.Errorf("%s ended", p.Name)
		default:
		}
	}
	measured(t, "%d accepted, all calculated; refused by status: %v", len(accepted), refused)
}
