package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/internal/testkit"
)

const (
	lease = 10 * time.Second
	// hangTimeout bounds every wait; only a hang exceeds it.
	hangTimeout = testkit.HangTimeout
	// maxIndex is the largest index that a server accepts.
	maxIndex core.Index = 1_000_000
)

var software = httpapi.Software{IndexStore: "PostgreSQL", ValueCache: "Redis", WorkQueue: "Redis"}

var quiet = slog.New(slog.DiscardHandler)

// testServer is a server of the API on ports in memory.
type testServer struct {
	t       *testing.T
	url     string
	handler http.Handler // serves url
	cache   *memory.ValueCache
	store   *memory.IndexStore
	queue   *memory.WorkQueue
	workers *memory.WorkerRegistry
	ports   core.Ports
	limits  core.Limits
	options httpapi.Options
	service *core.Service
}

// newTestServer starts a server without a worker. change, if not nil, may replace its
// ports, limits and options first.
func newTestServer(t *testing.T, change func(s *testServer)) *testServer {
	t.Helper()
	s := &testServer{
		t:       t,
		cache:   new(memory.ValueCache),
		store:   new(memory.IndexStore),
		queue:   memory.NewWorkQueue(lease),
		workers: new(memory.WorkerRegistry),
		limits:  core.Limits{MaxIndex: maxIndex},
		options: httpapi.Options{TrustedProxies: httpapi.PrivateNetworks()},
	}
	s.ports = core.Ports{
		Store: s.store, Cache: s.cache, Queue: s.queue, Workers: s.workers,
		Events: new(memory.Events), Calculator: fibonacci.New(),
	}
	if change != nil {
		change(s)
	}
	broadcaster := core.NewBroadcaster(s.ports.Events, quiet)
	s.start(broadcaster.Run)
	select {
	case <-broadcaster.Connected():
	case <-time.After(hangTimeout):
		t.Fatal("the broadcaster does not subscribe to the events")
	}
	s.service = core.NewService(s.ports, broadcaster, s.limits, quiet)
	s.handler = httpapi.New(s.service, software, s.options, quiet)
	s.url = serve(t, s.handler)
	return s
}

// intercept puts an interceptor before the calls of a port or a method, before
// the API is made from the ports.
func (s *testServer) intercept(name string, i intercept.Interceptor) {
	s.ports = intercept.Ports(s.ports, intercept.On(name, i))
}

// serve serves a handler until the end of the test and returns its URL.
func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

// start runs a function until the end of the test.
func (s *testServer) start(run func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	s.t.Cleanup(func() {
		cancel()
		select {
		case <-done:
		case <-time.After(hangTimeout):
			s.t.Error("a function started by the test has not returned")
		}
	})
}

func (s *testServer) startWorker() {
	s.start(core.NewWorker(s.ports, core.WorkerOptions{Concurrency: 2}, quiet).Run)
}

// calculating claims the task of n and tells how far its calculation is; all
// other tasks that wait are claimed with it.
func (s *testServer) calculating(n core.Index, progress float64) {
	s.t.Helper()
	claims, err := s.queue.Claim(s.t.Context(), core.ClaimLimit{Count: 100})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, claim := range claims {
		if claim.Index != n {
			continue
		}
		lost, err := s.queue.Renew(s.t.Context(), core.Renewal{Claim: claim, Progress: progress})
		if err != nil || len(lost) > 0 {
			s.t.Fatalf("the claims %v are lost, %v", lost, err)
		}
		return
	}
	s.t.Fatalf("%d does not wait: claimed %v", n, claims)
}

// failed marks the record of n as failed.
func (s *testServer) failed(n core.Index, reason string) {
	s.t.Helper()
	records, err := s.store.Lookup(s.t.Context(), n)
	if err != nil {
		s.t.Fatal(err)
	}
	if marked, err := s.store.MarkFailed(s.t.Context(), n, records[n].Revision, reason); err != nil || !marked {
		s.t.Fatalf("marked: %v, %v", marked, err)
	}
}

// evicted records n as calculated, without its value.
func (s *testServer) evicted(n core.Index) {
	s.t.Helper()
	records, err := s.store.Record(s.t.Context(), time.Now(), []core.Submission{{Index: n, Count: 1}})
	if err != nil {
		s.t.Fatal(err)
	}
	generation, err := s.cache.Generation(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	marked, err := s.store.MarkCalculated(s.t.Context(), generation, core.Mark{Index: n, Revision: records[0].Revision})
	if err != nil || !marked[n] {
		s.t.Fatalf("marked: %v, %v", marked, err)
	}
}

// calculated submits indices, starts a worker and waits for their values.
func (s *testServer) calculated(indices ...core.Index) {
	s.t.Helper()
	if _, err := s.service.Submit(s.t.Context(), "somebody", indices...); err != nil {
		s.t.Fatal(err)
	}
	s.startWorker()
	for _, n := range indices {
		status, err := s.service.Await(s.t.Context(), "a reader", n, hangTimeout)
		if err != nil || status.State != core.StateCalculated {
			s.t.Fatalf("F(%d) was not calculated: %v, %v", n, status.State, err)
		}
	}
}

// drained waits until all tasks are acknowledged.
func (s *testServer) drained() {
	s.t.Helper()
	testkit.Eventually(s.t, "the queue drains", func() error {
		backlog, err := s.queue.Backlog(s.t.Context(), "")
		if err == nil && backlog.Tasks > 0 {
			err = fmt.Errorf("the backlog is %+v", backlog)
		}
		return err
	})
}

// answer is a response with its body, validated against the document.
type answer struct {
	*http.Response
	t    *testing.T
	text string
}

// get sends a GET request. Header fields are written as "Name: value".
func (s *testServer) get(path string, fields ...string) answer {
	s.t.Helper()
	return s.ask(http.MethodGet, path, "", fields...)
}

// submit posts a JSON body to /indices.
func (s *testServer) submit(body string, fields ...string) answer {
	s.t.Helper()
	return s.ask(http.MethodPost, "/indices", body, append([]string{"Content-Type: application/json"}, fields...)...)
}

// ask sends a request, reads the response and validates it against the document.
func (s *testServer) ask(method, path, body string, fields ...string) answer {
	s.t.Helper()
	request := s.request(method, path, body, fields...)
	response, err := transport.RoundTrip(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatalf("%s %s: reading the response: %v", method, path, err)
	}
	a := answer{Response: response, t: s.t, text: string(text)}
	if a.Header.Get("X-Request-Id") == "" {
		s.t.Errorf("%s %s: the response has no X-Request-Id", method, path)
	}
	checkDocumented(a, body)
	return a
}

// transport neither follows redirects nor decompresses.
var transport = &http.Transport{DisableCompression: true}

func (s *testServer) request(method, path, body string, fields ...string) *http.Request {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), hangTimeout)
	s.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		request.Header.Add(name, value)
	}
	return request
}

// want checks the status.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Fatalf("%s %s: status %d, want %d: %.500s", a.Request.Method, a.Request.URL, a.StatusCode, status, a.text)
	}
	return a
}

// wantHeader checks a field of the header; "" means that it is absent.
func (a answer) wantHeader(name, value string) answer {
	a.t.Helper()
	if got := a.Header.Get(name); got != value {
		a.t.Errorf("%s %s: %s is %q, want %q", a.Request.Method, a.Request.URL, name, got, value)
	}
	return a
}

// decode decodes the body, which must not have fields unknown to T.
func decode[T any](a answer) T {
	a.t.Helper()
	var v T
	d := json.NewDecoder(strings.NewReader(a.text))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		a.t.Fatalf("%s %s: %v: %.500s", a.Request.Method, a.Request.URL, err, a.text)
	}
	return v
}

// problem checks the status and decodes the body as a problem.
func (a answer) problem(status int) httpapi.Problem {
	a.t.Helper()
	a.want(status)
	a.wantHeader("Content-Type", "application/problem+json")
	p := decode[httpapi.Problem](a)
	if p.Status != status || p.Type != "about:blank" || p.Title != http.StatusText(status) || p.Detail == "" || p.Kind == "" {
		a.t.Errorf("%s %s: not a complete problem: %s", a.Request.Method, a.Request.URL, a.text)
	}
	if id, err := url.PathUnescape(strings.TrimPrefix(p.Instance, "#")); err != nil || id != a.Header.Get("X-Request-Id") {
		a.t.Errorf("%s %s: the instance of request %q is %q", a.Request.Method, a.Request.URL, a.Header.Get("X-Request-Id"), p.Instance)
	}
	a.wantHeader("Cache-Control", "no-store").wantHeader("ETag", "")
	return p
}
