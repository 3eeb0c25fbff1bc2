package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"
)

// limitPeriod is the shortest time between two lines with the same message.
const limitPeriod = time.Second

// rateLimited returns a logger that writes each message at most once a second,
// with the number of lines suppressed before it. It is for libraries, which may
// repeat a message thousands of times, such as when file descriptors run out.
func rateLimited(log *slog.Logger) *slog.Logger {
	return slog.New(limitedHandler{log.Handler(), &limits{lines: make(map[string]limit)}})
}

type limitedHandler struct {
	slog.Handler
	limits *limits
}

type limits struct {
	mu    sync.Mutex
	lines map[string]limit // by message
}

type limit struct {
	last       time.Time
	suppressed int
}

func (h limitedHandler) Handle(ctx context.Context, line slog.Record) error {
	suppressed, due := h.limits.due(line.Message)
	if !due {
		return nil
	}
	if suppressed > 0 {
		line = line.Clone()
		line.AddAttrs(slog.Int("leftOut", suppressed))
	}
	return h.Handler.Handle(ctx, line)
}

func (l *limits) due(message string) (suppressed int, due bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry := l.lines[message]
	if time.Since(entry.last) < limitPeriod {
		entry.suppressed++
		l.lines[message] = entry
		return 0, false
	}
	l.lines[message] = limit{last: time.Now()}
	return entry.suppressed, true
}

func (h limitedHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return limitedHandler{h.Handler.WithAttrs(attrs), h.limits}
}

func (h limitedHandler) WithGroup(name string) slog.Handler {
	return limitedHandler{h.Handler.WithGroup(name), h.limits}
}

// serverLog logs the errors of net/http, such as a failure to accept
// connections. Failed TLS handshakes are the clients' errors and logged at the
// debug level.
type serverLog struct{ *slog.Logger }

func (l serverLog) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	if strings.Contains(text, "TLS handshake error") {
		l.Debug("http server", "detail", text)
	} else {
		l.Warn("http server: "+constantPrefix(text), "detail", text)
	}
	return len(line), nil
}

// constantPrefix returns the part of a line before its first number, which is the
// same in all lines of a kind.
func constantPrefix(line string) string {
	line = strings.TrimPrefix(line, "http: ")
	if at := strings.IndexAny(line, "0123456789[\n"); at >= 0 {
		line = line[:at]
	}
	return strings.TrimRight(line, " :(")
}

// redisLog logs the messages of the Redis library.
type redisLog struct{ *slog.Logger }

func (l redisLog) Printf(ctx context.Context, format string, v ...any) {
	level := slog.LevelWarn
	for _, value := range v {
		if err, ok := value.(error); ok && (errors.Is(err, context.Canceled) || errors.Is(err, net.ErrClosed)) {
			level = slog.LevelDebug // Pisano closed the connection itself
		}
	}
	l.Log(ctx, level, "redis client: "+format, "detail", fmt.Sprintf(format, v...))
}

// standardLog logs what libraries write with package log.
type standardLog struct{ *slog.Logger }

func (l standardLog) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	l.Warn("library: "+constantPrefix(text), "detail", text)
	return len(line), nil
}
