// Package nginx tests the front door's image, and the client's behind it, as `make images` builds them.
package frontdoor

import (
	"bufio"
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
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestMain(m *testing.M) { servers.Main(m) }

// door is a front door that runs with a root that can't be written to.
type door struct {
	*docker.Container
	t       *testing.T
	address string // on this machine
}

// openDoor starts a front door with options of docker run and returns when it answers.
func openDoor(t *testing.T, options ...string) *door {
	t.Helper()
	args := append([]string{"--read-only", "--tmpfs", "/tmp", "--tmpfs", "/var/cache/nginx", "--publish", "127.0.0.1::8080"}, options...)
	d := &door{Container: docker.Run(t, append(args, docker.Image("nginx"))...), t: t}
	d.address = d.Address(8080)
	docker.Eventually(t, "a front door", func() error {
		return d.try(http.MethodGet, "/healthz", "").err
	})
	return d
}

// openBetween starts a front door between two handlers.
func openBetween(t *testing.T, api, client http.Handler, options ...string) *door {
	t.Helper()
	return openDoor(t, append(options,
		"--env", "API_UPSTREAM="+serve(t, api).seen, "--env", "CLIENT_UPSTREAM="+serve(t, client).seen)...)
}

// server serves a handler to docker.
type server struct {
	*httptest.Server
	seen string // host:port as containers see it
}

// serve serves a handler until the end of the test, or until it is closed.
func serve(t *testing.T, handler http.Handler) server {
	t.Helper()
	s := prepare(t, handler)
	s.Start()
	return s
}

// prepare is serve for a server that the test starts.
func prepare(t *testing.T, handler http.Handler) server {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(handler)
	_ = s.Listener.Close() // on loopback, where no container comes
	s.Listener = listener
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(s.Close)
	return server{s, fmt.Sprintf("%s:%d", docker.HostAddress(t), listener.Addr().(*net.TCPAddr).Port)}
}

// echo is what an echoing upstream was asked.
type echo struct {
	Who, Method, URI, Host, Body string
	Header                       http.Header
}

// echoing answers with what it was asked.
func echoing(who string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(echo{who, r.Method, r.RequestURI, r.Host, string(body), r.Header})
	})
}

// answer is a response that was read whole, as it came: nothing is decompressed.
type answer struct {
	*http.Response
	t    *testing.T
	text string
	err  error
}

// get asks for an address, sent as it is given, with fields of the header as "Name: value".
func (d *door) get(target string, fields ...string) answer {
	d.t.Helper()
	return d.send(http.MethodGet, target, "", fields...)
}

func (d *door) send(method, target, body string, fields ...string) answer {
	d.t.Helper()
	a := d.try(method, target, body, fields...)
	if a.err != nil {
		d.t.Fatalf("%s %s: %v", method, target, a.err)
	}
	return a
}

// try is send for any goroutine: the answer tells of a failure.
func (d *door) try(method, target, body string, fields ...string) answer {
	connection, err := d.dial()
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = connection.Close() }()
	if body != "" {
		fields = append(fields, fmt.Sprintf("Content-Length: %d", len(body)), "Content-Type: application/json")
	}
	head := append([]string{method + " " + target + " HTTP/1.1", "Host: pisano.test:3050", "Connection: close"}, fields...)
	if _, err := io.WriteString(connection, strings.Join(head, "\r\n")+"\r\n\r\n"+body); err != nil {
		return answer{err: err}
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), &http.Request{Method: method})
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return answer{response, d.t, string(text), err}
}

// dial connects for as long as any answer takes.
func (d *door) dial() (net.Conn, error) {
	dialer := net.Dialer{Timeout: servers.HangTimeout}
	connection, err := dialer.DialContext(d.t.Context(), "tcp", d.address)
	if err != nil {
		return nil, err
	}
	return connection, connection.SetDeadline(time.Now().Add(servers.HangTimeout))
}

// echoed returns what an echoing upstream was asked, nothing if the answer is none of its.
func (a answer) echoed() echo {
	var e echo
	if json.Unmarshal([]byte(a.text), &e) != nil {
		return echo{}
	}
	return e
}

// problem returns the problem that an answer is; it must be one as the API would send it.
func (a answer) problem(status int) httpapi.Problem {
	a.t.Helper()
	var p httpapi.Problem
	decoder := json.NewDecoder(strings.NewReader(a.text))
	decoder.DisallowUnknownFields()
	kind, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	if err := decoder.Decode(&p); err != nil || a.StatusCode != status || p.Status != status || kind != "application/problem+json" ||
		p.Type != "about:blank" || p.Title != http.StatusText(status) || p.Kind == "" || p.Detail == "" {
		a.t.Fatalf("no problem %d: %d, %v, %v, %q", status, a.StatusCode, err, a.Header, a.text)
	}
	return p
}

var quiet = slog.New(slog.DiscardHandler)

// api is the real API, with a worker, on ports in memory.
type api struct {
	http.Handler
	t       *testing.T
	service *core.Service

	mu    sync.Mutex
	asked []string // method, address and Range of what it was asked
}

func newAPI(t *testing.T) *api {
	t.Helper()
	ports := memory.NewPorts(fibonacci.New(), 10*time.Second)
	broadcaster := core.NewBroadcaster(ports.Events, quiet)
	start(t, broadcaster.Run)
	select {
	case <-broadcaster.Connected():
	case <-time.After(servers.HangTimeout):
		t.Fatal("the broadcaster does not subscribe to the events")
	}
	start(t, core.NewWorker(ports, core.WorkerOptions{Concurrency: 1}, quiet).Run)
	a := &api{t: t, service: core.NewService(ports, broadcaster, core.Limits{MaxIndex: 100_000_000}, quiet)}
	handler := httpapi.New(a.service, httpapi.Software{}, httpapi.DefaultTrustedProxies(), quiet)
	a.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		a.asked = append(a.asked, strings.TrimSpace(r.Method+" "+r.RequestURI+" "+r.Header.Get("Range")))
		a.mu.Unlock()
		handler.ServeHTTP(w, r)
	})
	return a
}

// start runs something until the end of the test.
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
		case <-time.After(servers.HangTimeout):
			t.Error("what the test started has not ended with it")
		}
	})
}

// calculated has indices calculated.
func (a *api) calculated(indices ...core.Index) {
	a.t.Helper()
	if _, err := a.service.Submit(a.t.Context(), "somebody", indices...); err != nil {
		a.t.Fatal(err)
	}
	for _, n := range indices {
		if status, err := a.service.Await(a.t.Context(), n, servers.HangTimeout); err != nil || status.State != core.StateCalculated {
			a.t.Fatalf("F(%d) was not calculated: %v, %v", n, status.State, err)
		}
	}
}

// takeAsked returns what was asked since the last call.
func (a *api) takeAsked() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	asked := a.asked
	a.asked = nil
	return asked
}

// mountable writes a file that any user of a container can read, and returns its path.
func mountable(t *testing.T, name string, text []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	//nolint:gosec // the container's user is another one
	if err := errors.Join(os.WriteFile(file, text, 0o644), os.Chmod(file, 0o644), os.Chmod(filepath.Dir(file), 0o755)); err != nil {
		t.Fatal(err)
	}
	return file
}
