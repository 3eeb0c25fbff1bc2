package system

import (
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

func TestMain(m *testing.M) { pisano.Main(m) }
