// Command worker calculates the tasks in the queue: of Postgres and Redis, or of
// the file of a running api.
package main

import (
	"os"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/cmd/internal/app"
	"github.com/pisano-dev/pisano/cmd/internal/config"
)

// program returns the modules for the settings. They stop in the reverse order
// of their start.
func program(settings config.Config) fx.Option {
	if settings.Servers == nil {
		return fx.Options(app.Telemetry("pisano-worker"), app.Embedded(), app.Worker(), app.Health())
	}
	return fx.Options(app.Telemetry("pisano-worker"), app.Servers(), app.Worker(), app.Health())
}

func main() { os.Exit(app.Main(os.Args[1:], config.Worker, program)) }
