package frontdoor

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// hold sends a request of a client and returns the connection and the status of the answer, once its header is there.
func (p *proxy) hold(target, client string) (net.Conn, int) {
	p.t.Helper()
	connection, reader := p.Open(http.MethodGet, target, "X-Forwarded-For: "+client)
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		_ = connection.Close() // or the body is read to its end, and it has none
		_ = response.Body.Close()
	})
	return connection, response.StatusCode
}

// endless is an upstream whose answers begin and do not end.
func endless() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		if r.URL.Path == "/events" {
			<-r.Context().Done()
		}
	})
}

func TestOpenRequests_OneClientHasItsShareAndOthersTheirs(t *testing.T) {
	t.Parallel()
	const share = 20
	proxy := startProxyBetween(t, endless(), endless(), "--env", "PISANO_MAX_OPEN_REQUESTS=20",
		"--env", "PISANO_TRUSTED_PROXIES=172.16.0.0/12,192.168.0.0/16,10.0.0.0/8")
	for name, clients := range map[string][2]string{
		"IPv4":                 {"203.0.113.1", "203.0.113.2"},
		"a network of IPv6":    {"2001:db8:1:2::1", "2001:db8:1:3::1"},
		"the other one's turn": {"203.0.113.3", "203.0.113.4"},
	} {
		greedy, other := clients[0], clients[1]
		var last net.Conn
		for i := range share {
			connection, status := proxy.hold("/api/events", greedy)
			if status != http.StatusOK {
				t.Fatalf("%s: request %d of %d is answered with %d", name, i+1, share, status)
			}
			last = connection
		}
		for _, target := range []string{"/api/events", "/api/indices", "/api/values/10"} {
			a := proxy.Get(target, "X-Forwarded-For: "+greedy)
			problem := a.Problem(http.StatusServiceUnavailable)
			if problem.Kind != "unavailable" || !strings.Contains(problem.Detail, "your requests are open") || a.Header.Get("Retry-After") != "2" {
				t.Errorf("%s: one request too many: %+v, Retry-After: %s", name, problem, a.Header.Get("Retry-After"))
			}
			if a := proxy.Get("/api/indices", "X-Forwarded-For: "+other); a.StatusCode != http.StatusOK {
				t.Errorf("%s: another client is answered with %d", name, a.StatusCode)
			}
		}
		if _, status := proxy.hold("/api/events", other); status != http.StatusOK {
			t.Errorf("%s: a stream of another client is answered with %d", name, status)
		}
		if a := proxy.Get("/", "X-Forwarded-For: "+greedy); a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
			t.Errorf("%s: the page, one request too many: %d", name, a.StatusCode)
		}
		_ = last.Close()
		for begin := time.Now(); proxy.Get("/api/indices", "X-Forwarded-For: "+greedy).StatusCode != http.StatusOK; {
			if time.Since(begin) > time.Minute {
				t.Fatalf("%s: a place that became free is not given again", name)
			}
		}
	}
}

// nginx can't count connections of a client whose header has not come. There must be more of them than one client can
// hold open for the little while that it is given, however few open files the engine allows at first.
func TestHalfOpenRequests_LeaveRoomForOthersAndEndSoon(t *testing.T) {
	t.Parallel()
	const halfOpen = 2000
	proxy := startProxyBetween(t, echoing("api"), echoing("client"), "--ulimit", "nofile=64:8192")
	var held []net.Conn
	for range halfOpen {
		connection, err := proxy.Dial()
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		// The header has not ended. What is sent to a full front door is not received.
		if _, err := io.WriteString(connection, "GET / HTTP/1.1\r\nHost: pisano.test\r\nX-Slow: "); err != nil {
			t.Fatal(err)
		}
		held = append(held, connection)
	}
	begin := time.Now()
	for _, target := range []string{"/healthz", "/api/indices", "/"} {
		if a := proxy.try(http.MethodGet, target, ""); a.err != nil || a.StatusCode != http.StatusOK {
			t.Errorf("%s, behind %d half-open requests: %v", target, halfOpen, a.err)
		}
	}
	t.Logf("measured: three requests among %d half-open ones took %v", halfOpen, time.Since(begin).Round(time.Millisecond))
	// Less than nginx' default of a minute.
	if err := held[0].SetReadDeadline(time.Now().Add(40 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, held[0]); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("a half-open request is still waited for")
	}
}
