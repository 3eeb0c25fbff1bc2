package app

import (
	"context"
	"log/slog"
	"time"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
)

const (
	attachPeriod  = 10 * time.Second // between two looks at whose Redis it is
	attachTimeout = 2 * time.Second  // of one check; a Redis that hangs holds up no start for longer
	warnPeriod    = time.Minute      // between two warnings of the same
)

// attach sees that the Redis belongs to the Postgres: with two Pisanos on one
// Redis by mistake, workers take from the queue what the other accepted, and
// leave it to the other's reconciler again and again.
//
// A program does not start on the Redis of another that runs. One that finds out
// later, because Redis was away or was flushed, only warns: nothing is lost, and
// it may be the other that has to go.
func attach(lifecycle fx.Lifecycle, start startContext, store *postgres.IndexStore, client *redis.Client, log *slog.Logger) {
	check := func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, attachTimeout)
		defer cancel()
		identity, err := store.Identity(ctx)
		if err != nil {
			return err
		}
		return client.Attach(ctx, identity)
	}
	lifecycle.Append(fx.StartHook(func() error {
		err := check(start)
		if core.KindOf(err) == core.KindInvalid {
			return err
		}
		if err != nil {
			log.Debug("not known yet whose Redis it is", "error", err)
		}
		return nil
	}))
	background(lifecycle, func(ctx context.Context) {
		tick := time.NewTicker(attachPeriod)
		defer tick.Stop()
		var warned time.Time
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if err := check(ctx); core.KindOf(err) == core.KindInvalid && time.Since(warned) >= warnPeriod {
				log.WarnContext(ctx, "Redis is used by others under the same prefix; nothing is lost, but much is held up", "error", err)
				warned = time.Now()
			}
		}
	})
}
