package pisano_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	pisano "github.com/pisano-dev/pisano/clients/go"
)

// failing is a server that answers with each of the failures once, and then accepts.
type failing struct {
	mu       sync.Mutex
	failures []failure
	bodies   []string
	keys     []string
}

type failure struct {
	status     int
	retryAfter string
}

func (f *failing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	f.bodies, f.keys = append(f.bodies, string(body)), append(f.keys, r.Header.Get("Idempotency-Key"))
	if len(f.failures) > 0 {
		first := f.failures[0]
		f.failures = f.failures[1:]
		if first.retryAfter != "" {
			w.Header().Set("Retry-After", first.retryAfter)
		}
		http.Error(w, "later", first.status)
		return
	}
	accept(w)
}

func accept(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"index": 1, "state": "pending", "items": [{"index": 1, "state": "pending", "submissions": 1, "firstSeenAt": "2026-01-01T00:00:00Z", "lastSeenAt": "2026-01-01T00:00:00Z"}]}`)
}

// failAt starts a server with failures and returns a client of it.
func failAt(t *testing.T, retry time.Duration, failures ...failure) (*failing, *pisano.API) {
	t.Helper()
	f := &failing{failures: failures}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return f, client(t, server.URL, pisano.WithHTTPClient(http.DefaultClient), pisano.WithRetry(retry))
}

func TestRetry_RepeatsWhatTheServerPutsOff(t *testing.T) {
	t.Parallel()
	f, api := failAt(t, time.Minute, failure{429, "0"}, failure{503, "0"}, failure{502, ""}, failure{504, ""})
	if seen, err := api.Submit(t.Context(), 1); err != nil || seen.Index != 1 {
		t.Errorf("%+v, %v", seen, err)
	}
	if want := slices.Repeat([]string{`{"index":1}`}, 5); !slices.Equal(f.bodies, want) {
		t.Errorf("the server got %q", f.bodies)
	}
	if _, err := api.Submit(t.Context(), 1); err != nil {
		t.Error(err)
	}
	// The repetitions of a submission have its key, and another one another.
	first, last := f.keys[0], f.keys[5]
	if want := append(slices.Repeat([]string{first}, 5), last); !slices.Equal(f.keys, want) || len(first) < 16 || first == last {
		t.Errorf("the keys are %q", f.keys)
	}
}

func TestRetry_LeavesWhatAnotherAttemptDoesNotHelp(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		retry   time.Duration
		failure failure
	}{
		"no time is given":              {time.Minute, failure{503, ""}},
		"it would take too long":        {time.Minute, failure{429, "3600"}},
		"it is the server's own":        {time.Minute, failure{500, "0"}},
		"repetition is off":             {0, failure{503, "0"}},
		"repetition is off for proxies": {0, failure{502, ""}},
	} {
		f, api := failAt(t, row.retry, row.failure)
		_, err := api.Submit(t.Context(), 1)
		var p *pisano.ProblemError
		if !errors.As(err, &p) || p.Status != int64(row.failure.status) || len(f.bodies) != 1 {
			t.Errorf("%s: %v after %d attempts", name, err, len(f.bodies))
		}
	}
}

// cutOff answers, but closes the connection before the end of the body.
func cutOff(w http.ResponseWriter, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
	_, _ = io.WriteString(w, body)
}

func TestRetry_RepeatsAnAnswerThatIsCutOff(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if requests.Add(1) == 1 {
			cutOff(w, "application/json", `{"items": [`)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"items": [], "states": [{"index": 1, "state": "pending"}]}`)
	}))
	t.Cleanup(server.Close)
	if states, err := client(t, server.URL).States(t.Context(), 1); err != nil || len(states) != 1 || requests.Load() != 2 {
		t.Errorf("%v, %v after %d attempts", states, err, requests.Load())
	}
}

// What is streamed has been used before it is cut off.
func TestRetry_LeavesAStreamThatIsCutOff(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		cutOff(w, "text/plain", "55")
	}))
	t.Cleanup(server.Close)
	digits, err := client(t, server.URL).Digits(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = digits.Close() }()
	if text, err := io.ReadAll(digits); string(text) != "55" || !errors.Is(err, io.ErrUnexpectedEOF) || requests.Load() != 1 {
		t.Errorf("%q, %v after %d attempts", text, err, requests.Load())
	}
}

// appearing is a transport for whose first request there is no server yet.
type appearing struct {
	address string
	once    sync.Once
	t       *testing.T
}

func (a *appearing) Do(request *http.Request) (*http.Response, error) {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.once.Do(func() {
			listener, err := (&net.ListenConfig{}).Listen(a.t.Context(), "tcp", a.address)
			if err != nil {
				a.t.Error(err)
				return
			}
			server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: new(failing)}}
			server.Start()
			a.t.Cleanup(server.Close)
		})
	}
	return response, err
}

func TestRetry_WaitsForAServer(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(nil)
	gone.Close()
	address := gone.Listener.Addr().String()
	api := client(t, gone.URL, pisano.WithHTTPClient(&appearing{address: address, t: t}))
	if seen, err := api.Submit(callContext(t), 1); err != nil || seen.Index != 1 {
		t.Errorf("%+v, %v", seen, err)
	}
}

func TestRetry_EndsWithTheContext(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "20")
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(server.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := client(t, server.URL, pisano.WithRetry(time.Hour)).Status(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestNoServer_IsAnErrorThatNamesTheAddress(t *testing.T) {
	t.Parallel()
	api := client(t, "http://127.0.0.1:1/api", pisano.WithRetry(0))
	_, err := api.Submit(t.Context(), 1)
	var named *url.Error
	if !errors.As(err, &named) || named.URL != "http://127.0.0.1:1/api/indices" {
		t.Errorf("%v", err)
	}
}

func TestWait_OutlivesARestartOfTheAPI(t *testing.T) {
	t.Parallel()
	s, api := start(t)
	const index = 30_000_000
	if _, err := api.Submit(t.Context(), index); err != nil {
		t.Fatal(err)
	}
	type result struct {
		value pisano.ValueState
		err   error
	}
	results := make(chan result, 1)
	go func() {
		value, err := api.Wait(callContext(t), index)
		results <- result{value, err}
	}()
	s.restart()
	if r := <-results; r.err != nil || r.value.State != pisano.StateCalculated || r.value.DigitCount != 6_269_629 {
		t.Errorf("%+v", r)
	}
}
