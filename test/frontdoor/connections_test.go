package frontdoor

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// counting counts the connections that a server accepts.
func counting(server *httptest.Server) *atomic.Int64 {
	var accepted atomic.Int64
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			accepted.Add(1)
		}
	}
	return &accepted
}

func TestConnections_ToUpstreamsAreKept(t *testing.T) {
	t.Parallel()
	api, page := prepare(t, echoing("api")), prepare(t, echoing("client"))
	toAPI, toPage := counting(api.Server), counting(page.Server)
	api.Start()
	page.Start()
	proxy := startProxy(t, "--env", "API_UPSTREAM="+api.address, "--env", "CLIENT_UPSTREAM="+page.address)
	const requests = 100
	for range requests {
		for _, target := range []string{"/api/x", "/api/values", "/", "/otherpage"} {
			proxy.Get(target)
		}
		if e := echoed(proxy.Send(http.MethodPost, "/api/indices", "{}")); e.Method != http.MethodPost {
			t.Fatalf("a submission came out as %+v", e)
		}
	}
	t.Logf("%d connections for %d requests to the API, %d for %d to the client", toAPI.Load(), 3*requests, toPage.Load(), 2*requests)
	// Each process of nginx keeps its own, and opens another after a long idle time.
	for _, n := range []int64{toAPI.Load(), toPage.Load()} {
		if n < 1 || n > int64(requests/2+runtime.NumCPU()) {
			t.Errorf("%d connections are opened for requests one after the other", n)
		}
	}
}

func TestConnections_ToUpstreamsAreEnoughForManyAtATime(t *testing.T) {
	t.Parallel()
	const together = 100
	rounds := max(20, 4*(runtime.NumCPU()+1)) // each process of nginx opens up to a hundred
	var mu sync.Mutex
	var waiting []chan struct{}
	api := prepare(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		answered := make(chan struct{})
		mu.Lock()
		if waiting = append(waiting, answered); len(waiting) == together {
			for _, one := range waiting {
				close(one)
			}
			waiting = nil
		}
		mu.Unlock()
		select {
		case <-answered:
		case <-r.Context().Done():
		}
	}))
	opened := counting(api.Server)
	api.Start()
	proxy := startProxy(t, "--env", "API_UPSTREAM="+api.address)
	for range rounds {
		var all sync.WaitGroup
		for range together {
			all.Go(func() {
				if a := proxy.try(http.MethodGet, "/api/x", ""); a.err != nil || a.StatusCode != http.StatusOK {
					t.Errorf("%v, %d", a.err, a.StatusCode)
				}
			})
		}
		all.Wait()
	}
	t.Logf("%d connections for %d requests, %d at a time", opened.Load(), together*rounds, together)
	if n := opened.Load(); n > int64(together*rounds/4) {
		t.Errorf("%d connections are opened for %d requests, %d at a time", n, together*rounds, together)
	}
}

// An upstream that has closed a connection which nginx still keeps has not read the request.
func TestSubmission_OverAClosedConnectionIsMadeOnce(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	bodies := make(map[string]int)
	// Closes each connection right after its first answer, without announcing it.
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		bodies[string(body)]++
		mu.Unlock()
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		_ = connection.Close()
	})
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	proxy := startProxy(t, "--env", fmt.Sprintf("API_UPSTREAM=%s:%d", docker.HostAddress(t), listener.Addr().(*net.TCPAddr).Port))
	const submissions = 300
	var load sync.WaitGroup
	for worker := range 2 {
		load.Go(func() {
			for i := range submissions / 2 {
				body := fmt.Sprintf(`{"index":%d}`, worker*submissions+i)
				if a := proxy.try(http.MethodPost, "/api/indices", body, fmt.Sprintf("X-Forwarded-For: 203.0.113.%d", i%200)); a.err != nil || a.StatusCode != http.StatusOK {
					t.Errorf("%s: %v, %d", body, a.err, a.StatusCode)
				}
				time.Sleep(15 * time.Millisecond) // below the limit of submissions
			}
		})
	}
	load.Wait()
	if len(bodies) != submissions {
		t.Errorf("%d of %d submissions were made", len(bodies), submissions)
	}
	for body, times := range bodies {
		if times != 1 {
			t.Errorf("%s was submitted %d times", body, times)
		}
	}
}

// An upstream that dies during a request may have carried it out. A request that must not be carried out twice is not sent again; a
// submission is, once: it may be counted twice, which does less harm than losing it.
func TestRequest_WhoseUpstreamDiesIsRepeatedOnceAtMost(t *testing.T) {
	t.Parallel()
	var asked, together atomic.Int64
	api := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		if r.URL.Path == "/together" { // until there are ten connections
			together.Add(1)
			for together.Load() < 10 && r.Context().Err() == nil {
				time.Sleep(time.Millisecond)
			}
			return
		}
		asked.Add(1)
		panic(http.ErrAbortHandler)
	})
	proxy := startProxyBetween(t, api, echoing("client"))
	for _, row := range []struct {
		method, target string
		times          int64
	}{
		{http.MethodPost, "/api/x", 1}, {http.MethodPost, "/api/indices", 2}, {http.MethodPatch, "/api/indices", 1},
	} {
		together.Store(0)
		var load sync.WaitGroup
		for range 10 {
			load.Go(func() { proxy.try(http.MethodGet, "/api/together", "") })
		}
		load.Wait()
		asked.Store(0)
		a := proxy.Send(row.method, row.target, "{}")
		if p := a.Problem(a.StatusCode); p.Kind != "unavailable" {
			t.Errorf("%s %s: %+v", row.method, row.target, p)
		}
		if n := asked.Load(); n != row.times {
			t.Errorf("%s %s was sent %d times, want %d", row.method, row.target, n, row.times)
		}
	}
}
