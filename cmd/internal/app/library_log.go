package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
)

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
