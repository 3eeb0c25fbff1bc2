// Command worker calculates what waits: on Postgres and Redis, or on the file of
// a running api.
package main

import (
	"os"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/cmd/internal/app"
	"github.com/pisano-dev/pisano/cmd/internal/config"
)

// program is what the settings ask for. What is started first is stopped last.
func program(settings config.Config) fx.Option {
	if settings.Servers == nil {
		return fx.Options(app.Telemetry("pisano-worker"), app.Embedded(), app.Worker(), app.Health())
	}
	return fx.Options(app.Telemetry("pisano-worker"), app.Servers(), app.Worker(), app.Health())
}

func main() { os.Exit(app.Main(os.Args[1:], config.Worker, program)) }
