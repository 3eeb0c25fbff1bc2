// Command api serves Pisano over HTTP. On Postgres and Redis it is the API, at
// /. Without servers it is everything in one program on one file: the page at
// /, the API at /api/ and a worker.
package main

import (
	"os"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/cmd/internal/app"
	"github.com/pisano-dev/pisano/cmd/internal/config"
)

// program is what the settings ask for. What is started first is stopped last:
// requests are drained, then claims are handed back, then stores are closed.
func program(settings config.Config) fx.Option {
	if settings.Servers == nil {
		return fx.Options(app.Telemetry("pisano-api"), app.Embedded(), app.Service(), app.Worker(), app.FrontDoor())
	}
	return fx.Options(app.Telemetry("pisano-api"), app.Servers(), app.Service(), app.API())
}

func main() { os.Exit(app.Main(os.Args[1:], config.API, program)) }
