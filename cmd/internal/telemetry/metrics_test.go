package telemetry

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/pisano-dev/pisano/core/fibonacci"
)

func TestBuildInfo_NamesTheEngine(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	newMetrics(registry, "worker")
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != "pisano_build_info" {
			continue
		}
		for _, label := range family.GetMetric()[0].GetLabel() {
			if label.GetName() == "engine" && label.GetValue() == fibonacci.Engine() {
				return
			}
		}
	}
	t.Errorf("pisano_build_info has no label that says %q", fibonacci.Engine())
}
