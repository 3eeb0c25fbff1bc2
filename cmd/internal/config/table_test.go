package config_test

import (
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/cmd/internal/config"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/settingstable"
)

// A row is the effect of a variable: with value, the setting that of returns is
// want; the value refused is an error.
type row struct {
	value       string
	environment []string // the rest of the environment
	of          func(config.Config) any
	want        any
	refused     string // "" if every value is accepted
}

func rows() map[string]row {
	redis := []string{"PGHOST=db", "REDIS_HOST=cache"}
	sentinel := append(slices.Clone(redis), "REDIS_SENTINEL_MASTER=main")
	addrs := func(c config.Config) any { return strings.Join(c.Servers.Redis.Addrs, " ") }
	return map[string]row{
		"PORT":                   {"7", nil, func(c config.Config) any { return c.Port }, 7, "tcp://10.0.0.1:80"},
		"PISANO_DATA":            {"/tmp/x.db", nil, func(c config.Config) any { return c.Data }, "/tmp/x.db", "~/x.db"},
		"PISANO_CACHE_BYTES":     {"2GiB", nil, func(c config.Config) any { return c.CacheBytes }, int64(2 << 30), "1KiB"},
		"PISANO_MAX_INDEX":       {"7", nil, func(c config.Config) any { return c.MaxIndex }, int64(7), "0"},
		"PISANO_MAX_BACKLOG":     {"7m", nil, func(c config.Config) any { return c.MaxBacklog }, 7 * time.Minute, "7"},
		"PISANO_MAX_STREAMS":     {"7", nil, func(c config.Config) any { return c.MaxStreams }, 7, "0"},
		"PISANO_TRUSTED_PROXIES": {"10.0.0.0/8", nil, func(c config.Config) any { return fmt.Sprint(c.TrustedProxies) }, "[10.0.0.0/8]", "load-balancer"},
		"PISANO_CONCURRENCY":     {"7", nil, func(c config.Config) any { return c.Concurrency }, 7, "0"},
		"PISANO_MEMORY":          {"2GiB", nil, func(c config.Config) any { return c.Memory }, int64(2 << 30), "2GB"},
		"PISANO_ENGINE":          {"purego", nil, func(c config.Config) any { return c.Engine }, "purego", "abacus"},
		"PISANO_RECOVERY":        {"on-demand", nil, func(c config.Config) any { return c.Recovery }, core.RecoverOnDemand, "never"},
		"PISANO_RETAIN":          {"2160h", nil, func(c config.Config) any { return c.Retain }, 90 * 24 * time.Hour, "23h"},
		"LOG_LEVEL":              {"warn", nil, func(c config.Config) any { return c.LogLevel.String() }, "WARN", "loud"},
		"LOG_FORMAT":             {"text", nil, func(c config.Config) any { return c.LogFormat }, "text", "xml"},
		"PISANO_ACCESS_LOG":      {"true", nil, func(c config.Config) any { return c.AccessLog }, true, "maybe"},
		"GOGC":                   {"off", nil, func(c config.Config) any { return c.GCPercent }, -1, "some"},
		"GOMAXPROCS":             {"3", nil, func(c config.Config) any { return c.Concurrency }, 3, "-1"},

		"REDIS_URL":               {"redis://cache:7000/3", redis[:1], func(c config.Config) any { return c.Servers.Redis.DB }, 3, "http://cache"},
		"REDIS_HOST":              {"one,two:1", redis[:1], addrs, "one:6379 two:1", "tcp://cache"},
		"REDIS_PORT":              {"7000", redis, addrs, "cache:7000", "70000"},
		"REDIS_USERNAME":          {"me", redis, func(c config.Config) any { return c.Servers.Redis.Username }, "me", ""},
		"REDIS_PASSWORD":          {" x", redis, func(c config.Config) any { return c.Servers.Redis.Password }, " x", ""},
		"REDIS_TLS":               {"true", redis, func(c config.Config) any { return c.Servers.Redis.TLS != nil }, true, "maybe"},
		"REDIS_CLUSTER":           {"true", redis, func(c config.Config) any { return c.Servers.Redis.Cluster }, true, "maybe"},
		"REDIS_SENTINEL_MASTER":   {"main", redis, addrs, "cache:26379", ""},
		"REDIS_SENTINEL_USERNAME": {"me", sentinel, func(c config.Config) any { return c.Servers.Redis.SentinelUsername }, "me", ""},
		"REDIS_SENTINEL_PASSWORD": {"x", sentinel, func(c config.Config) any { return c.Servers.Redis.SentinelPassword }, "x", ""},
		"REDIS_PREFIX":            {"mine", redis, func(c config.Config) any { return c.Servers.Redis.Prefix }, "mine", "{mine}"},
		"DATABASE_URL":            {"postgres://db/x", []string{"REDIS_HOST=cache"}, func(c config.Config) any { return c.Servers.Postgres }, "postgres://db/x", "mysql://db/x"},
	}
}

// runtimeCases are the variables that the Go runtime and its packages read, each
// with a test that shows its effect.
func runtimeCases(t *testing.T) map[string]func(t *testing.T) {
	t.Helper()
	folder := t.TempDir()
	proxied := func(variable, url, method string) func(*testing.T) {
		return func(t *testing.T) {
			var requests atomic.Int64
			proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if r.Method == method {
					requests.Add(1)
				}
			}))
			defer proxy.Close()
			child(t, variable+"="+proxy.URL+"\r\n", requestMarker+"="+url)
			if requests.Load() != 1 {
				t.Errorf("%s is not used for %s", variable, url)
			}
			child(t, variable+"="+proxy.URL, requestMarker+"="+url, "NO_PROXY=collector.invalid\n")
			if requests.Load() != 1 {
				t.Error("NO_PROXY is ignored")
			}
		}
	}
	trusted := func(variable string) func(*testing.T) {
		return func(t *testing.T) {
			server := httptest.NewTLSServer(http.NotFoundHandler())
			defer server.Close()
			authorities := filepath.Join(t.TempDir(), "authorities")
			if err := os.Mkdir(authorities, 0o700); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(authorities, "ca.pem")
			if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
				t.Fatal(err)
			}
			if variable == "SSL_CERT_DIR" {
				path = authorities
			}
			r, stderr := child(t, variable+"="+path+"\r\n", requestMarker+"="+server.URL)
			if r.Answer != "404 Not Found" {
				t.Errorf("%s %s", r.Answer, stderr)
			}
		}
	}
	data := func(environment, want string) func(*testing.T) {
		return func(t *testing.T) {
			if r, _ := child(t, environment); r.Data != want {
				t.Errorf("the file is %s, want %s", r.Data, want)
			}
		}
	}
	return map[string]func(*testing.T){
		"HTTP_PROXY":     proxied("HTTP_PROXY", "http://collector.invalid/", http.MethodGet),
		"HTTPS_PROXY":    proxied("HTTPS_PROXY", "https://collector.invalid/", http.MethodConnect),
		"NO_PROXY":       proxied("HTTP_PROXY", "http://collector.invalid/", http.MethodGet),
		"SSL_CERT_FILE":  trusted("SSL_CERT_FILE"),
		"SSL_CERT_DIR":   trusted("SSL_CERT_DIR"),
		"HOME":           data("HOME="+folder+"\n", folder+"/.local/state/pisano/pisano.db"),
		"XDG_STATE_HOME": data("XDG_STATE_HOME="+folder+" \r\n", folder+"/pisano/pisano.db"),
		"GOMEMLIMIT": func(t *testing.T) {
			if r, _ := child(t, "GOMEMLIMIT=64MiB"); r.MemoryLimit != 64<<20 {
				t.Errorf("the limit is %d", r.MemoryLimit)
			}
			if _, stderr := child(t, "GOMEMLIMIT=64MiB\n"); !strings.Contains(stderr, "GOMEMLIMIT") {
				t.Errorf("a limit with a line end: %q", stderr)
			}
		},
	}
}

func TestTable_DescribesEachVariable(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*testing.T){}
	for variable, r := range rows() {
		cases[variable] = func(t *testing.T) {
			if got := r.of(load(t, append(slices.Clone(r.environment), variable+"="+r.value)...)); got != r.want {
				t.Errorf("%v, want %v", got, r.want)
			}
			if r.refused == "" {
				return
			}
			lines := errorLines(t, append(slices.Clone(r.environment), variable+"="+r.refused)...)
			if len(lines) != 1 || !strings.HasPrefix(lines[0], variable+" ") {
				t.Errorf("%s is refused with %q", r.refused, lines)
			}
		}
	}
	for variable, test := range runtimeCases(t) {
		cases[variable] = test
	}
	for _, variable := range nginxVariables {
		cases[variable] = func(t *testing.T) { checkNginxVariable(t, variable) }
	}
	settingstable.Check(t, cases, func(variable string) bool {
		return !strings.HasPrefix(variable, "PG") && !strings.HasPrefix(variable, "OTEL_") // see adapters/postgres and telemetry
	})
	for variable, test := range cases {
		t.Run(variable, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// nginxVariables are the variables of the front door. The tests of the front door
// set them.
var nginxVariables = []string{"API_UPSTREAM", "CLIENT_UPSTREAM", "PISANO_SUBMISSION_RATE", "PISANO_SUBMISSION_BURST", "PISANO_EXPLORER_RATE", "PISANO_EXPLORER_BURST", "PISANO_MAX_OPEN_REQUESTS", "PISANO_CACHE_SIZE"}

func checkNginxVariable(t *testing.T, variable string) {
	t.Helper()
	entrypoint, err := os.ReadFile("../../../nginx/entrypoint")
	if err != nil || !strings.Contains(string(entrypoint), "${"+variable+":-") {
		t.Errorf("nginx/entrypoint does not read %s, %v", variable, err)
	}
	tests, err := filepath.Glob("../../../test/frontdoor/*_test.go")
	for _, path := range tests {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(source), `"`+variable+`=`) {
			return
		}
	}
	t.Errorf("no test of nginx sets %s, %v", variable, err)
}

func TestTable_ListsEveryVariableInTheSources(t *testing.T) {
	t.Parallel()
	documented := settingstable.Variables(t)
	name := regexp.MustCompile(`"((?:PISANO|REDIS|DATABASE|LOG|OTEL|PG|GO|SSL)[A-Z_]*[A-Z])"|(?:Getenv|LookupEnv)\("(\w+)"\)`)
	found := 0
	for _, folder := range []string{"..", "../../../adapters", "../../api", "../../worker"} {
		err := filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "misspelled.go") {
				return err
			}
			source, err := os.ReadFile(path)
			for _, match := range name.FindAllStringSubmatch(string(source), -1) {
				found++
				if variable := match[1] + match[2]; !slices.Contains(documented, variable) {
					t.Errorf("%s: docs/settings.md does not list %s", path, variable)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < len(rows()) {
		t.Errorf("%d variables found in the sources", found)
	}
}

// People copy these files, so they must not set a variable that nothing reads.
func TestComposeFiles_SetOnlyVariablesThatAreRead(t *testing.T) {
	t.Parallel()
	documented := settingstable.Variables(t)
	others := []string{ // of Compose, servers and development
		"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "REDISCLI_AUTH", "REDIS_MAXMEMORY", "PISANO_PORT",
		"COMPOSE_PROFILES", "PISANO_SITE", "PISANO_POLL", "PISANO_REGISTRY", "PISANO_TAG",
	}
	setting := regexp.MustCompile(`(?m)^[# ]*([A-Z][A-Z0-9_]+)(?:: |:$|=)`)
	for _, path := range []string{".env.example", "docker-compose.yml", "docker-compose.production.yml"} {
		text, err := os.ReadFile(filepath.Join("../../..", path))
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range setting.FindAllStringSubmatch(string(text), -1) {
			isImage := strings.HasSuffix(match[1], "_IMAGE") // a build argument
			isGrafana := strings.HasPrefix(match[1], "GF_")  // documented there
			if !isImage && !isGrafana && !slices.Contains(documented, match[1]) && !slices.Contains(others, match[1]) {
				t.Errorf("%s sets %s, which docs/settings.md does not list", path, match[1])
			}
		}
	}
}
