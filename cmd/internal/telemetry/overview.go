package telemetry

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/pisano-dev/pisano/core"
)

// Watch adds the backlog, what is pending or lost, and the number of workers to
// the metrics, of all processes together and as of the scrape. What is not known is left out.
func (t *Telemetry) Watch(overview func(context.Context) core.Overview) {
	t.registry.MustRegister(watched(overview))
}

// watched implements prometheus.Collector.
type watched func(context.Context) core.Overview

var (
	backlogIndices  = prometheus.NewDesc("pisano_backlog_indices", "Indices that wait or are being calculated, without recovery.", nil, nil)
	backlogSeconds  = prometheus.NewDesc("pisano_backlog_seconds", "The time that one slot of a worker would need for the backlog.", nil, nil)
	pendingIndices  = prometheus.NewDesc("pisano_pending_indices", "Indices that were accepted and are neither calculated nor failed, counted up to 1,000.", nil, nil)
	pendingOldest   = prometheus.NewDesc("pisano_pending_oldest_seconds", "Time since the last submission of the pending index that waits longest, 0 without one.", nil, nil)
	recoveryLost    = prometheus.NewDesc("pisano_recovery_lost_values", "Values that were lost together with the cache and are not calculated again yet, counted up to 10,000.", nil, nil)
	recoverySeconds = prometheus.NewDesc("pisano_recovery_seconds", "The time that one slot of a worker would need for the lost values that are enqueued.", nil, nil)
	workersAlive    = prometheus.NewDesc("pisano_workers_alive", "Workers that have shown a sign of life lately.", nil, nil)
)

// Describe implements prometheus.Collector.
func (watched) Describe(descs chan<- *prometheus.Desc) {
	descs <- backlogIndices
	descs <- backlogSeconds
	descs <- pendingIndices
	descs <- pendingOldest
	descs <- recoveryLost
	descs <- recoverySeconds
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
		gauge(recoverySeconds, seen.Backlog.Recovery.Seconds())
	}
	if seen.Pending != nil {
		gauge(pendingIndices, float64(seen.Pending.Count))
		gauge(pendingOldest, seen.Pending.Oldest.Seconds())
	}
	if seen.Lost != nil {
		gauge(recoveryLost, float64(*seen.Lost))
	}
	if seen.Workers != nil {
		gauge(workersAlive, float64(len(seen.Workers)))
	}
}
