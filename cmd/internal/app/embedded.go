package app

import (
	"context"
	"fmt"
	"log/slog"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/cmd/internal/config"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// OneFile is everything in one program on one file. Metrics and traces name it as
// they name the API, which does the same without servers.
func OneFile() fx.Option {
	return fx.Options(Telemetry("pisano-api"), Embedded(), Service(), Worker(), FrontDoor())
}

// Embedded provides the ports on one file.
func Embedded() fx.Option {
	return fx.Module("embedded",
		fx.Provide(openFile, embeddedPorts, embeddedPruner),
		fx.Supply(httpapi.Software{IndexStore: "SQLite", ValueCache: "SQLite", WorkQueue: "SQLite"}),
	)
}

func openFile(lifecycle fx.Lifecycle, start startContext, settings config.Config, shutdowner fx.Shutdowner, log *slog.Logger) (*sqlite.DB, error) {
	var db *sqlite.DB
	err := await(start, "the data file, which another program has locked", func(ctx context.Context) (err error) {
		db, err = open(ctx, settings.Data)
		return err
	}, sqlite.Locked, log)
	if err != nil {
		return nil, fmt.Errorf("PISANO_DATA=%s: %w", settings.Data, err)
	}
	log.Info("data file open", "file", settings.Data)
	lifecycle.Append(fx.StopHook(db.Close))
	background(lifecycle, func(ctx context.Context) {
		if err := db.Watch(ctx); err != nil {
			log.Error("the data file can't be used any longer; stopping", "error", err)
			_ = shutdowner.Shutdown(fx.ExitCode(1)) // fails only if the program is stopping already
		}
	})
	return db, nil
}

// open opens the file. It returns when ctx ends, even while it waits for a lock.
func open(ctx context.Context, file string) (*sqlite.DB, error) {
	type opened struct {
		db  *sqlite.DB
		err error
	}
	done := make(chan opened, 1)
	go func() {
		db, err := sqlite.Open(ctx, file)
		done <- opened{db, err}
	}()
	select {
	case o := <-done:
		return o.db, o.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func embeddedPorts(db *sqlite.DB, settings config.Config) core.Ports {
	return core.Ports{
		Store:      db.IndexStore(),
		Cache:      db.ValueCache(settings.CacheBytes),
		Queue:      db.WorkQueue(lease),
		Workers:    db.WorkerRegistry(),
		Events:     db.Events(),
		Calculator: fibonacci.New(),
	}
}

func embeddedPruner(db *sqlite.DB) core.Pruner { return db.IndexStore() }
