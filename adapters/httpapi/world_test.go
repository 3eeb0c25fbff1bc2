package httpapi_test

import (
	"context"
	"encoding/json"
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
	// maxIndex is the largest index that a world accepts.
	maxIndex core.Index = 1_000_000
)

var software = httpapi.Software{IndexStore: "PostgreSQL", ValueCache: "Redis", WorkQueue: "Redis"}

var quiet = slog.New(slog.DiscardHandler)

// world is a server of the API on ports in memory.
type world struct {
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

// newWorld starts a world without a worker. change, if not nil, may replace its
// ports, limits and options first.
func newWorld(t *testing.T, change func(w *world)) *world {
	t.Helper()
	w := &world{
		t:       t,
		cache:   new(memory.ValueCache),
		store:   new(memory.IndexStore),
		queue:   memory.NewWorkQueue(lease),
		workers: new(memory.WorkerRegistry),
		limits:  core.Limits{MaxIndex: maxIndex},
		options: httpapi.Options{TrustedProxies: httpapi.PrivateNetworks()},
	}
	w.ports = core.Ports{
		Store: w.store, Cache: w.cache, Queue: w.queue, Workers: w.workers,
		Events: new(memory.Events), Calculator: fibonacci.New(),
	}
	if change != nil {
		change(w)
	}
	broadcaster := core.NewBroadcaster(w.ports.Events, quiet)
	w.start(broadcaster.Run)
	select {
	case <-broadcaster.Connected():
	case <-time.After(hangTimeout):
		t.Fatal("the broadcaster does not subscribe to the events")
	}
	w.service = core.NewService(w.ports, broadcaster, w.limits, quiet)
	w.handler = httpapi.New(w.service, software, w.options, quiet)
	w.url = serve(t, w.handler)
	return w
}

// intercept puts an interceptor before the calls of a port or a method, before
// the API is made from the ports.
func (w *world) intercept(name string, i intercept.Interceptor) {
	w.ports = intercept.Ports(w.ports, intercept.On(name, i))
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
func (w *world) start(run func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	w.t.Cleanup(func() {
		cancel()
		select {
		case <-done:
		case <-time.After(hangTimeout):
			w.t.Error("a function started by the test has not returned")
		}
	})
}

func (w *world) startWorker() {
	w.start(core.NewWorker(w.ports, core.WorkerOptions{Concurrency: 2}, quiet).Run)
}

// calculating claims the task of n and tells how far its calculation is; all
// other tasks that wait are claimed with it.
func (w *world) calculating(n core.Index, progress float64) {
	w.t.Helper()
	claims, err := w.queue.Claim(w.t.Context(), core.ClaimLimit{Count: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, claim := range claims {
		if claim.Index != n {
			continue
		}
		lost, err := w.queue.Renew(w.t.Context(), core.Renewal{Claim: claim, Progress: progress})
		if err != nil || len(lost) > 0 {
			w.t.Fatalf("the claims %v are lost, %v", lost, err)
		}
		return
	}
	w.t.Fatalf("%d does not wait: claimed %v", n, claims)
}

// failed marks the record of n as failed.
func (w *world) failed(n core.Index, reason string) {
	w.t.Helper()
	records, err := w.store.Lookup(w.t.Context(), n)
	if err != nil {
		w.t.Fatal(err)
	}
	if marked, err := w.store.MarkFailed(w.t.Context(), n, records[n].Revision, reason); err != nil || !marked {
		w.t.Fatalf("marked: %v, %v", marked, err)
	}
}

// evicted records n as calculated, without its value.
func (w *world) evicted(n core.Index) {
	w.t.Helper()
	records, err := w.store.Record(w.t.Context(), time.Now(), []core.Submission{{Index: n, Count: 1}})
	if err != nil {
		w.t.Fatal(err)
	}
	generation, err := w.cache.Generation(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	marked, err := w.store.MarkCalculated(w.t.Context(), generation, core.Mark{Index: n, Revision: records[0].Revision})
	if err != nil || !marked[n] {
		w.t.Fatalf("marked: %v, %v", marked, err)
	}
}

// calculated submits indices, starts a worker and waits for their values.
func (w *world) calculated(indices ...core.Index) {
	w.t.Helper()
	if _, err := w.service.Submit(w.t.Context(), "somebody", indices...); err != nil {
		w.t.Fatal(err)
	}
	w.startWorker()
	for _, n := range indices {
		status, err := w.service.Await(w.t.Context(), "a reader", n, hangTimeout)
		if err != nil || status.State != core.StateCalculated {
			w.t.Fatalf("F(%d) was not calculated: %v, %v", n, status.State, err)
		}
	}
}

// answer is a response with its body, validated against the document.
type answer struct {
	*http.Response
	t    *testing.T
	text string
}

// get sends a GET request. Header fields are written as "Name: value".
func (w *world) get(path string, fields ...string) answer {
	w.t.Helper()
	return w.ask(http.MethodGet, path, "", fields...)
}

// submit posts a JSON body to /indices.
func (w *world) submit(body string, fields ...string) answer {
	w.t.Helper()
	return w.ask(http.MethodPost, "/indices", body, append([]string{"Content-Type: application/json"}, fields...)...)
}

// ask sends a request, reads the response and validates it against the document.
func (w *world) ask(method, path, body string, fields ...string) answer {
	w.t.Helper()
	request := w.request(method, path, body, fields...)
	response, err := transport.RoundTrip(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatalf("%s %s: reading the response: %v", method, path, err)
	}
	a := answer{Response: response, t: w.t, text: string(text)}
	if a.Header.Get("X-Request-Id") == "" {
		w.t.Errorf("%s %s: the response has no X-Request-Id", method, path)
	}
	checkDocumented(a, body)
	return a
}

// transport neither follows redirects nor decompresses.
var transport = &http.Transport{DisableCompression: true}

func (w *world) request(method, path, body string, fields ...string) *http.Request {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), hangTimeout)
	w.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
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
