package frontdoor

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
)

func TestEvents_ArriveAtOnce(t *testing.T) {
	t.Parallel()
	api := newAPI(t)
	proxy := startProxy(t, "--env", "API_UPSTREAM="+serve(t, api).address)
	connection, stream := proxy.Open(http.MethodGet, "/api/events", "Accept: text/event-stream", "Accept-Encoding: gzip")
	response, err := http.ReadResponse(stream, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	defer func() { _ = connection.Close() }() // before the body, whose Close would read it to an end that it does not have
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" || response.Header.Get("Content-Encoding") != "" {
		t.Errorf("%s, encoded: %q", kind, response.Header.Get("Content-Encoding"))
	}
	lines := bufio.NewScanner(response.Body)
	// await counts the heartbeats before the line that is wanted: a proxy that buffers sends an event with the heartbeats after it.
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
		if a := proxy.Send(http.MethodPost, "/api/indices", fmt.Sprintf(`{"index":%d}`, n)); a.StatusCode/100 != 2 {
			t.Fatalf("%d, %s", a.StatusCode, a.Text)
		}
		if err := connection.SetReadDeadline(time.Now().Add(testkit.HangTimeout)); err != nil {
			t.Fatal(err)
		}
		if heartbeats := await(fmt.Sprintf(`{"index":%d,`, n)); heartbeats > 1 { // one may come at the same moment
			t.Errorf("F(%d): its event came after %d heartbeats", n, heartbeats)
		}
		t.Logf("F(%d): %v from its submission to its event", n, time.Since(began).Round(time.Millisecond))
	}
}

// upgrading answers the handshake of WebSocket, and then echoes what it reads.
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

func TestWebSocket_IsForDevelopmentOnly(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(testkit.Root(), "nginx/conf/page.development.conf"))
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
			proxy := startProxyBetween(t, upgrading, upgrading, row.options...)
			for target, want := range map[string]int{"/?token=x": row.status, "/api/": http.StatusUpgradeRequired} {
				connection, stream := proxy.Open(http.MethodGet, target, "Connection: Upgrade", "Upgrade: websocket")
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
			if name == "development" { // the page of Vite has inline scripts and a WebSocket
				want = strings.NewReplacer("script-src 'self'", "script-src 'self' 'unsafe-inline'", "connect-src 'self'", "connect-src 'self' ws: wss:").Replace(want)
			}
			if policy := proxy.Get("/").Header.Get("Content-Security-Policy"); policy != want {
				t.Errorf("the policy is %q, want %q", policy, want)
			}
		})
	}
}
