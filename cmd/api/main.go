// Command api serves Pisano over HTTP, the API at /api/. With Postgres and Redis
// it serves the API at / as well, for a front door that strips /api. Without
// servers it does everything in one program on one file: it serves the page at /
// and runs a worker.
package main

import (
	"os"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/cmd/internal/app"
	"github.com/pisano-dev/pisano/cmd/internal/config"
)

// program returns the modules for the settings. They stop in the reverse order
// of their start: requests are drained, claims released, stores closed.
func program(settings config.Config) fx.Option {
	if settings.Servers == nil {
		return app.OneFile()
	}
	return fx.Options(app.Telemetry("pisano-api"), app.Servers(), app.Service(), app.API())
}

func main() { os.Exit(app.Main(os.Args[1:], config.API, program)) }
