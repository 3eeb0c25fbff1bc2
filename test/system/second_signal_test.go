package system

import (
	"io"
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSignal_ASecondOneEndsTheProgramAtOnce while an answer is waited for.
func TestSignal_ASecondOneEndsTheProgramAtOnce(t *testing.T) {
	t.Parallel()
	p := start(t, "api", "PISANO_DATA="+filepath.Join(t.TempDir(), "pisano.db"))
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// The handler waits for the rest of the body.
	if _, err := io.WriteString(conn, "POST /api/indices HTTP/1.1\r\nHost: pisano\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a probe behind the request", func() bool { return clientOf(p).statusOf("/healthz") == 200 })
	p.askToEnd()
	eventually(t, "the first signal is taken", func() bool { return strings.Contains(p.tail(), `"stopping"`) })
	begin := time.Now()
	p.askToEnd()
	p.awaitEnd()
	measured(t, "ended %v after the second signal", p.ended.Sub(begin).Round(time.Millisecond))
	state, ok := p.command.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || state.Signal() != syscall.SIGTERM {
		t.Errorf("it ended by %v\n%s", p.command.ProcessState, p.tail())
	}
}
