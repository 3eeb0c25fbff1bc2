// Command worker is another worker on the file of a running api.
package main

import (
	"os"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/cmd/internal/app"
	"github.com/pisano-dev/pisano/cmd/internal/config"
)

var program = fx.Options(app.Embedded, app.Worker, app.Health)

func main() { os.Exit(app.Main(config.WorkerPort, program)) }
