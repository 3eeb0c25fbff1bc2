package httpapi_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/internal/testkit"
)

// awaitWorkers waits until the given number of workers is alive.
func (w *world) awaitWorkers(want int) {
	w.t.Helper()
	testkit.Eventually(w.t, "the workers are alive", func() error {
		got, err := w.workers.List(w.t.Context())
		if err != nil || len(got) != want {
			return fmt.Errorf("there are %d workers, %w, want %d", len(got), err, want)
		}
		return nil
	})
}

// status returns the five parts by their names.
func (w *world) status() map[string]httpapi.Part {
	w.t.Helper()
	a := w.get("/status").want(200).wantHeader("Cache-Control", "no-store")
	parts := make(map[string]httpapi.Part)
	var names []string
	for _, part := range decode[httpapi.ServiceStatus](a).Parts {
		parts[part.Name] = part
		names = append(names, part.Name)
	}
	if got := strings.Join(names, " "); got != "api indexStore valueCache workQueue worker" {
		w.t.Errorf("the parts are %s", got)
	}
	if strings.Contains(a.text, "secret") {
		w.t.Errorf("the status reveals internals: %s", a.text)
	}
	return parts
}

func TestStatus_OmitsWhatIsUnknown(t *testing.T) {
	t.Parallel()
	parts := newWorld(t, func(w *world) {
		w.intercept("WorkQueue", intercept.Fail(errSecret))
		w.intercept("WorkerRegistry", intercept.Fail(errSecret))
	}).status()
	for name, part := range parts {
		if away := name == "workQueue" || name == "worker"; (part.Status == "ok") == away {
			t.Errorf("%+v while the queue is unavailable", part)
		}
		if part.Waiting != nil || part.Count != nil {
			t.Errorf("%+v has a number while the queue is unavailable", part)
		}
	}
}

func TestStatus_FollowsWorkersAndDependencies(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	w := newWorld(t, func(w *world) { w.intercept("IndexStore.Ping", intercept.When(away.Load, intercept.Fail(errSecret))) })
	if s := w.status(); *s["worker"].Count != 0 || s["worker"].Status != "unavailable" || *s["workQueue"].Waiting != 0 {
		t.Errorf("without a worker: %+v", s)
	}
	w.calculated(10, 20)
	away.Store(true)
	time.Sleep(time.Second) // until a cached status has expired
	s := w.status()
	if *s["worker"].Count != 1 || s["worker"].Status != "ok" || *s["workQueue"].Waiting != 0 {
		t.Errorf("with a worker: %+v", s)
	}
	if s["indexStore"].Status != "unavailable" || s["valueCache"].Status != "ok" {
		t.Errorf("without the index store: %+v", s)
	}
}

func TestStatus_IsCheckedOnceForManyRequests(t *testing.T) {
	t.Parallel()
	var pings atomic.Int32
	w := newWorld(t, func(w *world) { w.intercept("IndexStore.Ping", intercept.Before(func() { pings.Add(1) })) })
	begin := time.Now()
	var crowd sync.WaitGroup
	for range 20 {
		crowd.Go(func() {
			for range 10 {
				w.status()
				w.get("/readyz").want(200)
			}
		})
	}
	crowd.Wait()
	if looks, most := int(pings.Load()), 1+int(time.Since(begin)/time.Second); looks > most {
		t.Errorf("400 requests checked the store %d times, want at most %d", looks, most)
	}
}
