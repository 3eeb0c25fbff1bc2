package httpapi_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/internal/testkit"
)

// awaitWorkers waits until the given number of workers is alive.
func (s *testServer) awaitWorkers(want int) {
	s.t.Helper()
	testkit.Eventually(s.t, "the workers are alive", func() error {
		got, err := s.workers.List(s.t.Context())
		if err != nil || len(got) != want {
			return fmt.Errorf("there are %d workers, %w, want %d", len(got), err, want)
		}
		return nil
	})
}

// status returns the five parts by their names.
func (s *testServer) status() map[string]httpapi.Part {
	s.t.Helper()
	a := s.get("/status").want(200).wantHeader("Cache-Control", "no-store")
	parts := make(map[string]httpapi.Part)
	var names []string
	for _, part := range decode[httpapi.ServiceStatus](a).Parts {
		parts[part.Name] = part
		names = append(names, part.Name)
	}
	if got := strings.Join(names, " "); got != "api indexStore valueCache workQueue worker" {
		s.t.Errorf("the parts are %s", got)
	}
	if strings.Contains(a.text, "secret") {
		s.t.Errorf("the status reveals internals: %s", a.text)
	}
	return parts
}

func TestStatus_OmitsWhatIsUnknown(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(s *testServer) {
		s.intercept("WorkQueue", intercept.Fail(errSecret))
		s.intercept("WorkerRegistry", intercept.Fail(errSecret))
	})
	parts := s.status()
	if strings.Contains(s.get("/status").text, `"workers"`) {
		t.Error("the status lists workers while the queue is unavailable")
	}
	for name, part := range parts {
		if away := name == "workQueue" || name == "worker"; (part.Status == "ok") == away {
			t.Errorf("%+v while the queue is unavailable", part)
		}
		if part.Waiting != nil || part.Count != nil {
			t.Errorf("%+v has a number while the queue is unavailable", part)
		}
	}
}

func TestStatus_TellsTheProgressOfRecovery(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	becomes := func(lost, waiting int, seconds float64) {
		t.Helper()
		testkit.Eventually(t, "the status tells the progress", func() error {
			status := decode[httpapi.ServiceStatus](s.get("/status").want(200))
			r := status.Recovery
			if r.Mode != "eager" || *r.Lost != lost || *r.Waiting != waiting || *r.WaitingSeconds != seconds || *status.Parts[3].Waiting != 0 {
				return fmt.Errorf("the status is %+v", status)
			}
			return nil
		})
	}
	if _, err := s.queue.Enqueue(t.Context(), "", core.Task{Index: -1, Cost: 1500 * time.Millisecond, Lane: core.LaneRecovery}); err != nil {
		t.Fatal(err)
	}
	becomes(0, 1, 1.5)
	s.queue.Flush()
	s.calculated(10, 20, 30)
	s.cache.Flush()
	becomes(3, 0, 0)
}

func TestStatus_FollowsWorkersAndDependencies(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	s := newTestServer(t, func(s *testServer) {
		s.intercept("IndexStore.Ping", intercept.When(away.Load, intercept.Fail(errSecret)))
	})
	if parts := s.status(); *parts["worker"].Count != 0 || parts["worker"].Status != "unavailable" || *parts["workQueue"].Waiting != 0 {
		t.Errorf("without a worker: %+v", parts)
	}
	s.calculated(10, 20)
	away.Store(true)
	time.Sleep(time.Second) // until a cached status has expired
	parts := s.status()
	if *parts["worker"].Count != 1 || parts["worker"].Status != "ok" || *parts["workQueue"].Waiting != 0 {
		t.Errorf("with a worker: %+v", parts)
	}
	if parts["indexStore"].Status != "unavailable" || parts["valueCache"].Status != "ok" {
		t.Errorf("without the index store: %+v", parts)
	}
}

func TestStatus_ListsTheWorkersAndTheirSilence(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	if a := s.get("/status").want(200); !strings.Contains(a.text, `"workers":[]`) {
		t.Errorf("without a worker: %s", a.text)
	}
	for _, w := range []core.WorkerInfo{{Name: "one", Slots: 3, Memory: 1 << 30}, {Name: "two"}} {
		if err := s.workers.Announce(t.Context(), w, 5*time.Second); err != nil { // as 5 seconds ago, for 10
			t.Fatal(err)
		}
	}
	testkit.Eventually(t, "the status lists the workers", func() error {
		workers := decode[httpapi.ServiceStatus](s.get("/status").want(200)).Workers
		if len(workers) != 2 || workers[0].Name != "one" || workers[0].Slots != 3 || workers[1].Slots != 0 || workers[0].SilentSeconds < 5 {
			return fmt.Errorf("the workers are %+v", workers)
		}
		return nil
	})
}

func TestStatus_IsCheckedOnceForManyRequests(t *testing.T) {
	t.Parallel()
	var pings atomic.Int32
	s := newTestServer(t, func(s *testServer) { s.intercept("IndexStore.Ping", intercept.Before(func() { pings.Add(1) })) })
	begin := time.Now()
	var crowd sync.WaitGroup
	for range 20 {
		crowd.Go(func() {
			for range 10 {
				s.status()
				s.get("/readyz").want(200)
			}
		})
	}
	crowd.Wait()
	if looks, most := int(pings.Load()), 1+int(time.Since(begin)/time.Second); looks > most {
		t.Errorf("400 requests checked the store %d times, want at most %d", looks, most)
	}
}
