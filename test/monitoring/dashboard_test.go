package monitoring

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// Grafana itself is not run: a panel shows what Prometheus answers to its expressions.
func TestDashboard_HasDataForEachPanel(t *testing.T) {
	t.Parallel()
	var sources struct{ Datasources []struct{ UID string } }
	if err := yaml.Unmarshal(read(t, "grafana/datasources/prometheus.yml"), &sources); err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title, Type string
			Targets     []struct {
				Expr       string
				Datasource struct{ UID string }
			}
		}
	}
	if err := json.Unmarshal(read(t, "grafana/dashboards/pisano.json"), &dashboard); err != nil {
		t.Fatal(err)
	}

	redis := servers.StartRedis(t)
	settings := []string{"DATABASE_URL=" + servers.Postgres(t).NewDatabase(t), "REDIS_HOST=" + redis.Addr()}
	api, worker := pisano.Start(t, "api", settings...), pisano.Start(t, "worker", settings...)
	machine := docker.Run(t, "--tmpfs", "/data", docker.ServerImage(t, docker.NodeExporterImage))
	p := start(t, targets{
		"pisano-api": {reachable(t, api)}, "pisano-worker": {reachable(t, worker)}, "machine": {machine.IP() + ":9100"},
	})
	c := api.Client("")
	n := core.Index(0)
	background(t, func() {
		_, _ = c.TrySubmit(1_000_000 + n)
		_, _ = c.Do(http.MethodGet, "/indices", "")
		n++
	})
	redis.Restart() // calls of its ports fail meanwhile
	for _, panel := range dashboard.Panels {
		if panel.Type != "row" && len(panel.Targets) == 0 {
			t.Errorf("%s shows nothing", panel.Title)
		}
		for _, target := range panel.Targets {
			if target.Datasource.UID != sources.Datasources[0].UID {
				t.Errorf("%s asks the source %q", panel.Title, target.Datasource.UID)
			}
			p.await(strings.ReplaceAll(target.Expr, "$__rate_interval", "10s"))
		}
	}
}
