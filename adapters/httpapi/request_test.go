package httpapi_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

func TestRequestID_IsKeptIfValidAndElseReplaced(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, id := range []string{"a", "7f0c-1", strings.Repeat("x", 128), `!"#$%&'()*+,-./:;<=>?@[\]^_{|}~`} {
		for _, path := range []string{"/healthz", "/values/7", "/nothing/here", "/indices?cursor=!", "/openapi.yaml", "/values/x"} {
			a := s.get(path, "X-Request-Id: "+id).wantHeader("X-Request-Id", id)
			if a.StatusCode >= 400 {
				a.problem(a.StatusCode) // checks the instance, too
			}
		}
	}
	seen := make(map[string]bool)
	for _, id := range []string{"", strings.Repeat("x", 129), "two words", "a\ttab", "ümlaut"} {
		given := s.get("/values/7", "X-Request-Id: "+id).want(404).Header.Get("X-Request-Id")
		if given == id || len(given) < 20 || seen[given] {
			t.Errorf("the id %q was replaced by %q", id, given)
		}
		seen[given] = true
	}
}

func TestRequestID_IsInEveryLogRecordOfTheRequest(t *testing.T) {
	t.Parallel()
	for name, i := range map[string]intercept.Interceptor{
		"a failure":               intercept.On("IndexStore", intercept.Fail(errors.New("broken"))),
		"a panic":                 intercept.On("ValueCache.Summaries", intercept.Before(func() { panic("secret-host") })),
		"a warning of the domain": intercept.On("ValueCache", intercept.Fail(errors.New("broken"))),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log lockedBuffer
			s := newTestServer(t, nil)
			s.ports = intercept.Ports(s.ports, i)
			logger := slog.New(httpapi.LogHandler(slog.NewTextHandler(&log, nil))).With("program", "test")
			service := core.NewService(s.ports, core.NewBroadcaster(s.ports.Events, quiet), core.Limits{}, logger)
			s.url = serve(t, httpapi.New(service, software, httpapi.Options{}, logger))
			s.submit(`{"index": 7}`, "X-Request-Id: my-name")
			logger.Info("of no request")
			lines := strings.Split(strings.TrimSpace(log.String()), "\n")
			for _, line := range lines[:len(lines)-1] {
				if !strings.Contains(line, "request_id=my-name") || !strings.Contains(line, "program=test") {
					t.Errorf("a record without the id: %s", line)
				}
			}
			if len(lines) < 2 || strings.Contains(lines[len(lines)-1], "request_id") {
				t.Errorf("the log is %q", lines)
			}
		})
	}
}

func TestMiddleware_LeavesTheRouteInTheRequest(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for path, pattern := range map[string]string{"/values/10": "GET /values/{index}", "/nothing": ""} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		s.handler.ServeHTTP(httptest.NewRecorder(), r)
		if r.Pattern != pattern {
			t.Errorf("the route of %s is %q, want %q", path, r.Pattern, pattern)
		}
	}
}

// A submitter that has used up its share is refused, which shows who is taken
// for whom.
func TestSubmitter_IsIdentifiedByAddress(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		greedy, other string // X-Forwarded-For
		same          bool
	}{
		"two addresses":                         {"198.51.100.7", "198.51.100.8", false},
		"no proxy":                              {"", "", true},
		"a proxy and none":                      {"198.51.100.7", "", false},
		"what the client wrote before":          {"198.51.100.7", "203.0.113.1, 198.51.100.7", true},
		"a chain of proxies":                    {"198.51.100.7, 10.0.0.3", "198.51.100.7, 172.16.0.9, 192.168.1.1", true},
		"a chain of proxies, another client":    {"198.51.100.7, 10.0.0.3", "198.51.100.8, 10.0.0.3", false},
		"private addresses all the way":         {"10.0.0.7", "10.0.0.8", false},
		"a network of IPv6":                     {"2001:db8::1", "2001:db8::ffff:2", true},
		"two networks of IPv6":                  {"2001:db8::1", "2001:db8:0:1::1", false},
		"IPv4 as IPv6":                          {"198.51.100.7", "::ffff:198.51.100.7", true},
		"nonsense is the proxy itself":          {"unknown", "198.51.100.7, nonsense", true},
		"nonsense before an address is dropped": {"<script>, 198.51.100.7", "198.51.100.7", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSmallServer(t)
			s.submit(`{"indices": [1, 2, 3, 4, 5]}`, from(c.greedy)).want(202)
			s.submit(`{"index": 6}`, from(c.greedy)).want(429)
			want := map[bool]int{true: 429, false: 202}[c.same]
			s.submit(`{"index": 6}`, from(c.other)).want(want)
		})
	}
}

func TestSubmitter_XForwardedForOfAnUntrustedProxyIsIgnored(t *testing.T) {
	t.Parallel()
	s := newSmallServer(t)
	s.url = serve(t, httpapi.New(s.service, software, httpapi.Options{}, quiet)) // no trusted proxies
	s.submit(`{"indices": [1, 2, 3, 4, 5]}`, from("198.51.100.7")).want(202)
	s.submit(`{"index": 6}`, from("198.51.100.8")).want(429)
}

func TestTrustedProxies_AreParsedAsNetworks(t *testing.T) {
	t.Parallel()
	var trusted httpapi.TrustedProxies
	if err := trusted.UnmarshalText([]byte("10.0.0.0/8, 2001:db8::/32, ::ffff:192.0.2.0/120")); err != nil || len(trusted) != 3 || trusted[2].String() != "192.0.2.0/24" {
		t.Errorf("parsed %v, %v", trusted, err)
	}
	for _, bad := range []string{"10.0.0.1", "10.0.0.0/33", "10.0.0.0/8,", "all"} {
		if err := trusted.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q was parsed as %v", bad, trusted)
		}
	}
}
