package app

import (
	"context"
	"log/slog"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/cmd/internal/config"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// Servers provides the ports on Postgres and Redis.
func Servers() fx.Option {
	return fx.Module("servers",
		fx.Provide(newPostgres, newRedis, serverPorts),
		fx.Invoke(attach),
		fx.Supply(httpapi.Software{IndexStore: "PostgreSQL", ValueCache: "Redis", WorkQueue: "Redis"}),
	)
}

func newPostgres(lifecycle fx.Lifecycle, start startContext, settings config.Config, log *slog.Logger) (*postgres.IndexStore, error) {
	store, err := postgres.New(settings.Servers.Postgres)
	if err != nil {
		return nil, err
	}
	lifecycle.Append(fx.Hook{
		OnStart: func(context.Context) error {
			err := await(start, "Postgres", store.Migrate, isTransient, log)
			if err == nil {
				log.Info("connected to Postgres")
			}
			return err
		},
		OnStop: func(ctx context.Context) error { return within(ctx, func() error { store.Close(); return nil }) },
	})
	return store, nil
}

// isTransient reports whether what keeps Postgres from being used may be over
// after a while.
func isTransient(err error) bool {
	return core.KindOf(err) == core.KindUnavailable && !postgres.Permanent(err)
}

func newRedis(lifecycle fx.Lifecycle, start startContext, settings config.Config, shutdowner fx.Shutdowner, log *slog.Logger) (*redis.Client, error) {
	goredis.SetLogger(redisLog{rateLimited(log)})
	client, err := redis.New(settings.Servers.Redis)
	if err != nil {
		return nil, err
	}
	lifecycle.Append(fx.StopHook(func(ctx context.Context) error { return within(ctx, client.Close) }))
	unchecked := make(chan struct{}, 1)
	// Without Redis indices are accepted and recorded all the same: the start
	// does not wait for it. What waiting can't mend ends it.
	lifecycle.Append(fx.StartHook(func() error {
		err := checkRedis(start, client)
		if start.Err() != nil {
			return context.Cause(start)
		}
		if client.Permanent(err) {
			return err
		}
		if err != nil {
			unchecked <- struct{}{}
			log.Warn("Redis can't be used yet; going on without it", "error", err)
		}
		return nil
	}))
	background(lifecycle, func(ctx context.Context) {
		select {
		case <-unchecked:
			checkRedisLater(ctx, client, shutdowner, log)
		default:
		}
	})
	return client, nil
}

// checkRedis returns nil if Redis is of a version that is supported and takes
// writes.
func checkRedis(ctx context.Context, client *redis.Client) error {
	if err := client.CheckVersion(ctx); err != nil {
		return err
	}
	return client.Ping(ctx)
}

// checkRedisLater ends the program if a Redis that could not be used at the
// start proves one that waiting can't mend.
func checkRedisLater(ctx context.Context, client *redis.Client, shutdowner fx.Shutdowner, log *slog.Logger) {
	try := func(ctx context.Context) error { return checkRedis(ctx, client) }
	err := await(ctx, "Redis", try, func(err error) bool { return !client.Permanent(err) }, log)
	if client.Permanent(err) {
		log.ErrorContext(ctx, "Redis can't be used, and so the program ends", "error", err)
		_ = shutdowner.Shutdown(fx.ExitCode(1)) // it can only be ending already
	}
}

func serverPorts(store *postgres.IndexStore, client *redis.Client) core.Ports {
	return core.Ports{
		Store:      store,
		Cache:      client.ValueCache(),
		Queue:      client.WorkQueue(lease),
		Workers:    client.WorkerRegistry(),
		Events:     client.Events(),
		Calculator: fibonacci.New(),
	}
}

// closeTimeout is how long a server that hangs may hold up the end.
const closeTimeout = 2 * time.Second

// within does not wait for longer than ctx and closeTimeout allow: all that is
// worth waiting for is over when stores are closed.
func within(ctx context.Context, closing func() error) error {
	done := make(chan error, 1)
	go func() { done <- closing() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	case <-time.After(closeTimeout):
	}
	return nil
}
