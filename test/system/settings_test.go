package system

import (
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// serviceLinks are the variables that Kubernetes sets for services called redis, postgres and pisano.
var serviceLinks = []string{
	"REDIS_PORT=tcp://10.0.0.11:6379", "REDIS_SERVICE_HOST=10.0.0.11", "REDIS_SERVICE_PORT=6379", "REDIS_PORT_6379_TCP=tcp://10.0.0.11:6379",
	"REDIS_PORT_6379_TCP_ADDR=10.0.0.11", "POSTGRES_PORT=tcp://10.0.0.12:5432", "PISANO_PORT=tcp://10.0.0.13:80", "PISANO_SERVICE_HOST=10.0.0.13",
}

func TestSettings_AreReadFromFilesAndWithLineBreaks(t *testing.T) {
	t.Parallel()
	redis := servers.StartRedisSentinel(t)
	database, err := url.Parse(servers.Postgres(t).NewDatabase(t))
	if err != nil {
		t.Fatal(err)
	}
	host, port, err := net.SplitHostPort(database.Host)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := database.User.Password()
	folder := t.TempDir()
	secret := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	traces := newSpans(t)
	settings := append([]string{
		"PGHOST=" + host + "\n", "PGPORT=" + port + "\r\n", "PGUSER= " + database.User.Username() + "\n", "PGDATABASE=" + database.Path[1:] + "\r\n",
		"PGSSLMODE=verify-full\n", "PGSSLROOTCERT=" + servers.Postgres(t).CAFile() + "\r\n", "PGPASSWORD_FILE=" + secret("postgres", password+"\r\n") + "\n",
		"REDIS_HOST=" + redis.Sentinel.Addr() + "\r\n", "REDIS_SENTINEL_MASTER=" + redis.Master + "\n", "REDIS_TLS=false\n",
		"REDIS_PASSWORD_FILE=" + secret("redis", redis.Password+"\n"),
		"REDIS_SENTINEL_USERNAME=" + redis.SentinelUsername + "\n", "REDIS_SENTINEL_PASSWORD_FILE=" + secret("sentinel", "\ufeff"+redis.SentinelPassword+"\n"),
		"OTEL_EXPORTER_OTLP_ENDPOINT=" + traces.url + "\r\n", "OTEL_BSP_SCHEDULE_DELAY=50\n", "OTEL_TRACES_SAMPLER=always_on\r\n",
		"LOG_LEVEL=info\r\n", "LOG_FORMAT=json\n", "PORT=0\n", "PISANO_CONCURRENCY=2\r\n", "GOGC=50\n",
	}, serviceLinks...)
	api := pisano.Start(t, "api", settings...)
	worker := pisano.Start(t, "worker", settings...)
	c := api.Client("")
	c.MustSubmit(1234)
	testkit.Eventually(t, "the value", c.Is(1234, "calculated"))
	c.WantRight(1234)
	for _, service := range []string{"pisano-api", "pisano-worker"} {
		testkit.Eventually(t, "a trace of "+service, testkit.True(func() bool {
			traces.mu.Lock()
			defer traces.mu.Unlock()
			return len(traces.byService[service]) > 0
		}))
	}
	for _, p := range []*pisano.Program{api, worker} {
		if log := p.Tail(); strings.Contains(log, password) || strings.Contains(log, redis.Password) || strings.Contains(log, redis.SentinelPassword) {
			t.Errorf("%s logs a password", p.Name)
		}
	}
}

func TestSettings_IgnoreServiceLinksOfKubernetes(t *testing.T) {
	t.Parallel()
	p := pisano.Start(t, "api", append([]string{"PISANO_DATA=" + t.TempDir() + "/pisano.db\r\n", "REDIS_TLS=nonsense", "PGSSLMODE=nonsense", "PISANO_MAXINDEX=7"}, serviceLinks...)...)
	if log := p.Tail(); !strings.Contains(log, "PISANO_MAXINDEX is not a setting") || strings.Contains(log, "SERVICE_HOST") || strings.Contains(log, "REDIS_PORT") {
		t.Errorf("the warnings are not those of the misspelling alone:\n%s", log)
	}
	c := p.Client("/api")
	c.MustSubmit(10)
	testkit.Eventually(t, "the value", c.Is(10, "calculated"))

	_, port, _ := net.SplitHostPort(strings.TrimPrefix(p.URL, "http://"))
	health := exec.CommandContext(t.Context(), pisano.Path("api"), "health")
	health.Env = []string{"PORT=" + port + "\n", "LOG_LEVEL=nonsense", "REDIS_HOST=alone"}
	if output, err := health.CombinedOutput(); err != nil {
		t.Errorf("health judges what it does not use: %v, %s", err, output)
	}
}

func TestSettings_AreRefusedWithEveryFault(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"api", "worker"} {
		p := pisano.Launch(t, program, "DATABASE_URL=postgres://pisano:hunter2@db/pisano?schema=public&pgbouncer=true&sslcrl=x", "REDIS_HOST=cache",
			"REDIS_PASSWORD=hunter2", "REDIS_PASSWORD_FILE=/hunter2", "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318", "OTEL_EXPORTER_OTLP_CERTIFICATE=/missing", "LOG_LEVEL=loud", "PORT=tcp://x")
		text := p.WantExit(2, "schema in DATABASE_URL", "search_path", "pgbouncer in DATABASE_URL", "sslcrl in DATABASE_URL",
			"REDIS_PASSWORD_FILE", "OTEL_EXPORTER_OTLP_CERTIFICATE", "LOG_LEVEL", "PORT")
		if strings.Contains(strings.ReplaceAll(text, "/hunter2", ""), "hunter2") {
			t.Errorf("%s shows a password:\n%s", program, text)
		}
	}
}
