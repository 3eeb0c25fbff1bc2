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
		fx.Provide(newPostgres, newRedis, serverPorts, serverPruner),
		fx.Invoke(attach),
		fx.Supply(httpapi.Software{IndexStore: "PostgreSQL", ValueCache: "Redis", WorkQueue: "Redis"}),
	)
}

func newPostgres(lifecycle fx.Lifecycle, start startContext, settings config.Config, log *slog.Logger) (*postgres.DB, error) {
	db, err := postgres.New(settings.Servers.Postgres)
	if err != nil {
		return nil, err
	}
	lifecycle.Append(fx.Hook{
		OnStart: func(context.Context) error {
			err := await(start, "Postgres", db.Migrate, isTransient, log)
			if err == nil {
				log.Info("connected to Postgres")
			}
			return err
		},
		OnStop: func(ctx context.Context) error { return within(ctx, func() error { db.Close(); return nil }) },
	})
	return db, nil
}

// isTransient reports whether an error of Postgres may go away without a change
// of configuration.
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
	// Indices are accepted and recorded without Redis, so the start does not wait
	// for it. A permanent error ends the start.
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
			log.Warn("Redis is not usable yet; starting without it", "error", err)
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

// checkRedis returns nil if Redis accepts writes and its version is supported.
func checkRedis(ctx context.Context, client *redis.Client) error {
	if err := client.CheckVersion(ctx); err != nil {
		return err
	}
	return client.Ping(ctx)
}

// checkRedisLater retries a check that failed at the start, and stops the program
// if the error turns out to be permanent.
func checkRedisLater(ctx context.Context, client *redis.Client, shutdowner fx.Shutdowner, log *slog.Logger) {
	try := func(ctx context.Context) error { return checkRedis(ctx, client) }
	err := await(ctx, "Redis", try, func(err error) bool { return !client.Permanent(err) }, log)
	if client.Permanent(err) {
		log.ErrorContext(ctx, "Redis is not usable; stopping", "error", err)
		_ = shutdowner.Shutdown(fx.ExitCode(1)) // fails only if the program is stopping already
	}
}

func serverPorts(db *postgres.DB, client *redis.Client) core.Ports {
	return core.Ports{
		Store:      db.IndexStore(),
		Cache:      client.ValueCache(),
		Queue:      client.WorkQueue(lease),
		Workers:    client.WorkerRegistry(),
		Events:     client.Events(),
		Calculator: fibonacci.New(),
	}
}

// closeTimeout bounds the closing of each server's connections, so that a server
// that hangs does not delay the stop.
const closeTimeout = 2 * time.Second

// within runs closing and returns when it is done, when ctx ends or after
// closeTimeout. By then all work is done, so a close cut short loses none.
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

func serverPruner(db *postgres.DB) core.Pruner { return db.IndexStore() }
