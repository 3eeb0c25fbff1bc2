package beanstalk

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

func TestTheBundleServesWithinItsMemoryOnStrictServers(t *testing.T) {
	t.Parallel()
	files := bundle(t)
	definition, extensions := readDockerrun(t, files), readExtensions(t, files)
	strict := startServers(t)
	strict.checkStrict(t)
	properties := extensions.environment(t,
		map[string]string{
			"PisanoDatabase.Endpoint.Address": databaseName, "PisanoDatabase.Endpoint.Port": "5432",
			"PisanoCache.PrimaryEndPoint.Address": cacheName, "PisanoCache.PrimaryEndPoint.Port": "6379",
		},
		map[string]string{"/pisano/database-password": strict.databasePassword, "/pisano/cache-password": strict.cachePassword})
	// ElastiCache's authority is a public one, the test's is not.
	properties["SSL_CERT_DIR"] = "/etc/pisano/authorities"
	onMachine := map[string][]byte{}
	for path := range extensions.Files {
		onMachine[path] = strict.authority
	}
	m := newMachine(t, onMachine)
	m.names[databaseName], m.names[cacheName] = address(strict.database), address(strict.cache)

	running := map[string]*docker.Container{}
	for _, c := range definition.ContainerDefinitions {
		running[c.Name] = definition.run(t, c, properties, m)
	}
	for _, name := range slices.Sorted(maps.Keys(running)) {
		running[name].AwaitHealth("healthy")
	}
	s := pisano.New(running["nginx"].Address(8080))
	s.Programs(t)
	s.People(t)
	load(t, s)

	for _, c := range definition.ContainerDefinitions {
		checkMemory(t, c, running[c.Name])
	}
}

// load asks for as much memory as it can: the largest indices accepted, as many at a time as a worker calculates, while
// others listen and download.
func load(t *testing.T, s *pisano.Site) {
	t.Helper()
	const listeners, downloads = 200, 8
	largest := []core.Index{core.DefaultMaxIndex, -core.DefaultMaxIndex, core.DefaultMaxIndex - 1, 1 - core.DefaultMaxIndex}
	for range listeners {
		s.Listen(t, 0) // which nobody submits
	}
	many := make([]core.Index, 1000)
	for i := range many {
		many[i] = 20_000 + core.Index(i)
	}
	begin := time.Now()
	for _, indices := range [][]core.Index{largest, many} {
		s.Want(t, http.StatusAccepted, http.MethodPost, "/api/indices", map[string]any{"indices": indices})
	}
	for _, n := range append(largest, many[len(many)-1]) {
		v := s.Await(t, n)
		if n.Abs() < 1_000_000 {
			continue
		}
		const last = 18 // digits that a uint64 holds
		want := fmt.Sprintf("%018d", fibonacci.Mod(n.Abs(), 1e18))
		if len(v.Trailing) < last || v.Trailing[len(v.Trailing)-last:] != want || v.DigitCount != fibonacci.DigitCount(n) {
			t.Errorf("F(%d) has %d digits and ends with %s, not %s", n, v.DigitCount, v.Trailing, want)
		}
	}
	calculated := time.Since(begin)
	begin = time.Now()
	var all sync.WaitGroup
	for range downloads {
		all.Go(func() {
			digits, err := s.Do(t.Context(), http.MethodGet, fmt.Sprintf("/api/values/%d/digits", core.DefaultMaxIndex), nil)
			if err != nil || int64(len(digits.Body)) != fibonacci.DigitCount(core.DefaultMaxIndex) {
				t.Errorf("%d digits came: %d %v", len(digits.Body), digits.Status, err)
			}
		})
	}
	all.Wait()
	t.Logf("measured: with %d listeners %d values of the largest size and %d of 4,000 digits were there after %v, %d downloads of %d digits took %v",
		listeners, len(largest), len(many), calculated.Round(10*time.Millisecond), downloads, fibonacci.DigitCount(core.DefaultMaxIndex),
		time.Since(begin).Round(10*time.Millisecond))
}

// checkMemory sees that a container is the one that was started, that nothing in it was killed, and that it kept to its
// memory.
func checkMemory(t *testing.T, definition containerDefinition, c *docker.Container) {
	t.Helper()
	const mebibyte = 1 << 20
	limit := definition.Memory * mebibyte
	most := peak(t, c)
	t.Logf("measured: %s had at most %.1f of its %d MiB in memory", definition.Name, float64(most)/mebibyte, definition.Memory)
	if state := c.Inspect("{{.State.Status}} {{.State.OOMKilled}} {{.RestartCount}}"); state != "running false 0" {
		t.Errorf("%s is %s", definition.Name, state)
	}
	if given := c.Inspect("{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}"); given != fmt.Sprintf("%d %d", limit, limit) {
		t.Errorf("%s was given %s", definition.Name, given)
	}
	// A container that is full is killed at a whim.
	if most > limit*9/10 {
		t.Errorf("%s had %.1f of its %d MiB in memory, and should keep a tenth free", definition.Name, float64(most)/mebibyte, definition.Memory)
	}
}
