package httpapi_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core/intercept"
)

// halfClosed sends a GET request, closes the sending half of the connection and
// returns everything it receives.
func (w *world) halfClosed(path string) string {
	w.t.Helper()
	conn, err := new(net.Dialer).DialContext(w.t.Context(), "tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(hangTimeout)); err != nil {
		w.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path); err != nil {
		w.t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		w.t.Fatal(err)
	}
	text, err := io.ReadAll(conn)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

func TestDisconnect_IsNoFailureOfTheServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.intercept("IndexStore", intercept.Hang) })
	if answer := w.halfClosed("/values/5"); answer != "" {
		t.Errorf("answered %q", answer)
	}
}

func TestDisconnect_OfTheSendingHalfDoesNotChangeReadiness(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.intercept("IndexStore", intercept.Delay(100*time.Millisecond)) })
	if answer := w.halfClosed("/readyz"); !strings.HasPrefix(answer, "HTTP/1.1 200 ") {
		t.Errorf("answered %q", answer)
	}
}
