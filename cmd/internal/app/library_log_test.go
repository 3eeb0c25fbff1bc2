package app

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
)

func TestLibraryLog_WritesAMessageAtMostOnceASecond(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	server := serverLog{rateLimited(slog.New(slog.NewTextHandler(&log, nil)))}
	for port := range 1000 {
		_, _ = fmt.Fprintf(server, "http: Accept error: accept tcp [::]:%d: accept4: too many open files; retrying in %dms\n", port, port)
		_, _ = fmt.Fprintf(server, "http: panic serving 127.0.0.1:%d: oh\ngoroutine 7", port)
	}
	text := log.String()
	for _, want := range []string{"Accept error", "panic serving"} {
		if lines := strings.Count(text, `msg="http server: `+want); lines < 1 || lines > 3 {
			t.Errorf("%d messages of %q:\n%s", lines, want, text)
		}
	}
	if !strings.Contains(text, "level=WARN") {
		t.Errorf("no warning:\n%s", text)
	}
}

func TestLibraryLog_HarmlessMessagesAreNotWarnings(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	logger := rateLimited(slog.New(slog.NewTextHandler(&log, nil)))
	_, _ = fmt.Fprintln(serverLog{logger}, "http: TLS handshake error from 192.0.2.1:7: EOF")
	redisLog{logger}.Printf(t.Context(), "discarding bad PubSub connection: %s", net.ErrClosed)
	redisLog{logger}.Printf(t.Context(), "gave up: %s", context.Canceled)
	if log.Len() > 0 {
		t.Errorf("logged:\n%s", log.String())
	}
	redisLog{logger}.Printf(t.Context(), "sentinel: %s", context.DeadlineExceeded)
	if !strings.Contains(log.String(), "level=WARN") {
		t.Errorf("logged:\n%s", log.String())
	}
}
