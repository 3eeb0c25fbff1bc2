package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/cmd/internal/config"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// lease is how long a claim holds without a renewal. When it expires, the task is
// delivered again.
const lease = 5 * time.Second

// Embedded provides the ports on one file.
func Embedded() fx.Option {
	return fx.Module("embedded",
		fx.Provide(openFile, embeddedPorts),
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
			log.Error("the data file is gone; stopping", "error", err)
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

func embeddedPorts(db *sqlite.DB) core.Ports {
	return core.Ports{
		Store:      db.IndexStore(),
		Cache:      db.ValueCache(),
		Queue:      db.WorkQueue(lease),
		Workers:    db.WorkerRegistry(),
		Events:     db.Events(),
		Calculator: fibonacci.New(),
	}
}
