// Package app provides the fx modules of the programs. Each module is a
// function, so that a program links only those it uses.
package app

import (
	"context"
	"fmt"
	"io"
	stdlog "log"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"go.uber.org/dig"
	"go.uber.org/fx"
	"go.uber.org/fx/fxevent"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/cmd/internal/config"
	"github.com/pisano-dev/pisano/cmd/internal/telemetry"
)

// stopTimeout covers draining HTTP, releasing claims and closing stores.
const stopTimeout = 20 * time.Second

const usage = `Settings are environment variables. Without arguments the program runs; with them:

  health                      check the program that is running here
  backup FILE                 copy the data file, of which programs may be running
  restore [--overwrite] FILE  put a copy in the place of the data file, while no
                              program uses it; --overwrite replaces its records
  --version                   print what the program was built from
  --help                      print this help

FILE is - for standard input or output.
`

// Main runs a program with its command-line arguments and returns its exit
// code. Without arguments it runs until SIGINT or SIGTERM. With the argument
// health it checks the program that is running on the same machine with the
// same settings, and returns 0 if that one is alive. backup and restore copy the
// data file of one-file mode. --version and --help print and end.
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
			fmt.Fprintf(os.Stderr, "The program on port %d is not healthy: %v\n", port, err)
			return 1
		}
		fmt.Printf("The program on port %d is healthy.\n", port)
		return 0
	case (arguments[0] == "backup" || arguments[0] == "restore") && !slices.ContainsFunc(arguments, isHelp):
		return copyData(arguments, program)
	case len(arguments) == 1 && (arguments[0] == "--version" || arguments[0] == "-version"):
		fmt.Println(telemetry.Build())
		return 0
	case slices.ContainsFunc(arguments, isHelp):
		fmt.Print(usage)
		return 0
	}
	return misused(os.Stderr, arguments)
}

func isHelp(argument string) bool {
	return slices.Contains([]string{"--help", "-help", "-h"}, argument)
}

// misused writes what is wrong with the arguments, and the usage, and returns the
// exit code.
func misused(stderr io.Writer, arguments []string) int {
	fmt.Fprintf(stderr, "Not one of the commands below: %s.\n\n%s", strings.Join(arguments, " "), usage)
	return 2
}

// refuse prints the errors in the settings and returns the exit code.
func refuse(err error) int {
	fmt.Fprintf(os.Stderr, "Invalid settings:\n%v\n", err)
	return 2
}

func run(settings config.Config, modules func(config.Config) fx.Option) int {
	log := newLogger(settings)
	for _, warning := range settings.Warnings {
		log.Warn(warning)
	}
	// The Go runtime has read the original variables; these are the cleaned ones.
	debug.SetGCPercent(settings.GCPercent)
	debug.SetMemoryLimit(settings.MemoryLimit)
	runtime.GOMAXPROCS(settings.MaxProcs)
	// A signal also ends a start that is waiting for a server.
	running, unregister := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer unregister()
	if settings.AdaptGC {
		go adaptGC(running)
	}
	// The context of the start outlives the signal by stopTimeout: requests that
	// wait for the start are still answered.
	start, abort := context.WithCancel(context.Background())
	defer abort()
	context.AfterFunc(running, func() {
		unregister() // a second signal kills the program
		time.AfterFunc(stopTimeout, abort)
	})
	stdlog.SetFlags(0)
	stdlog.SetOutput(standardLog{rateLimited(log)})
	app := fx.New(Options(settings, log, modules(settings)), fx.Replace(startContext{running}))
	if err := app.Start(start); err != nil {
		if running.Err() != nil {
			log.Info("stopped during the start")
			return 0
		}
		log.Error("start failed", "error", dig.RootCause(err))
		return 1
	}
	code := 0
	select {
	case <-running.Done():
	case end := <-app.Wait(): // a module requested a shutdown
		code = end.ExitCode
	}
	signal.Reset(os.Interrupt, syscall.SIGTERM) // fx has registered them, too
	log.Info("stopping")
	stop, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := app.Stop(stop); err != nil {
		log.Error("stop failed", "error", dig.RootCause(err))
		return 1
	}
	log.Info("stopped")
	return code
}

// Options returns the fx options of a program: its settings, its log, the HTTP
// server and the program's own modules.
func Options(settings config.Config, log *slog.Logger, program fx.Option) fx.Option {
	return fx.Options(
		fx.Supply(settings, log),
		fx.WithLogger(func() fxevent.Logger {
			events := &fxevent.SlogLogger{Logger: log}
			events.UseLogLevel(slog.LevelDebug)
			events.UseErrorLevel(slog.LevelDebug) // run logs the error
			return events
		}),
		fx.StopTimeout(stopTimeout),
		fx.Supply(startContext{context.Background()}),
		// The server listens before other modules wait for their servers.
		fx.Module("front", fx.Provide(newFront), fx.Invoke(func(*front) {})),
		program,
	)
}

func newLogger(settings config.Config) *slog.Logger {
	options := &slog.HandlerOptions{Level: settings.LogLevel}
	var handler slog.Handler = slog.NewTextHandler(os.Stderr, options)
	if settings.LogFormat != "text" {
		options.ReplaceAttr = telemetry.Milliseconds
		handler = slog.NewJSONHandler(os.Stderr, options)
	}
	return slog.New(telemetry.LogHandler(httpapi.LogHandler(handler)))
}

// background runs a function in a goroutine between start and stop. The stop
// cancels its context and waits until it has returned.
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
