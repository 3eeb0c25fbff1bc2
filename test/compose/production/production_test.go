package production

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

func TestTheProductionStackServesOnOnePortAndLosesNothingWhenPartsOfItDie(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	stack := docker.Compose(t, "production", "docker-compose.production.yml",
		"PISANO_PORT=0", "POSTGRES_PASSWORD=production-postgres", "REDIS_PASSWORD=production-redis")
	stack.Up()
	door := stack.Only("nginx")
	door.AwaitHealth("healthy")
	t.Logf("the stack was up and healthy after %.1f s", time.Since(begin).Seconds())
	wantOneDoor(t, stack)

	s := pisano.New(door.Address(8080))
	s.Programs(t)
	s.People(t)

	work := startLoad(s)
	defer work.stop()
	time.Sleep(2 * time.Second)
	scaling := time.Now()
	stack.Up("--scale", "worker=4", "--scale", "api=3")
	apis, workers := stack.Containers("api"), stack.Containers("worker")
	if len(apis) != 3 || len(workers) != 4 {
		t.Fatalf("there are %d containers of the API and %d workers", len(apis), len(workers))
	}
	for _, c := range append(apis, workers...) {
		c.AwaitHealth("healthy")
	}
	t.Logf("scaled to 3 times the API and 4 workers within %.1f s", time.Since(scaling).Seconds())
	time.Sleep(2 * time.Second)

	killedAPI := kill(t, apis[0])
	// As much as keeps all workers busy while one of them is killed.
	large := []core.Index{3_000_001, 3_000_002, 3_000_003, 3_000_004, 3_000_005, 3_000_006, 3_000_007, 3_000_008}
	s.Want(t, http.StatusAccepted, http.MethodPost, "/api/indices", map[string]any{"indices": large})
	killedWorker := kill(t, workers[0])
	awaitAllUsed(t, door, apis)
	work.stop()
	work.judge(t, killedAPI, killedWorker)

	for _, n := range append(work.accepted(), large...) {
		s.Await(t, n)
	}
	t.Logf("all that was accepted was calculated %.1f s after the worker was killed", time.Since(killedWorker.dead).Seconds())
}

// awaitAllUsed waits until the front door's log says that it has asked each of the containers, at the address that it has now.
func awaitAllUsed(t *testing.T, door *docker.Container, apis []*docker.Container) {
	t.Helper()
	for _, c := range apis {
		asked := 0
		name := c.Inspect("{{.Name}}")
		addresses := strings.Fields(c.Inspect("{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"))
		took := docker.Eventually(t, "a request to "+name, func() error {
			log := door.Log()
			for _, address := range addresses {
				asked += strings.Count(log, address+":8080")
			}
			if asked == 0 {
				return errors.New("the front door has not asked it")
			}
			return nil
		})
		t.Logf("%s was asked %d times, seen after %.1f s", name, asked, took.Seconds())
	}
}

// wantOneDoor sees that the front door is all that can be reached from outside.
func wantOneDoor(t *testing.T, stack *docker.Stack) {
	t.Helper()
	for _, service := range []string{"postgres", "redis", "api", "worker", "client"} {
		if published := stack.Only(service).Inspect("{{len .HostConfig.PortBindings}}"); published != "0" {
			t.Errorf("%s publishes %s ports", service, published)
		}
	}
}
