// Package development starts docker-compose.yml as it is, in a copy of the repository, and edits the copy.
package development

import (
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

func TestMain(m *testing.M) { docker.Main(m) }
