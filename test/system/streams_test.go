package system

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// dialFrom connects to a process from an address of this machine.
func dialFrom(t *testing.T, p *process, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: servers.HangTimeout, LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	conn, err := dialer.DialContext(t.Context(), "tcp4", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn, conn.SetDeadline(time.Now().Add(servers.HangTimeout))
}

// streamFrom opens a stream of events of the embedded server from an address of this machine, with a field of the header
// besides. It returns the connection and the answer.
func streamFrom(t *testing.T, p *process, address, field string) (net.Conn, *http.Response) {
	t.Helper()
	conn, err := dialFrom(t, p, address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(conn, "GET /api/events HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n", field); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	return conn, response
}

// Idle streams are bounded, and so is the memory that they take. One address does not take all of them, and can't pass for
// others: no proxy is trusted.
func TestIdleStreamsAreBounded(t *testing.T) {
	t.Parallel()
	const limit, attempts, most = 1000, 1500, 40 << 10 // most bytes for a stream
	p := start(t, "api", "PISANO_DATA="+t.TempDir()+"/pisano.db", fmt.Sprintf("PISANO_MAX_STREAMS=%d", limit), "GOGC=25")
	c := clientOf(p)
	c.base += "/api"
	before := p.memory("VmRSS")

	var greedy net.Conn
	opened := 0
	for i := range attempts {
		conn, response := streamFrom(t, p, "127.0.0.2", fmt.Sprintf("X-Forwarded-For: 203.0.113.%d", i%250))
		if response.StatusCode != http.StatusOK {
			if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
				t.Fatalf("stream %d is answered with %s, %v", i, response.Status, response.Header)
			}
			break
		}
		greedy = conn
		opened++
	}
	if opened != limit/2 {
		t.Errorf("one address opened %d streams, want half of %d", opened, limit)
	}
	for i := 0; i < attempts; i++ {
		_, response := streamFrom(t, p, fmt.Sprintf("127.0.3.%d", 1+i%250), "Accept: text/event-stream")
		if response.StatusCode != http.StatusOK {
			break
		}
		opened++
	}
	if opened < limit*9/10 || opened > limit {
		t.Errorf("%d streams are open, want close to %d", opened, limit)
	}
	time.Sleep(2 * time.Second) // idle
	each := (p.memory("VmRSS") - before) / int64(opened)
	measured(t, "%d streams take %.1f KiB of resident memory each", opened, float64(each)/1024)
	if each > most {
		t.Errorf("a stream takes %d bytes, want at most %d", each, most)
	}
	c.mustSubmit(t, 10) // others are served

	_ = greedy.Close()
	eventually(t, "a place that became free", func() bool {
		_, response := streamFrom(t, p, "127.0.4.1", "Accept: text/event-stream")
		return response.StatusCode == http.StatusOK
	})
}
