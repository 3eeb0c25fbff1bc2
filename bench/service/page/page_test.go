// Package page measures the page in a browser: how it loads on a phone, as Lighthouse simulates one, and how long a user waits for it
// while values arrive: `make bench-page`. docs/page.md tells what the figures mean.
package page

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// runs is how often Lighthouse loads each address. The run with the median score counts.
var runs = flag.Int("runs", 3, "how often each address is loaded")

func TestMain(m *testing.M) { pisano.Main(m) }

func TestPage(t *testing.T) {
	t.Parallel()
	onOneFile(t)
	throughNginx(t)
}

func onOneFile(t *testing.T) {
	api := pisano.Start(t, "api", "PISANO_DATA="+filepath.Join(t.TempDir(), "pisano.db"))
	fill(api.Client("/api"))
	measure(t, "one file", api.URL)
	api.Stop()
}

// throughNginx measures on servers, with the images that operators run in front.
func throughNginx(t *testing.T) {
	settings := []string{
		"DATABASE_URL=" + servers.StartPostgres(t).PostgresURL(),
		"REDIS_URL=redis://" + servers.StartRedis(t).Addr(),
	}
	api := pisano.Start(t, "api", settings...)
	pisano.Start(t, "worker", settings...)
	fill(api.Client(""))

	network := docker.Network(t)
	docker.Run(t, "--read-only", "--tmpfs", "/tmp", "--network", network, "--network-alias", "client", docker.Image("client"))
	port := api.URL[strings.LastIndexByte(api.URL, ':')+1:]
	door := docker.Run(t, "--read-only", "--tmpfs", "/tmp", "--tmpfs", "/var/cache/nginx", "--network", network,
		"--publish", "127.0.0.1::8080", "--env", "API_UPSTREAM="+docker.HostAddress(t)+":"+port, docker.Image("nginx"))
	front := pisano.NewClient(t, door.Address(8080), "/api")
	testkit.Eventually(t, "an answer of nginx", front.Ready)
	measure(t, "through nginx", "http://"+door.Address(8080))
}

// fill submits 300 indices, so that both lists are long, and what the pages measured are about.
func fill(client *pisano.Client) {
	var all []core.Index
	for n := core.Index(0); n < 300; n++ {
		all = append(all, n)
	}
	client.MustSubmit(append(all, 1000)...)
	client.AwaitAll(len(all) + 1)
}

// What the page is to reach: the least scores of Lighthouse, the largest shift of any address, and the longest Interaction to Next Paint
// in milliseconds. What takes no quiet machine to measure is compared by the tests of the page.
var minScores = map[string]int{"/": 95, "/values/1000": 95, "/explore": 90}

const (
	maxShift = 0.05
	maxINP   = 100
)

// measured is a line of measure.js: a load of an address, or interactions with the page.
type measured struct {
	Path                                            string
	Score                                           int
	FirstPaint, LargestPaint, Blocked, Shift, Bytes float64
	Scrolled                                        bool
	Interactions                                    int
	INP, Worst                                      float64
}

func measure(t *testing.T, system, url string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "node", "measure.js", url, strconv.Itoa(*runs))
	command.Dir, command.Stderr = "lighthouse", os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("\nA phone, %s\n%-16s %5s %12s %12s %10s %7s %8s\n", system, "address", "score", "first paint", "largest", "blocked", "shift", "KB")
	var bars []bar
	for lines := bufio.NewScanner(output); lines.Scan(); {
		var m measured
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		if m.Path != "" {
			fmt.Printf("%-16s %5d %9.0f ms %9.0f ms %7.0f ms %7.3f %8.0f\n", m.Path, m.Score, m.FirstPaint, m.LargestPaint, m.Blocked, m.Shift, m.Bytes/1000)
		} else {
			fmt.Printf("%s: INP %.0f ms, the worst of %d interactions %.0f ms\n", m.load(), m.INP, m.Interactions, m.Worst)
		}
		bars = append(bars, m.bars()...)
	}
	if err := command.Wait(); err != nil {
		t.Fatalf("measure.js: %v", err)
	}
	fmt.Printf("\nBars, %s\n", system)
	for _, b := range bars {
		verdict := "reached"
		if !b.reached {
			verdict = "missed"
		}
		fmt.Printf("%-7s  %s: %s, %s\n", verdict, b.what, b.figure, b.limit)
	}
}

// load describes what happens while the interactions are measured.
func (m measured) load() string {
	if m.Scrolled {
		return "while 1,000 values arrive, ten pages of each list shown"
	}
	return "while 1,000 values arrive"
}

// bar is a figure beside what it is to reach. A machine with other work to do misses some, so none of them fails the test.
type bar struct {
	what, figure, limit string
	reached             bool
}

func (m measured) bars() []bar {
	if m.Path == "" {
		return []bar{{
			"INP " + m.load(),
			fmt.Sprintf("%.0f ms", m.INP), fmt.Sprintf("at most %d ms", maxINP),
			m.INP <= maxINP,
		}}
	}
	bars := []bar{{
		"layout shift of " + m.Path,
		fmt.Sprintf("%.3f", m.Shift), fmt.Sprintf("at most %.2f", maxShift),
		m.Shift <= maxShift,
	}}
	if least, found := minScores[m.Path]; found {
		bars = append(bars, bar{
			"performance of " + m.Path,
			strconv.Itoa(m.Score), fmt.Sprintf("at least %d", least),
			m.Score >= least,
		})
	}
	return bars
}
