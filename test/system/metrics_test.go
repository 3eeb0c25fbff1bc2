package system

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// scrape reads the metrics of a process and returns the sum of all series of each metric by its name, and as "series" the number of
// series. The calls of a port also have sums of their own, such as "pisano_port_call_duration_seconds IndexStore.Lookup".
func scrape(t *testing.T, p *pisano.Program) map[string]float64 {
	t.Helper()
	text := p.Client("").Want(http.StatusOK, http.MethodGet, "/metrics", "").Text
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	sums := make(map[string]float64)
	for name, family := range families {
		sums["series"] += float64(len(family.GetMetric()))
		for _, m := range family.GetMetric() {
			value := m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
			sums[name] += value
			if port := label(m, "port"); port != "" {
				sums[name+" "+port+"."+label(m, "call")] += value
			}
		}
	}
	return sums
}

// label returns the value of a label of a series, "" without the label.
func label(m *dto.Metric, name string) string {
	for _, pair := range m.GetLabel() {
		if pair.GetName() == name {
			return pair.GetValue()
		}
	}
	return ""
}

func TestMetrics_AreWellFormedAndCountWhatHappened(t *testing.T) {
	t.Parallel()
	file := "PISANO_DATA=" + filepath.Join(t.TempDir(), "pisano.db")
	api := pisano.Start(t, "api", file)
	worker := pisano.Start(t, "worker", file)
	c := api.Client("/api")
	c.MustSubmit(100, 200, 300)
	c.AwaitAll(3)

	for _, p := range []*pisano.Program{api, worker} {
		text := p.Client("").Want(http.StatusOK, http.MethodGet, "/metrics", "").Text
		problems, err := promlint.New(strings.NewReader(text)).Lint()
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range problems {
			t.Errorf("%s: %s: %s", p.Name, problem.Metric, problem.Text)
		}
		p.Client("").Want(http.StatusMethodNotAllowed, http.MethodPost, "/metrics", "")
	}
	ofAPI, ofWorker := scrape(t, api), scrape(t, worker)
	for _, sums := range []map[string]float64{ofAPI, ofWorker} {
		for _, name := range []string{"pisano_build_info", "go_goroutines", "process_resident_memory_bytes", "pisano_port_call_duration_seconds"} {
			if sums[name] < 1 {
				t.Errorf("%s is %v", name, sums[name])
			}
		}
	}
	if ofAPI["pisano_submissions_total"] != 3 || ofAPI["pisano_http_request_duration_seconds"] < 2 {
		t.Errorf("submissions %v, requests %v", ofAPI["pisano_submissions_total"], ofAPI["pisano_http_request_duration_seconds"])
	}
	testkit.Eventually(t, "two workers, of which the api is one, and an empty backlog", testkit.True(func() bool {
		sums := scrape(t, api)
		return sums["pisano_workers_alive"] == 2 && sums["pisano_backlog_indices"] == 0
	}))
	if done := ofAPI["pisano_calculation_duration_seconds"] + ofWorker["pisano_calculation_duration_seconds"]; done != 3 {
		t.Errorf("%v calculations", done)
	}
	c.Want(http.StatusNotFound, http.MethodGet, "/api/metrics", "")
}
