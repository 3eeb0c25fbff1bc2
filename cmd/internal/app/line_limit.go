package app

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// limitPeriod is the time in which lines with the same message are counted.
const limitPeriod = time.Second

// maxIndexLines is how many lines with the same message a worker writes about
// indices in a limitPeriod.
const maxIndexLines = 10

// rateLimited returns a logger that writes each message at most once a second,
// with the number of lines left out before it. It is for libraries, which may
// repeat a message thousands of times, such as when file descriptors run out.
func rateLimited(log *slog.Logger) *slog.Logger { return limited(log, 1, slog.LevelError) }

// indexLimited is rateLimited for a worker, which may calculate thousands of
// indices a second: it writes a message ten times. Warnings and errors are not
// limited.
func indexLimited(log *slog.Logger) *slog.Logger {
	return limited(log, maxIndexLines, slog.LevelInfo)
}

// limited returns a logger that writes a number of lines with the same message in a
// limitPeriod. More of them are written at the debug level. Lines above the given
// level are not limited.
func limited(log *slog.Logger, most int, level slog.Level) *slog.Logger {
	return slog.New(limitedHandler{log.Handler(), &limits{most: most, level: level, lines: make(map[string]limit)}})
}

type limitedHandler struct {
	slog.Handler
	limits *limits
}

type limits struct {
	most  int
	level slog.Level
	mu    sync.Mutex
	lines map[string]limit // by message
}

type limit struct {
	begin            time.Time
	written, leftOut int
}

func (h limitedHandler) Handle(ctx context.Context, line slog.Record) error {
	if line.Level > h.limits.level {
		return h.Handler.Handle(ctx, line)
	}
	leftOut, due := h.limits.due(line.Message)
	debug := h.Enabled(ctx, slog.LevelDebug) // then none is left out
	switch {
	case !due && !debug:
		return nil
	case !due:
		line.Level = slog.LevelDebug
	case leftOut > 0 && !debug:
		line = line.Clone()
		line.AddAttrs(slog.Int("leftOut", leftOut))
	}
	return h.Handler.Handle(ctx, line)
}

// due reports whether a line with the message is due, and how many were not in the
// period that ends with it.
func (l *limits) due(message string) (leftOut int, due bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry := l.lines[message]
	if time.Since(entry.begin) >= limitPeriod {
		leftOut, entry = entry.leftOut, limit{begin: time.Now()}
	}
	if due = entry.written < l.most; due {
		entry.written++
	} else {
		entry.leftOut++
	}
	l.lines[message] = entry
	return leftOut, due
}

func (h limitedHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return limitedHandler{h.Handler.WithAttrs(attrs), h.limits}
}

func (h limitedHandler) WithGroup(name string) slog.Handler {
	return limitedHandler{h.Handler.WithGroup(name), h.limits}
}
