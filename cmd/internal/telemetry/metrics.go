package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/pisano-dev/pisano/core/fibonacci"
)

// metrics are the metrics of a program. No label takes values that a client can
// choose: a series for each index would overwhelm Prometheus.
type metrics struct {
	requests     *prometheus.HistogramVec // route, method, status
	eventStreams prometheus.Gauge

	portCalls *prometheus.HistogramVec // port, call, outcome

	submissions prometheus.Counter
	failed      prometheus.Counter
	claims      prometheus.Counter
	claimsLost  prometheus.Counter
	requeued    prometheus.Counter

	calculations *prometheus.HistogramVec // outcome
	running      prometheus.Gauge
	digits       prometheus.Histogram
}

func newMetrics(registry *prometheus.Registry, program string) *metrics {
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	make := promauto.With(registry)
	release, from := build()
	make.NewGauge(prometheus.GaugeOpts{
		Name:        "pisano_build_info",
		Help:        "Always 1; the labels say which program this is, what it was built from and which engine calculates.",
		ConstLabels: prometheus.Labels{"program": program, "version": release, "revision": from, "engine": fibonacci.Engine()},
	}).Set(1)
	return &metrics{
		requests: make.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "pisano_http_request_duration_seconds",
			Help:    "HTTP requests answered. Streams of events, and answers held for a client that prefers to wait, last as long as they are held.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"route", "method", "status"}),
		eventStreams: make.NewGauge(prometheus.GaugeOpts{
			Name: "pisano_http_event_streams",
			Help: "Open streams of events.",
		}),
		portCalls: make.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "pisano_port_call_duration_seconds",
			Help:    "Calls of the stores, the queue, the registry of workers and the events.",
			Buckets: prometheus.ExponentialBuckets(.00025, 4, 9),
		}, []string{"port", "call", "outcome"}),
		submissions: make.NewCounter(prometheus.CounterOpts{
			Name: "pisano_submissions_total",
			Help: "Indices submitted and recorded, each as often as it was submitted.",
		}),
		failed: make.NewCounter(prometheus.CounterOpts{
			Name: "pisano_indices_failed_total",
			Help: "Indices whose calculation failed for good.",
		}),
		claims: make.NewCounter(prometheus.CounterOpts{
			Name: "pisano_claims_total",
			Help: "Indices taken from the queue.",
		}),
		claimsLost: make.NewCounter(prometheus.CounterOpts{
			Name: "pisano_claims_lost_total",
			Help: "Claims lost to another worker during the calculation.",
		}),
		requeued: make.NewCounter(prometheus.CounterOpts{
			Name: "pisano_requeued_total",
			Help: "Indices that the reconciler enqueued again.",
		}),
		calculations: make.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "pisano_calculation_duration_seconds",
			Help:    "Finished calculations, by outcome.",
			Buckets: prometheus.ExponentialBuckets(.0001, 4, 12),
		}, []string{"outcome"}),
		running: make.NewGauge(prometheus.GaugeOpts{
			Name: "pisano_calculations_running",
			Help: "Calculations in progress.",
		}),
		digits: make.NewHistogram(prometheus.HistogramOpts{
			Name:    "pisano_calculation_digits",
			Help:    "Decimal digits of the values calculated.",
			Buckets: prometheus.ExponentialBuckets(10, 10, 9),
		}),
	}
}
