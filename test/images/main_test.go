package images_test

import (
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestMain(m *testing.M) { servers.Main(m) }
