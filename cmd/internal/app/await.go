package app

import (
	"context"
	"log/slog"
	"time"
)

const (
	firstPause = 250 * time.Millisecond
	lastPause  = 5 * time.Second
)

// starting is the context of what waits during the start: it ends when the
// program is told to stop. The context of a start hook does not.
type starting struct{ context.Context }

// await tries until it succeeds, for as long as the start of the program goes
// on. What can't pass by waiting ends it at once.
func await(ctx context.Context, what string, try func(context.Context) error, passes func(error) bool, log *slog.Logger) error {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		err := try(ctx)
		if err == nil || ctx.Err() != nil || !passes(err) {
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
