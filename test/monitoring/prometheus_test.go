package monitoring

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// folder has the files of Prometheus and Grafana.
func folder() string { return filepath.Join(testkit.Root(), "deploy/monitoring") }

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder(), name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// minute is what a minute of the rules takes in these tests.
const minute = 2 * time.Second

var durations = regexp.MustCompile(`(\[|for: )([0-9]+)m\b`)

// hasten returns rules in which each minute is a short one.
func hasten(rules []byte) []byte {
	return durations.ReplaceAllFunc(rules, func(found []byte) []byte {
		part := durations.FindSubmatch(found)
		minutes, _ := strconv.Atoi(string(part[2])) // they are digits
		return fmt.Appendf(nil, "%s%.0fs", part[1], (time.Duration(minutes) * minute).Seconds())
	})
}

// targets are the servers that the jobs of Prometheus measure, host:port or a URL, as containers reach them.
type targets map[string][]string

// prometheus is a Prometheus with the configuration of deploy/monitoring, but for its targets and its times.
type prometheus struct {
	t       *testing.T
	address string
	prober  *docker.Container // of the jobs front-door and certificate, if they have targets
}

// start starts a Prometheus. Jobs without targets have none.
func start(t *testing.T, servers targets) *prometheus {
	t.Helper()
	docker.LetRead(t, "deploy/monitoring")
	exporter := ""
	var prober *docker.Container
	if len(servers["front-door"])+len(servers["certificate"]) > 0 {
		prober = docker.Run(t, "--volume", folder()+":/etc/pisano:ro", docker.ServerImage(t, docker.BlackboxImage), "--config.file=/etc/pisano/blackbox.yml")
		exporter = prober.IP() + ":9115"
	}
	directory := t.TempDir()
	for name, text := range map[string][]byte{"prometheus.yml": configuration(t, servers, exporter), "alerts.yml": hasten(read(t, "alerts.yml"))} {
		file := filepath.Join(directory, name)
		if err := errors.Join(os.WriteFile(file, text, 0o644), os.Chmod(file, 0o644)); err != nil { // whatever the umask is
			t.Fatal(err)
		}
	}
	if err := os.Chmod(directory, 0o755); err != nil {
		t.Fatal(err)
	}
	container := docker.Run(t, "--publish", "127.0.0.1::9090", "--volume", directory+":/etc/pisano:ro", docker.ServerImage(t, docker.PrometheusImage),
		"--config.file=/etc/pisano/prometheus.yml", "--storage.tsdb.path=/prometheus")
	p := &prometheus{t, container.Address(9090), prober}
	for job, of := range servers {
		p.await(fmt.Sprintf("count(up{job=%q} == 1) == %d", job, len(of)))
	}
	return p
}

// configuration returns that of deploy/monitoring for other servers, which are measured each second.
func configuration(t *testing.T, servers targets, exporter string) []byte {
	t.Helper()
	var all map[string]any
	if err := yaml.Unmarshal(read(t, "prometheus.yml"), &all); err != nil {
		t.Fatal(err)
	}
	all["global"] = map[string]any{"scrape_interval": "1s", "evaluation_interval": "1s"}
	delete(all, "alerting")
	left := len(servers)
	for _, each := range all["scrape_configs"].([]any) {
		job := each.(map[string]any)
		delete(job, "dns_sd_configs")
		to := servers[job["job_name"].(string)]
		if len(to) > 0 {
			left--
		}
		job["static_configs"] = []any{map[string]any{"targets": to}}
		rules, _ := job["relabel_configs"].([]any) // not every job has them
		for _, rule := range rules {
			if rule := rule.(map[string]any); rule["replacement"] != nil {
				rule["replacement"] = exporter
			}
		}
	}
	if left > 0 {
		t.Fatalf("prometheus.yml does not have all jobs of %v", servers)
	}
	text, err := yaml.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// reachable returns host:port of a program as containers reach it.
func reachable(t *testing.T, p *pisano.Program) string {
	t.Helper()
	return net.JoinHostPort(docker.HostAddress(t), port(p))
}

func port(p *pisano.Program) string { return p.URL[strings.LastIndex(p.URL, ":")+1:] }

// await waits until an expression has a result.
func (p *prometheus) await(expression string) {
	p.t.Helper()
	testkit.AwaitResult(p.t, p.address, expression)
}

// alert is an alert that is pending or firing.
type alert struct {
	State               string
	Labels, Annotations map[string]string
}

func (p *prometheus) alerts() ([]alert, error) {
	var data struct{ Alerts []alert }
	err := testkit.AskPrometheus(p.t.Context(), p.address, "alerts", &data)
	return data.Alerts, err
}

// firing returns a check that an alert is raised, with this label.
func (p *prometheus) firing(name, label, value string) func() error {
	return func() error {
		all, err := p.alerts()
		for _, a := range all {
			if a.State == "firing" && a.Labels["alertname"] == name && a.Labels[label] == value {
				return nil
			}
		}
		return errors.Join(err, fmt.Errorf("%s is not raised, but %+v", name, all))
	}
}

// awaitAlert waits until an alert is raised, with this label.
func (p *prometheus) awaitAlert(name, label, value string) {
	p.t.Helper()
	took := testkit.Eventually(p.t, name, p.firing(name, label, value))
	p.t.Logf("%s was raised after %.0f s", name, took.Seconds())
}

// awaitEnd waits until an alert is neither raised nor pending.
func (p *prometheus) awaitEnd(name string) {
	p.t.Helper()
	testkit.Eventually(p.t, "the end of "+name, func() error {
		all, err := p.alerts()
		for _, a := range all {
			if a.Labels["alertname"] == name {
				err = fmt.Errorf("%s is %s", name, a.State)
			}
		}
		return err
	})
}
