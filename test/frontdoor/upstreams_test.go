package frontdoor

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// A replica takes the place of the API, in a container that can move, and answers everything with its name.
const replica = `cat >/tmp/nginx.conf <<END
daemon off;
pid /tmp/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; fastcgi_temp_path /tmp/c; uwsgi_temp_path /tmp/d; scgi_temp_path /tmp/e;
  server { ${LISTEN:-listen 8080;} location / { return ${STATUS:-200} $REPLICA; } }
}
END
exec nginx -e stderr -c /tmp/nginx.conf`

func startReplica(t *testing.T, name string, options ...string) *docker.Container {
	t.Helper()
	args := append([]string{"--env", "REPLICA=" + name, "--entrypoint", "sh"}, options...)
	return docker.Run(t, append(args, docker.Image("nginx"), "-c", replica)...)
}

// await sends requests until a replica answers.
func (p *proxy) await(replica string) {
	p.t.Helper()
	took := testkit.Eventually(p.t, "replica "+replica, func() error {
		if a := p.Get("/api/x"); a.Text != replica {
			return fmt.Errorf("%d, %q", a.StatusCode, a.Text)
		}
		return nil
	})
	p.t.Logf("replica %s answered after %v", replica, took.Round(10*time.Millisecond))
}

func TestUpstreams_AreFoundAsTheyComeMoveAndScale(t *testing.T) {
	t.Parallel()
	network := docker.Network(t)
	join := []string{"--network", network, "--network-alias", "api"}
	proxy := startProxy(t, "--network", network)
	proxy.Get("/api/x").Problem(http.StatusBadGateway)

	first := startReplica(t, "first", join...)
	proxy.await("first")
	startReplica(t, "second", join...)
	proxy.await("second")
	proxy.await("first")

	// The first dies while both get requests all the time.
	stop := make(chan struct{})
	var load sync.WaitGroup
	halt := sync.OnceFunc(func() {
		close(stop)
		load.Wait()
	})
	defer halt()
	var mu sync.Mutex
	var slowest time.Duration
	asked, failed := make(map[string]int), []string{}
	for i := range 4 {
		load.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				began := time.Now()
				var a outcome
				if i%2 == 0 {
					a = proxy.try(http.MethodPost, "/api/indices", `{"index":1}`)
				} else {
					a = proxy.try(http.MethodGet, "/api/x", "")
				}
				took := time.Since(began)
				mu.Lock()
				if asked[a.Text]++; a.err != nil || a.StatusCode != http.StatusOK {
					failed = append(failed, fmt.Sprint(a.err, a.StatusCode, a.Text))
				}
				slowest = max(slowest, took)
				mu.Unlock()
				time.Sleep(20 * time.Millisecond) // below the limit of submissions
			}
		})
	}
	awaitMore := func(replica string, answers int) {
		count := func() int {
			mu.Lock()
			defer mu.Unlock()
			return asked[replica]
		}
		began := count()
		testkit.Eventually(t, "more from "+replica, func() error {
			if more := count() - began; more < answers {
				return fmt.Errorf("%d answers", more)
			}
			return nil
		})
	}
	awaitMore("first", 20)
	first.Kill()
	// Longer than nginx sends requests to a dead replica.
	awaitMore("second", 50)
	startReplica(t, "third", join...) // perhaps with the address of the first
	awaitMore("third", 50)
	halt()
	t.Logf("asked: %v, failed: %d, slowest: %v", asked, len(failed), slowest.Round(time.Millisecond))
	if len(failed) > 0 || asked["first"] == 0 || asked["second"] == 0 || asked["third"] == 0 {
		t.Errorf("asked %v, failed: %s", asked, strings.Join(failed, "\n"))
	}
}

// With legacy links, as on Elastic Beanstalk, names are in /etc/hosts and not in DNS.
func TestUpstreams_LinkedAreFoundWhenTheyMove(t *testing.T) {
	t.Parallel()
	name := docker.Name("linked")
	linked := startReplica(t, "linked", "--name", name)
	proxy := startProxy(t, "--link", name+":api")
	proxy.await("linked")
	was := linked.IP()
	for tries := 0; linked.IP() == was; tries++ {
		if tries == 10 {
			t.Fatalf("it keeps its address, %s", was)
		}
		linked.Kill()
		startReplica(t, "squatter") // takes the lowest address that is free
		linked.Start()
	}
	proxy.await("linked")
}

// An API that starts again answers 503 for a while. Readers notice it only if there is no other.
func TestUpstreams_OneThatIsUnavailableIsPassedOverByReads(t *testing.T) {
	t.Parallel()
	network := docker.Network(t)
	join := []string{"--network", network, "--network-alias", "api"}
	proxy := startProxy(t, "--network", network)
	startReplica(t, "starting", append(join, "--env", "STATUS=503")...)
	proxy.await("starting") // alone, its answer is passed on
	startReplica(t, "ready", join...)
	proxy.await("ready")

	// Until nginx knows both addresses a request may go to the first only.
	testkit.Eventually(t, "20 requests in a row answered by the one that is ready", func() error {
		for range 20 {
			a := proxy.try(http.MethodGet, "/api/x", "")
			if a.err != nil {
				return a.err
			}
			if a.StatusCode != http.StatusOK || a.Text != "ready" {
				return fmt.Errorf("%d %s", a.StatusCode, a.Text)
			}
		}
		return nil
	})
}
