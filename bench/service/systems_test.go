package service

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// system is a running Pisano.
type system struct {
	name   string
	api    *pisano.Program
	worker *pisano.Program // the process that calculates: the API's own on one file, nil if none runs
	client *pisano.Client
	base   string // URL of the API
	pprof  string // socket of the API's profiles, with -profiles

	workerPprof string // that of the worker's
}

// fastest undoes what makes calculations of tests slow: the engine in plain Go, on two processors.
var fastest = []string{"PISANO_ENGINE=", "GOMAXPROCS="}

// onServers starts an API and, if wanted, a worker.
func (b *bench) onServers(at place, worker bool) *system {
	b.t.Helper()
	s := &system{name: "Pisano on servers"}
	socket := b.socket()
	s.api = pisano.Start(b.t, "api", append(append(at.settings(), fastest...), "BENCH_PPROF="+socket)...)
	s.client, s.base, s.pprof = s.api.Client(""), s.api.URL, socket
	if worker {
		s.workerPprof = b.socket()
		s.worker = b.startWorker(at, "BENCH_PPROF="+s.workerPprof)
	}
	return s
}

func (b *bench) startWorker(at place, settings ...string) *pisano.Program {
	b.t.Helper()
	return pisano.Start(b.t, "worker", append(append(at.settings(), fastest...), settings...)...)
}

// onOneFile starts an API with everything in it, on a new file.
func (b *bench) onOneFile() *system {
	b.t.Helper()
	return b.onFile(filepath.Join(b.t.TempDir(), "pisano.db"))
}

func (b *bench) onFile(file string) *system {
	b.t.Helper()
	s := &system{name: "Pisano on one file"}
	socket := b.socket()
	s.api = pisano.Start(b.t, "api", append(fastest, "PISANO_DATA="+file, "BENCH_PPROF="+socket)...)
	s.worker, s.client, s.base, s.pprof, s.workerPprof = s.api, s.api.Client("/api"), s.api.URL+"/api", socket, socket
	return s
}

// stop ends the programs of a system in order.
func (s *system) stop() {
	s.api.Stop()
	if s.worker != nil && s.worker != s.api {
		s.worker.Stop()
	}
}

// settle waits until the process that calculates has calculated count values more than before.
func (b *bench) settle(s *system, before, count int) {
	b.t.Helper()
	testkit.Progress(b.t, "values of "+s.name, func() (int, error) {
		done := s.worker.Calculations() - before
		if done < count {
			return done, fmt.Errorf("%d of %d", done, count)
		}
		return done, nil
	})
}

// calculate submits the indices from first to last and waits for their values.
func (b *bench) calculate(s *system, first, last int) {
	b.t.Helper()
	s.client.MustSubmit(indices(first, last)...)
	for n := first; n <= last; n++ {
		s.client.Await(core.Index(n))
	}
}

func indices(first, last int) []core.Index {
	var all []core.Index
	for n := first; n <= last; n++ {
		all = append(all, core.Index(n))
	}
	return all
}

// inFront starts the front door of a system and returns its URL.
func (b *bench) inFront(s *system) string {
	b.t.Helper()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(s.api.URL, "http://"))
	if err != nil {
		b.t.Fatal(err)
	}
	door := docker.Run(b.t, "--read-only", "--tmpfs", "/tmp", "--tmpfs", "/var/cache/nginx",
		"--env", "API_UPSTREAM="+docker.HostAddress(b.t)+":"+port, docker.Image("nginx"))
	return b.answering("http://"+door.IP()+":8080", "/healthz")
}

// constantNginx is nginx with a constant answer and without a log.
const constantNginx = `cat >/tmp/nginx.conf <<END
daemon off;
pid /tmp/nginx.pid;
worker_processes auto;
events {}
http {
  access_log off;
  keepalive_requests 1000000;
  client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; fastcgi_temp_path /tmp/c; uwsgi_temp_path /tmp/d; scgi_temp_path /tmp/e;
  server { listen 8080; location / { default_type application/json; return 200 '$ANSWER'; } }
}
END
exec nginx -e stderr -c /tmp/nginx.conf`

// constantFrontDoor starts nginx with a constant answer and returns its URL.
func (b *bench) constantFrontDoor(answer string) string {
	b.t.Helper()
	door := docker.Run(b.t, "--env", "ANSWER="+answer, "--entrypoint", "sh", docker.Image("nginx"), "-c", constantNginx)
	return b.answering("http://"+door.IP()+":8080", "/")
}

// answering waits until a server answers a GET.
func (b *bench) answering(base, path string) string {
	b.t.Helper()
	testkit.Eventually(b.t, base, func() error {
		_, err := b.tryGet(base + path)
		return err
	})
	return base
}

// startPeer starts a bare server.
func (b *bench) startPeer(name string) string {
	b.t.Helper()
	self, err := os.Executable()
	if err != nil {
		b.t.Fatal(err)
	}
	p := pisano.LaunchCommand(b.t, name, exec.CommandContext(b.t.Context(), self), peerName+"="+name)
	p.AwaitListening()
	return b.answering(p.URL, "/values/30")
}

// startExpress starts the peer on Express with twenty rows and twenty values, as many as a page of Pisano's lists has.
func (b *bench) startExpress() string {
	b.t.Helper()
	at := b.servers.newPlace()
	at.redis += "/1" // a database of its own
	command := exec.CommandContext(b.t.Context(), "node", root("bench/service/express/server.js"))
	p := pisano.LaunchCommand(b.t, "express", command, "NODE_ENV=production", "DATABASE_URL="+at.database, "REDIS_URL=redis://"+at.redis)
	p.AwaitListening()
	for n := range 20 {
		c := pisano.NewClient(b.t, strings.TrimPrefix(p.URL, "http://"), "")
		c.Want(http.StatusOK, http.MethodPost, "/values", `{"index":"`+strconv.Itoa(n+1)+`"}`)
	}
	testkit.Eventually(b.t, "the rows of Express", func() error {
		if text, err := b.tryGet(p.URL + "/values/all"); err != nil || strings.Count(text, "number") != 20 {
			return fmt.Errorf("%s, %w", text, err)
		}
		return nil
	})
	return p.URL
}
