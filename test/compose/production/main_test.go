// Package production starts docker-compose.production.yml as it is, with the images that `make images` has built.
package production

import (
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

func TestMain(m *testing.M) { docker.Main(m) }
