package telemetry

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/pisano-dev/pisano/core"
)

// Watch adds the backlog and the number of workers to the metrics, of all
// processes together and as of the scrape. What is not known is left out.
func (t *Telemetry) Watch(overview func(context.Context) core.Overview) {
	t.registry.MustRegister(watched(overview))
}

// watched implements prometheus.Collector.
type watched func(context.Context) core.Overview

var (
	backlogIndices = prometheus.NewDesc("pisano_backlog_indices", "Indices that wait or are being calculated.", nil, nil)
	backlogSeconds = prometheus.NewDesc("pisano_backlog_seconds", "The time that one worker would need for the backlog.", nil, nil)
	workersAlive   = prometheus.NewDesc("pisano_workers_alive", "Workers that have shown a sign of life lately.", nil, nil)
)

// Describe implements prometheus.Collector.
func (watched) Describe(descs chan<- *prometheus.Desc) {
	descs <- backlogIndices
	descs <- backlogSeconds
	descs <- workersAlive
}

// Collect implements prometheus.Collector.
func (w watched) Collect(metrics chan<- prometheus.Metric) {
	gauge := func(desc *prometheus.Desc, value float64) {
		metrics <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value)
	}
	seen := w(context.Background())
	if seen.Backlog != nil {
		gauge(backlogIndices, float64(seen.Backlog.Tasks))
		gauge(backlogSeconds, seen.Backlog.All.Seconds())
	}
	if seen.Workers != nil {
		gauge(workersAlive, float64(*seen.Workers))
	}
}
