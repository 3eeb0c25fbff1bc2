package system

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// dialFrom connects to a process from an address of this machine.
func dialFrom(t *testing.T, p *pisano.Program, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: testkit.HangTimeout, LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	conn, err := dialer.DialContext(t.Context(), "tcp4", strings.TrimPrefix(p.URL, "http://"))
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn, conn.SetDeadline(time.Now().Add(testkit.HangTimeout))
}

// streamFrom opens a stream of events of the embedded server from an address of this machine, with a field of the header
// besides. It returns the connection, and status and Retry-After of the answer.
func streamFrom(t *testing.T, p *pisano.Program, address, field string) (conn net.Conn, status int, retryAfter string) {
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
	t.Cleanup(func() {
		_ = conn.Close() // or the body is read to its end, and it has none
		_ = response.Body.Close()
	})
	return conn, response.StatusCode, response.Header.Get("Retry-After")
}

// Idle streams are bounded, and so is the memory that they take. One address does not take all of them, and can't pass for
// others: no proxy is trusted.
func TestIdleStreams_AreBounded(t *testing.T) {
	t.Parallel()
	const limit, attempts, most = 1000, 1500, 40 << 10 // most bytes for a stream
	p := pisano.Start(t, "api", "PISANO_DATA="+t.TempDir()+"/pisano.db", fmt.Sprintf("PISANO_MAX_STREAMS=%d", limit), "GOGC=25")
	before := p.Memory("VmRSS")

	var greedy net.Conn
	opened := 0
	for i := range attempts {
		conn, status, retryAfter := streamFrom(t, p, "127.0.0.2", fmt.Sprintf("X-Forwarded-For: 203.0.113.%d", i%250))
		if status != http.StatusOK {
			if status != http.StatusServiceUnavailable || retryAfter == "" {
				t.Fatalf("stream %d is answered with %d, Retry-After: %s", i, status, retryAfter)
			}
			break
		}
		greedy = conn
		opened++
	}
	if opened != limit/2 {
		t.Errorf("one address opened %d streams, want half of %d", opened, limit)
	}
	for i := range attempts {
		_, status, _ := streamFrom(t, p, fmt.Sprintf("127.0.3.%d", 1+i%250), "Accept: text/event-stream")
		if status != http.StatusOK {
			break
		}
		opened++
	}
	if opened < limit*9/10 || opened > limit {
		t.Errorf("%d streams are open, want close to %d", opened, limit)
	}
	time.Sleep(2 * time.Second) // idle
	each := (p.Memory("VmRSS") - before) / int64(opened)
	measured(t, "%d streams take %.1f KiB of resident memory each", opened, float64(each)/1024)
	if each > most {
		t.Errorf("a stream takes %d bytes, want at most %d", each, most)
	}
	p.Client("/api").MustSubmit(10) // others are served

	_ = greedy.Close()
	testkit.Eventually(t, "a place that became free", func() error {
		if _, status, _ := streamFrom(t, p, "127.0.4.1", "Accept: text/event-stream"); status != http.StatusOK {
			return fmt.Errorf("status %d", status)
		}
		return nil
	})
}
