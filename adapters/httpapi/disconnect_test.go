package httpapi_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core/intercept"
)

// halfClosed sends a GET request, closes the sending half of the connection and
// returns everything it receives.
func (s *testServer) halfClosed(path string) string {
	s.t.Helper()
	conn, err := new(net.Dialer).DialContext(s.t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(hangTimeout)); err != nil {
		s.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path); err != nil {
		s.t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		s.t.Fatal(err)
	}
	text, err := io.ReadAll(conn)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

func TestDisconnect_IsNoFailureOfTheServer(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(s *testServer) { s.intercept("IndexStore", intercept.Hang) })
	if answer := s.halfClosed("/values/5"); answer != "" {
		t.Errorf("answered %q", answer)
	}
}

func TestDisconnect_OfTheSendingHalfDoesNotChangeReadiness(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(s *testServer) { s.intercept("IndexStore", intercept.Delay(100*time.Millisecond)) })
	if answer := s.halfClosed("/readyz"); !strings.HasPrefix(answer, "HTTP/1.1 200 ") {
		t.Errorf("answered %q", answer)
	}
}

func TestDisconnect_DoesNotHideAPanic(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	s := newTestServer(t, func(s *testServer) {
		s.intercept("IndexStore.Lookup", func(ctx context.Context, _ intercept.Call) error {
			<-ctx.Done()
			panic("a fault of the server")
		})
	})
	s.url = serve(t, httpapi.New(s.service, software, httpapi.Options{}, slog.New(slog.NewTextHandler(&log, nil))))
	if answer := s.halfClosed("/values/5"); answer != "" {
		t.Errorf("answered %q", answer)
	}
	if text := log.String(); strings.Count(text, "level=ERROR") != 1 || !strings.Contains(text, "a fault of the server") {
		t.Errorf("the log is %q", text)
	}
}
