package monitoring

import (
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// promtool runs the checker of Prometheus on the files.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	docker.LetRead(t, "deploy/monitoring", "test/monitoring/testdata")
	cases, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"run", "--rm", "--pull", "never", "--label", docker.OwnerLabel(t), "--volume", folder() + ":/etc/pisano:ro",
		"--volume", cases + ":/cases:ro", "--entrypoint", "promtool", docker.ServerImage(t, docker.PrometheusImage)}, args...)
	if out, err := docker.Try(t.Context(), "docker", args...); err != nil {
		t.Errorf("%s\n%v", out, err)
	}
}

func TestRules_AreValidAndFireExactlyWhenTheyShould(t *testing.T) {
	t.Parallel()
	promtool(t, "check", "config", "/etc/pisano/prometheus.yml")
	promtool(t, "test", "rules", "/cases/alerts.yml")
}

func TestRules_EachIsExplained(t *testing.T) {
	t.Parallel()
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert       string
				Labels      struct{ Severity string }
				Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(read(t, "alerts.yml"), &rules); err != nil {
		t.Fatal(err)
	}
	operations := string(read(t, "../../docs/operations.md"))
	runbook := "https://github.com/pisano-dev/pisano/blob/master/docs/operations.md#alerts"
	if !strings.Contains(operations, "\n## Alerts\n") {
		t.Error("docs/operations.md has no section Alerts")
	}
	documented := strings.Count(operations, "\n| `Pisano")
	for _, rule := range rules.Groups[0].Rules {
		if !strings.Contains(operations, "\n| `"+rule.Alert+"` | "+rule.Labels.Severity+" |") {
			t.Errorf("docs/operations.md does not have the alert %s with its severity", rule.Alert)
		}
		if rule.Annotations["runbook_url"] != runbook || rule.Annotations["summary"] == "" {
			t.Errorf("%s is annotated with %v", rule.Alert, rule.Annotations)
		}
	}
	if got := len(rules.Groups[0].Rules); documented != got {
		t.Errorf("docs/operations.md has %d alerts, of %d", documented, got)
	}
}
