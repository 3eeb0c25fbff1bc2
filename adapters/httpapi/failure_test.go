package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// failing returns a server whose store and cache return or panic as fail does.
func failing(t *testing.T, fail func() error) *testServer {
	t.Helper()
	return newTestServer(t, func(s *testServer) {
		failed := func(context.Context, intercept.Call) error { return fail() }
		s.intercept("IndexStore", failed)
		s.intercept("ValueCache", failed)
	})
}

var errSecret = errors.New("dial tcp: lookup secret-host: no such host")

func TestFailure_RevealsNothingInternal(t *testing.T) {
	t.Parallel()
	const sentence = "The index store can't be reached."
	for _, failure := range []struct {
		name   string
		err    error
		status int
		kind   string
		detail string // a part of the detail
	}{
		{"any error", errSecret, 500, "internal", "An unexpected error occurred."},
		{"an internal one", core.WrapError(core.KindInternal, "secret-host has lost its mind.", errSecret), 500, "internal", "An unexpected error occurred."},
		{"one of no known kind", &core.Error{Kind: 99, Message: "secret-host", Cause: errSecret}, 500, "internal", "An unexpected error occurred."},
		{"an unavailable one", core.WrapError(core.KindUnavailable, sentence, errSecret), 503, "unavailable", sentence},
		{"a wrapped one", fmt.Errorf("secret-host: %w", core.WrapError(core.KindUnavailable, sentence, errSecret)), 503, "unavailable", sentence},
		{"a deadline", fmt.Errorf("secret-host: %w", context.DeadlineExceeded), 503, "unavailable", "Try again soon."},
		{"one without a message", &core.Error{Kind: core.KindUnavailable, Cause: errSecret}, 503, "unavailable", "Try again soon."},
	} {
		t.Run(failure.name, func(t *testing.T) {
			t.Parallel()
			s := failing(t, func() error { return failure.err })
			for _, a := range []answer{
				s.submit(`{"index": 10}`),
				s.submit(`{"indices": [10, 20]}`),
				s.get("/indices"),
				s.get("/values"),
				s.get("/values/10"),
				s.get("/values/10", "Prefer: wait=5"),
				s.get("/values/10/digits"),
			} {
				p := a.problem(failure.status)
				if p.Kind != failure.kind || !strings.Contains(p.Detail, failure.detail) || len(p.Errors) > 0 {
					t.Errorf("%s: %+v", a.Request.URL, p)
				}
				if strings.Contains(a.text+fmt.Sprint(a.Header), "secret") {
					t.Errorf("%s reveals internals: %v %s", a.Request.URL, a.Header, a.text)
				}
				retry := map[bool]string{true: "2"}[failure.status == http.StatusServiceUnavailable]
				a.wantHeader("Retry-After", retry)
			}
		})
	}
}

func TestFailure_IsLoggedInFull(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	s := newTestServer(t, nil)
	ports := intercept.Ports(s.ports, intercept.On("IndexStore", intercept.Fail(errSecret)))
	logger := slog.New(slog.NewTextHandler(&log, nil))
	service := core.NewService(ports, core.NewBroadcaster(ports.Events, quiet), core.Limits{}, quiet)
	s.url = serve(t, httpapi.New(service, software, httpapi.Options{}, logger))
	s.get("/indices").problem(500)
	if text := log.String(); !strings.Contains(text, "level=ERROR") || !strings.Contains(text, "secret-host") {
		t.Errorf("the log is %q", text)
	}
}

func TestPanic_IsA500AndTheServerContinues(t *testing.T) {
	t.Parallel()
	var panicking atomic.Bool
	s := failing(t, func() error {
		if panicking.Load() {
			panic("secret-host")
		}
		return core.NewError(core.KindNotFound, "It is not there.")
	})
	panicking.Store(true)
	for _, a := range []answer{
		s.submit(`{"index": 10}`),
		s.get("/indices"),
		s.get("/values"),
		s.get("/values/10"),
		s.get("/values/10/digits"),
	} {
		if p := a.problem(500); p.Kind != "internal" || strings.Contains(a.text, "secret") {
			t.Errorf("%s: %s", a.Request.URL, a.text)
		}
		a.wantHeader("X-Content-Type-Options", "nosniff")
	}
	panicking.Store(false)
	s.get("/healthz").want(200)
	s.get("/values/10").problem(404)
}

// lockedBuffer is a buffer for concurrent use.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
