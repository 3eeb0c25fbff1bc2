// Command api is Pisano in one program: the page, the API and a worker, on one
// file.
package main

import (
	"os"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/cmd/internal/app"
	"github.com/pisano-dev/pisano/cmd/internal/config"
)

// What is started first is stopped last: requests are drained, then claims are
// handed back, then the file is closed.
var program = fx.Options(app.Embedded, app.Service, app.Worker, app.FrontDoor)

func main() { os.Exit(app.Main(config.APIPort, program)) }
