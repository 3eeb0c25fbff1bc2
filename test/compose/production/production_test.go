package production

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

//nolint:paralleltest // Chromium ends its requests when networks and containers of another test come and go.
func TestProductionStack_ServesOnOnePortAndLosesNothingWhenPartsDie(t *testing.T) {
	begin := time.Now()
	stack := docker.Compose(t, "production", "docker-compose.production.yml",
		"PISANO_PORT=0", "POSTGRES_PASSWORD=production-postgres", "REDIS_PASSWORD=production-redis")
	stack.Up()
	nginx := stack.Only("nginx")
	nginx.AwaitHealth("healthy")
	t.Logf("the stack was up and healthy after %.1f s", time.Since(begin).Seconds())
	wantOnePort(t, stack)

	c := pisano.NewClient(t, nginx.Address(8080), "/api")
	c.APITasks()
	c.BrowserTasks()

	work := startLoad(c)
	defer work.stop()
	time.Sleep(2 * time.Second)
	scaling := time.Now()
	stack.Up("--scale", "worker=4", "--scale", "api=3")
	apis, workers := stack.Containers("api"), stack.Containers("worker")
	if len(apis) != 3 || len(workers) != 4 {
		t.Fatalf("there are %d containers of the API and %d workers", len(apis), len(workers))
	}
	for _, container := range append(apis, workers...) {
		container.AwaitHealth("healthy")
	}
	t.Logf("scaled to 3 times the API and 4 workers within %.1f s", time.Since(scaling).Seconds())
	time.Sleep(2 * time.Second)

	killedAPI := kill(t, apis[0])
	// Enough to keep all workers busy while one of them is killed.
	large := []core.Index{3_000_001, 3_000_002, 3_000_003, 3_000_004, 3_000_005, 3_000_006, 3_000_007, 3_000_008}
	c.MustSubmit(large...)
	killedWorker := kill(t, workers[0])
	awaitAllUsed(t, nginx, apis)
	work.stop()
	work.judge(t, killedAPI, killedWorker)

	for _, n := range append(work.accepted(), large...) {
		c.Await(n)
	}
	t.Logf("all that was accepted was calculated %.1f s after the worker was killed", time.Since(killedWorker.dead).Seconds())
}

// awaitAllUsed waits until the log of nginx has a request to each of the containers, at its present address.
func awaitAllUsed(t *testing.T, nginx *docker.Container, apis []*docker.Container) {
	t.Helper()
	for _, c := range apis {
		requests, known := 0, c.Inspect()
		took := testkit.Eventually(t, "a request to "+known.Name, func() error {
			log := nginx.Log()
			for _, network := range known.NetworkSettings.Networks {
				requests += strings.Count(log, network.IPAddress.String()+":8080")
			}
			if requests == 0 {
				return errors.New("nginx has not sent one")
			}
			return nil
		})
		t.Logf("%s got %d requests, seen after %.1f s", known.Name, requests, took.Seconds())
	}
}

// wantOnePort checks that only nginx is published.
func wantOnePort(t *testing.T, stack *docker.Stack) {
	t.Helper()
	for _, service := range []string{"postgres", "redis", "api", "worker", "client"} {
		if published := stack.Only(service).Inspect().HostConfig.PortBindings; len(published) > 0 {
			t.Errorf("%s publishes %v", service, published)
		}
	}
}
