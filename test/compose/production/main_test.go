// Package production brings up docker-compose.production.yml as it is, of the images that `make images` has built.
package production

import (
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestMain(m *testing.M) { servers.Main(m) }
