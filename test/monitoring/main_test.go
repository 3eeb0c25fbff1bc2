// Package monitoring tests what deploy/monitoring has for Prometheus and Grafana. The real programs are brought into the condition
// that an alert is about, and a real Prometheus has to raise it.
package monitoring

import (
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

func TestMain(m *testing.M) { pisano.Main(m) }
