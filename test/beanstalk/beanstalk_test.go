package beanstalk

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

func TestBundle_ServesWithinItsMemoryOnStrictServers(t *testing.T) {
	t.Parallel()
	files := bundle(t)
	definition, extensions := readDockerrun(t, files), readExtensions(t, files)
	strict := startServers(t)
	strict.checkStrict(t)
	properties := extensions.environment(t, map[string]string{
		"/pisano/database-host": databaseName, "/pisano/database-password": strict.databasePassword,
		"/pisano/cache-host": cacheName, "/pisano/cache-password": strict.cachePassword,
	})
	// ElastiCache's authority is a public one, the test's is not.
	properties["SSL_CERT_DIR"] = "/etc/pisano/authorities"
	onMachine := map[string][]byte{}
	for path := range extensions.Files {
		onMachine[path] = strict.authority
	}
	m := newMachine(t, onMachine)
	m.names[databaseName], m.names[cacheName] = strict.database.IP(), strict.cache.IP()

	running := map[string]*docker.Container{}
	for _, d := range definition.ContainerDefinitions {
		running[d.Name] = definition.run(t, d, properties, m)
	}
	for _, name := range slices.Sorted(maps.Keys(running)) {
		running[name].AwaitHealth("healthy")
	}
	c := pisano.NewClient(t, running["nginx"].Address(8080), "/api")
	c.APITasks()
	c.BrowserTasks()
	load(t, c)

	for _, d := range definition.ContainerDefinitions {
		checkMemory(t, d, running[d.Name])
	}
}

// load needs as much memory as clients can make the service need: the largest indices accepted, as many at a time as a worker
// calculates, while others follow the events and download.
func load(t *testing.T, c *pisano.Client) {
	t.Helper()
	const listeners, downloads = 200, 8
	largest := []core.Index{core.DefaultMaxIndex, -core.DefaultMaxIndex, core.DefaultMaxIndex - 1, 1 - core.DefaultMaxIndex}
	for range listeners {
		c.Listen(0) // which is not submitted
	}
	many := make([]core.Index, 1000)
	for i := range many {
		many[i] = 20_000 + core.Index(i)
	}
	begin := time.Now()
	for _, indices := range [][]core.Index{largest, many} {
		c.MustSubmit(indices...)
	}
	for _, n := range append(largest, many[len(many)-1]) {
		v := c.Await(n)
		if n.Abs() < 1_000_000 {
			continue
		}
		want := fmt.Sprintf("%018d", fibonacci.Mod(n.Abs(), 1e18))
		if !strings.HasSuffix(v.Trailing, want) || v.DigitCount != fibonacci.DigitCount(n) {
			t.Errorf("F(%d) has %d digits and ends with %s, not %s", n, v.DigitCount, v.Trailing, want)
		}
	}
	calculated := time.Since(begin)
	begin = time.Now()
	var all sync.WaitGroup
	for range downloads {
		all.Go(func() {
			digits, err := c.Do(http.MethodGet, fmt.Sprintf("/api/values/%d/digits", core.DefaultMaxIndex), "")
			if err != nil || int64(len(digits.Text)) != fibonacci.DigitCount(core.DefaultMaxIndex) {
				t.Errorf("%d digits came: %d %v", len(digits.Text), digits.StatusCode, err)
			}
		})
	}
	all.Wait()
	t.Logf("measured: with %d listeners %d values of the largest size and %d of 4,000 digits were there after %v, %d downloads of %d digits took %v",
		listeners, len(largest), len(many), calculated.Round(10*time.Millisecond), downloads, fibonacci.DigitCount(core.DefaultMaxIndex),
		time.Since(begin).Round(10*time.Millisecond))
}

// checkMemory checks that a container was not restarted, that no process in it was killed, and that it kept to its memory.
func checkMemory(t *testing.T, definition containerDefinition, c *docker.Container) {
	t.Helper()
	const mebibyte = 1 << 20
	limit := definition.Memory * mebibyte
	most := peak(t, c)
	t.Logf("measured: %s had at most %.1f of its %d MiB in memory", definition.Name, float64(most)/mebibyte, definition.Memory)
	known := c.Inspect()
	if state := known.State; !state.Running || state.OOMKilled || known.RestartCount > 0 {
		t.Errorf("%s is %s after %d restarts, killed for want of memory: %v", definition.Name, state.Status, known.RestartCount, state.OOMKilled)
	}
	if given := known.HostConfig.Resources; given.Memory != limit || given.MemorySwap != limit {
		t.Errorf("%s may use %d bytes, %d with swap, not %d", definition.Name, given.Memory, given.MemorySwap, limit)
	}
	// A container without free memory may be killed at any time.
	if most > limit*9/10 {
		t.Errorf("%s had %.1f of its %d MiB in memory, and should keep a tenth free", definition.Name, float64(most)/mebibyte, definition.Memory)
	}
}
