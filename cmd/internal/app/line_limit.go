package app

import (
	"context"
	"log/slog"
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
