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

// limitPeriod is how often a line is written at most.
const limitPeriod = time.Second

// rateLimited returns a logger that writes a message once a second at most, and
// with the next how many were left out. It is for what libraries say, which say
// the same a thousand times when descriptors run out.
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

// serverLog takes the lines of net/http: that no connection can be accepted,
// say. What strangers do wrong in a handshake is of no concern.
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

// constantPrefix returns the part of a line that is the same for all of its kind: what
// comes before the first number.
func constantPrefix(line string) string {
	line = strings.TrimPrefix(line, "http: ")
	if at := strings.IndexAny(line, "0123456789[\n"); at >= 0 {
		line = line[:at]
	}
	return strings.TrimRight(line, " :(")
}

// redisLog takes the lines of the Redis library.
type redisLog struct{ *slog.Logger }

func (l redisLog) Printf(ctx context.Context, format string, v ...any) {
	level := slog.LevelWarn
	for _, value := range v {
		if err, ok := value.(error); ok && (errors.Is(err, context.Canceled) || errors.Is(err, net.ErrClosed)) {
			level = slog.LevelDebug // we closed it ourselves
		}
	}
	l.Log(ctx, level, "redis client: "+format, "detail", fmt.Sprintf(format, v...))
}

// standardLog takes what libraries write by package log.
type standardLog struct{ *slog.Logger }

func (l standardLog) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	l.Warn("library: "+constantPrefix(text), "detail", text)
	return len(line), nil
}
