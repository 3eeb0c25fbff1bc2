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
	attachPeriod  = 10 * time.Second // between two checks
	attachTimeout = 2 * time.Second  // of one check, so that a Redis that hangs delays the start no longer
	warnPeriod    = time.Minute      // between two warnings
)

// attach checks that the Redis belongs to the Postgres. If two services share
// one Redis by mistake, each claims tasks of the other that it has no record of,
// and the other's reconciler has to enqueue them again.
//
// A program refuses to start on the Redis of another running service. If the
// conflict shows up later, because Redis was down or was flushed, the program
// only warns: nothing is lost, and the other service may be the one to move.
func attach(lifecycle fx.Lifecycle, start startContext, db *postgres.DB, client *redis.Client, log *slog.Logger) {
	check := func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, attachTimeout)
		defer cancel()
		identity, err := db.Identity(ctx)
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
			log.Debug("owner of Redis not checked yet", "error", err)
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
				log.WarnContext(ctx, "another service uses this Redis with the same prefix; nothing is lost, but tasks are delayed", "error", err)
				warned = time.Now()
			}
		}
	})
}
