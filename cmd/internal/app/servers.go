package app

import (
	"context"
	"fmt"
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

func newPostgres(lifecycle fx.Lifecycle, settings config.Config, log *slog.Logger) (*postgres.IndexStore, error) {
	store, err := postgres.New(settings.Servers.Postgres)
	if err != nil {
		return nil, err
	}
	lifecycle.Append(fx.Hook{
		OnStart: func(ctx context.Context) error { return awaitPostgres(ctx, store.Migrate, log) },
		OnStop:  func(ctx context.Context) error { return within(ctx, func() error { store.Close(); return nil }) },
	})
	return store, nil
}

func newRedis(lifecycle fx.Lifecycle, settings config.Config, log *slog.Logger) (*redis.Client, error) {
	goredis.SetLogger(redisLog{log})
	client, err := redis.New(settings.Servers.Redis)
	if err != nil {
		return nil, err
	}
	lifecycle.Append(fx.Hook{
		// Without Redis indices are accepted and recorded all the same: the start
		// does not wait for it.
		OnStart: func(ctx context.Context) error {
			if err := client.Ping(ctx); err != nil {
				log.WarnContext(ctx, "Redis is not there yet; going on without it", "error", err)
			}
			return nil
		},
		OnStop: func(ctx context.Context) error { return within(ctx, client.Close) },
	})
	return client, nil
}

// redisLog takes what the library would write to standard error: of what
// matters the adapter returns an error.
type redisLog struct{ *slog.Logger }

func (l redisLog) Printf(ctx context.Context, format string, v ...any) {
	l.DebugContext(ctx, "redis client", "message", fmt.Sprintf(format, v...))
}

func serverPorts(store *postgres.IndexStore, client *redis.Client) core.Ports {
	return core.Ports{
		Store:      store,
		Cache:      redis.ValueCache{Client: client},
		Queue:      redis.NewWorkQueue(client, claimPeriod),
		Events:     redis.Events{Client: client},
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

const (
	firstPause = 250 * time.Millisecond
	lastPause  = 5 * time.Second
)

// awaitPostgres waits for a server that is not there yet, for as long as the
// start of the program goes on. What can't pass by waiting ends it at once.
func awaitPostgres(ctx context.Context, try func(context.Context) error, log *slog.Logger) error {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		err := try(ctx)
		switch {
		case err == nil:
			log.InfoContext(ctx, "connected to Postgres")
			return nil
		case ctx.Err() != nil || core.KindOf(err) != core.KindUnavailable:
			return err
		}
		log.WarnContext(ctx, "waiting for Postgres", "againIn", pause.String(), "error", err)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
