package frontdoor

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestEventsArriveAtOnce(t *testing.T) {
	t.Parallel()
	api := newAPI(t)
	d := openDoor(t, "--env", "API_UPSTREAM="+serve(t, api).seen)
	connection, stream := d.open("GET /api/events HTTP/1.1", "Host: pisano.test", "Accept: text/event-stream", "Accept-Encoding: gzip")
	response, err := http.ReadResponse(stream, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	defer func() { _ = connection.Close() }() // or the body is read to its end before it is closed, and it has none
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" || response.Header.Get("Content-Encoding") != "" {
		t.Errorf("%s, encoded: %q", kind, response.Header.Get("Content-Encoding"))
	}
	lines := bufio.NewScanner(response.Body)
	// await counts the heartbeats before the line that is wanted: an event that is held back comes with what follows it.
	await := func(want string) (heartbeats int) {
		t.Helper()
		for lines.Scan() {
			switch {
			case strings.Contains(lines.Text(), want):
				return heartbeats
			case strings.HasPrefix(lines.Text(), ":"):
				heartbeats++
			}
		}
		t.Fatalf("the stream ended before %q: %v", want, lines.Err())
		return 0
	}
	await("retry:")
	for n := range core.Index(5) {
		began := time.Now()
		if a := d.send(http.MethodPost, "/api/indices", fmt.Sprintf(`{"index":%d}`, n)); a.StatusCode/100 != 2 {
			t.Fatalf("%d, %s", a.StatusCode, a.text)
		}
		if err := connection.SetReadDeadline(time.Now().Add(servers.HangTimeout)); err != nil {
			t.Fatal(err)
		}
		if heartbeats := await(fmt.Sprintf(`{"index":%d,`, n)); heartbeats > 1 { // one may come at that very moment
			t.Errorf("F(%d): its event came after %d heartbeats", n, heartbeats)
		}
		t.Logf("F(%d): %v from its submission to its event", n, time.Since(began).Round(time.Millisecond))
	}
}

// open begins a request, the answer to which does not end.
func (d *door) open(head ...string) (net.Conn, *bufio.Reader) {
	d.t.Helper()
	connection, err := d.dial()
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = connection.Close() })
	if _, err := io.WriteString(connection, strings.Join(head, "\r\n")+"\r\n\r\n"); err != nil {
		d.t.Fatal(err)
	}
	return connection, bufio.NewReader(connection)
}

// upgrading speaks WebSocket's handshake, and then echoes what it reads.
var upgrading = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "websocket" || !strings.EqualFold(r.Header.Get("Connection"), "upgrade") {
		w.WriteHeader(http.StatusUpgradeRequired)
		return
	}
	connection, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer func() { _ = connection.Close() }()
	_, _ = io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
	_, _ = io.Copy(connection, buffered)
})

func TestWebSocketIsForDevelopmentOnly(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(docker.Root(), "nginx/conf/page.development.conf"))
	if err != nil {
		t.Fatal(err)
	}
	conf := mountable(t, "page.conf", page)
	for name, row := range map[string]struct {
		options []string
		status  int
	}{
		"production":  {nil, http.StatusUpgradeRequired},
		"development": {[]string{"--volume", conf + ":/etc/nginx/pisano/page.conf:ro"}, http.StatusSwitchingProtocols},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openBetween(t, upgrading, upgrading, row.options...)
			for target, want := range map[string]int{"/?token=x": row.status, "/api/": http.StatusUpgradeRequired} {
				connection, stream := d.open("GET "+target+" HTTP/1.1", "Host: pisano.test", "Connection: Upgrade", "Upgrade: websocket")
				response, err := http.ReadResponse(stream, nil)
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = response.Body.Close() }()
				if response.StatusCode != want {
					t.Fatalf("%s: %d, want %d", target, response.StatusCode, want)
				}
				if want != http.StatusSwitchingProtocols {
					continue
				}
				for _, word := range []string{"one", "two"} {
					heard := make([]byte, len(word))
					if _, err := io.WriteString(connection, word); err != nil {
						t.Fatal(err)
					}
					if _, err := io.ReadFull(stream, heard); err != nil || string(heard) != word {
						t.Errorf("said %q, heard %q, %v", word, heard, err)
					}
				}
			}
			want := httpapi.ContentSecurityPolicy
			if name == "development" { // Vite's page has scripts in it and a WebSocket
				want = strings.NewReplacer("script-src 'self'", "script-src 'self' 'unsafe-inline'", "connect-src 'self'", "connect-src 'self' ws: wss:").Replace(want)
			}
			if policy := d.get("/").Header.Get("Content-Security-Policy"); policy != want {
				t.Errorf("the policy is %q, want %q", policy, want)
			}
		})
	}
}
