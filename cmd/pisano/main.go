// Command pisano is everything in one program on one file: the page at /, the API
// at /api/, and a worker. It is api without the servers, for the image of
// everything, which it makes smaller.
package main

import (
	"os"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/cmd/internal/app"
	"github.com/pisano-dev/pisano/cmd/internal/config"
)

func program(config.Config) fx.Option { return app.OneFile() }

func main() { os.Exit(app.Main(os.Args[1:], config.OneFile, program)) }
