// Package app holds the fx modules of which the programs are made. They are
// functions, so that a program holds nothing of those that it is not made of.
package app

import (
	"context"
	"fmt"
	stdlog "log"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"go.uber.org/dig"
	"go.uber.org/fx"
	"go.uber.org/fx/fxevent"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/cmd/internal/config"
	"github.com/pisano-dev/pisano/cmd/internal/telemetry"
)

// stopTimeout covers draining HTTP, handing back claims and closing stores.
const stopTimeout = 20 * time.Second

// Main does what a program is called for with the arguments of its command
// line, and returns its exit code. Without any it runs for its settings until
// it is told to stop. With the argument health it says whether the one that
// runs for the same settings on the same machine lives: 0 if it does.
func Main(arguments []string, program config.Program, modules func(config.Config) fx.Option) int {
	switch {
	case len(arguments) == 0:
		settings, err := config.FromProcess(program)
		if err != nil {
			return refuse(err)
		}
		return run(settings, modules)
	case len(arguments) == 1 && arguments[0] == "health":
		port, err := config.Port(os.Environ(), program)
		if err != nil {
			return refuse(err)
		}
		if err := checkHealth(port); err != nil {
			fmt.Fprintf(os.Stderr, "The program on port %d is not well: %v\n", port, err)
			return 1
		}
		fmt.Printf("The program on port %d is well.\n", port)
		return 0
	}
	fmt.Fprintln(os.Stderr, "The only argument there is is health, which asks the running program whether it is well. Settings are environment variables.")
	return 2
}

// refuse says what is wrong with the settings and returns the exit code.
func refuse(err error) int {
	fmt.Fprintf(os.Stderr, "The settings can't be used:\n%v\n", err)
	return 2
}

func run(settings config.Config, modules func(config.Config) fx.Option) int {
	log := newLogger(settings)
	for _, warning := range settings.Warnings {
		log.Warn(warning)
	}
	// The Go runtime read its variables before they were cleaned.
	debug.SetGCPercent(settings.GCPercent)
	runtime.GOMAXPROCS(settings.MaxProcs)
	// Told to stop while it still waits for a server, it stops.
	running, unregister := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer unregister()
	// A start that is stopped answers the requests that wait for it: its own
	// context ends only when that takes too long.
	start, abort := context.WithCancel(context.Background())
	defer abort()
	context.AfterFunc(running, func() {
		unregister() // told a second time, it ends at once
		time.AfterFunc(stopTimeout, abort)
	})
	stdlog.SetFlags(0)
	stdlog.SetOutput(standardLog{rateLimited(log)})
	app := fx.New(Options(settings, log, modules(settings)), fx.Replace(startContext{running}))
	if err := app.Start(start); err != nil {
		if running.Err() != nil {
			log.Info("stopped before the start was over")
			return 0
		}
		log.Error("not started", "error", dig.RootCause(err))
		return 1
	}
	code := 0
	select {
	case <-running.Done():
	case end := <-app.Wait(): // a part of the program gave up
		code = end.ExitCode
	}
	signal.Reset(os.Interrupt, syscall.SIGTERM) // which fx has registered, too
	log.Info("stopping")
	stop, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := app.Stop(stop); err != nil {
		log.Error("not stopped cleanly", "error", dig.RootCause(err))
		return 1
	}
	log.Info("stopped")
	return code
}

// Options are what an fx app of the program is made with.
func Options(settings config.Config, log *slog.Logger, program fx.Option) fx.Option {
	return fx.Options(
		fx.Supply(settings, log),
		fx.WithLogger(func() fxevent.Logger {
			events := &fxevent.SlogLogger{Logger: log}
			events.UseLogLevel(slog.LevelDebug)
			events.UseErrorLevel(slog.LevelDebug) // Main says it once
			return events
		}),
		fx.StopTimeout(stopTimeout),
		fx.Supply(startContext{context.Background()}),
		// It listens before the others begin to wait.
		fx.Module("front", fx.Provide(newFront), fx.Invoke(func(*front) {})),
		program,
	)
}

func newLogger(settings config.Config) *slog.Logger {
	options := &slog.HandlerOptions{Level: settings.LogLevel}
	var handler slog.Handler = slog.NewJSONHandler(os.Stderr, options)
	if settings.LogFormat == "text" {
		handler = slog.NewTextHandler(os.Stderr, options)
	}
	return slog.New(telemetry.LogHandler(httpapi.LogHandler(handler)))
}

// background runs a function from start to stop, when its context ends and it
// is waited for.
func background(lifecycle fx.Lifecycle, run func(context.Context)) (end context.CancelFunc) {
	ctx, end := context.WithCancel(context.Background())
	done := make(chan struct{})
	lifecycle.Append(fx.Hook{
		OnStart: func(context.Context) error {
			go func() {
				defer close(done)
				run(ctx)
			}()
			return nil
		},
		OnStop: func(stop context.Context) error {
			end()
			select {
			case <-done:
				return nil
			case <-stop.Done():
				return stop.Err()
			}
		},
	})
	return end
}
