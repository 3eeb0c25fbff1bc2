// Package frontdoor tests the image of nginx, and that of the client behind it, as `make images` builds them.
package frontdoor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

func TestMain(m *testing.M) { docker.Main(m) }

// proxy is nginx as Pisano ships it, in a container whose root file system is read-only.
type proxy struct {
	*docker.Container
	*pisano.Client
	t *testing.T
}

// startProxy starts a proxy with options of docker run and returns when it answers.
func startProxy(t *testing.T, options ...string) *proxy {
	t.Helper()
	options = append([]string{"--read-only", "--tmpfs", "/tmp", "--tmpfs", "/var/cache/nginx"}, options...)
	return runProxy(t, append(options, docker.Image("nginx"))...)
}

// runProxy runs a container that listens on port 8080.
func runProxy(t *testing.T, args ...string) *proxy {
	t.Helper()
	container := docker.Run(t, append([]string{"--publish", "127.0.0.1::8080"}, args...)...)
	proxy := &proxy{container, pisano.NewClient(t, container.Address(8080), "/api"), t}
	proxy.Host = "pisano.test:3050"
	testkit.Eventually(t, "an answer of the proxy", func() error { return proxy.try(http.MethodGet, "/healthz", "").err })
	return proxy
}

// startProxyBetween starts a proxy with two handlers as its upstreams.
func startProxyBetween(t *testing.T, api, client http.Handler, options ...string) *proxy {
	t.Helper()
	return startProxy(t, append(options,
		"--env", "API_UPSTREAM="+serve(t, api).address, "--env", "CLIENT_UPSTREAM="+serve(t, client).address)...)
}

// outcome is an answer, or the error that there was none.
type outcome struct {
	pisano.Answer
	err error
}

// try is Do for a single value.
func (p *proxy) try(method, target, body string, fields ...string) outcome {
	a, err := p.Do(method, target, body, fields...)
	return outcome{a, err}
}

// server serves a handler to containers.
type server struct {
	*httptest.Server
	address string // host:port for containers
}

// serve serves a handler until the end of the test, or until it is closed.
func serve(t *testing.T, handler http.Handler) server {
	t.Helper()
	s := prepare(t, handler)
	s.Start()
	return s
}

// prepare is serve without the start.
func prepare(t *testing.T, handler http.Handler) server {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(handler)
	_ = s.Listener.Close() // on loopback, which containers do not reach
	s.Listener = listener
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(s.Close)
	return server{s, fmt.Sprintf("%s:%d", docker.HostAddress(t), listener.Addr().(*net.TCPAddr).Port)}
}

// echo is a request as an echoing upstream received it.
type echo struct {
	Who, Method, URI, Host, Body string
	Header                       http.Header
}

// echoing answers with the request.
func echoing(who string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(echo{who, r.Method, r.RequestURI, r.Host, string(body), r.Header})
	})
}

// echoed returns the request that an echoing upstream answered, nothing if the answer is of another server.
func echoed(a pisano.Answer) echo {
	var e echo
	if json.Unmarshal([]byte(a.Text), &e) != nil {
		return echo{}
	}
	return e
}

var quiet = slog.New(slog.DiscardHandler)

// api is the real API, with a worker, on ports in memory.
type api struct {
	http.Handler
	t       *testing.T
	service *core.Service

	mu       sync.Mutex
	requests []string // method, target and Range of each
}

func newAPI(t *testing.T) *api {
	t.Helper()
	ports := memory.NewPorts(fibonacci.New(), 10*time.Second)
	broadcaster := core.NewBroadcaster(ports.Events, quiet)
	start(t, broadcaster.Run)
	select {
	case <-broadcaster.Connected():
	case <-time.After(testkit.HangTimeout):
		t.Fatal("the broadcaster does not subscribe to the events")
	}
	start(t, core.NewWorker(ports, core.WorkerOptions{Concurrency: 1}, quiet).Run)
	a := &api{t: t, service: core.NewService(ports, broadcaster, core.Limits{MaxIndex: 100_000_000}, quiet)}
	handler := httpapi.New(a.service, httpapi.Software{}, httpapi.Options{TrustedProxies: httpapi.PrivateNetworks()}, quiet)
	a.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		a.requests = append(a.requests, strings.TrimSpace(r.Method+" "+r.RequestURI+" "+r.Header.Get("Range")))
		a.mu.Unlock()
		handler.ServeHTTP(w, r)
	})
	return a
}

// start runs a function until the end of the test.
func start(t *testing.T, run func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case <-done:
		case <-time.After(testkit.HangTimeout):
			t.Error("a function that the test started does not end")
		}
	})
}

// calculated submits indices and waits for their values.
func (a *api) calculated(indices ...core.Index) {
	a.t.Helper()
	if _, err := a.service.Submit(a.t.Context(), "a client", indices...); err != nil {
		a.t.Fatal(err)
	}
	for _, n := range indices {
		if status, err := a.service.Await(a.t.Context(), "a reader", n, testkit.HangTimeout); err != nil || status.State != core.StateCalculated {
			a.t.Fatalf("F(%d) was not calculated: %v, %v", n, status.State, err)
		}
	}
}

// takeRequests returns the requests since the last call.
func (a *api) takeRequests() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	requests := a.requests
	a.requests = nil
	return requests
}

// mountable writes a file that every user of a container can read, and returns its path.
func mountable(t *testing.T, name string, text []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	//nolint:gosec // the user in the container is another one
	if err := errors.Join(os.WriteFile(file, text, 0o644), os.Chmod(file, 0o644), os.Chmod(filepath.Dir(file), 0o755)); err != nil {
		t.Fatal(err)
	}
	return file
}
