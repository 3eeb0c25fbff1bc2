package app

import (
	"context"
	"log/slog"
	"time"
)

const (
	minPause = 250 * time.Millisecond
	maxPause = 5 * time.Second
)

// startContext is the context for waiting during the start. Unlike the context
// of a start hook, it is cancelled when the program receives a signal.
type startContext struct{ context.Context }

// await retries until try succeeds, its error is not transient, or ctx ends. The
// pause between attempts doubles from minPause to maxPause.
func await(ctx context.Context, what string, try func(context.Context) error, transient func(error) bool, log *slog.Logger) error {
	for pause := minPause; ; pause = min(2*pause, maxPause) {
		err := try(ctx)
		if err == nil || ctx.Err() != nil || !transient(err) {
			return err
		}
		log.WarnContext(ctx, "waiting for "+what, "againIn", pause.String(), "error", err)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
