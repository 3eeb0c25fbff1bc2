package containers_test

import (
	"testing"

	"github.com/pisano-dev/pisano/internal/testservers"
)

func TestMain(m *testing.M) { testservers.Main(m) }
