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

// startContext is the context of what waits during the start: it ends when the
// program is told to stop. The context of a start hook does not.
type startContext struct{ context.Context }

// await tries until it succeeds, for as long as the start of the program goes
// on. What can't pass by waiting ends it at once.
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
