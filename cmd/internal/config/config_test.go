package config_test

import (
	"log/slog"
	"math"
	"net/netip"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/cmd/internal/config"
	"github.com/pisano-dev/pisano/core"
)

func load(t *testing.T, environment ...string) config.Config {
	t.Helper()
	c, err := config.Load(environment, config.API)
	if err != nil {
		t.Fatalf("%q: %v", environment, err)
	}
	return c
}

// errorLines returns the lines of the error that an environment causes.
func errorLines(t *testing.T, environment ...string) []string {
	t.Helper()
	_, err := config.Load(environment, config.API)
	if err == nil {
		t.Fatalf("%q is accepted", environment)
	}
	return strings.Split(err.Error(), "\n")
}

func TestSettings_AllHaveDefaults(t *testing.T) {
	t.Parallel()
	for _, empty := range [][]string{nil, {"PORT=", "PISANO_DATA=", "PISANO_CACHE_BYTES=", "PISANO_MAX_INDEX=", "PISANO_MAX_BACKLOG=", "PISANO_MAX_STREAMS=", "PISANO_TRUSTED_PROXIES=", "PISANO_CONCURRENCY=", "LOG_LEVEL=", "LOG_FORMAT=", "PISANO_ENGINE=", "PISANO_RECOVERY=", "PISANO_RETAIN=", "DATABASE_URL=", "REDIS_URL="}} {
		c := load(t, empty...)
		if c.Port != 8080 || c.MaxIndex != 100_000_000 || c.Concurrency < 1 || c.LogLevel != slog.LevelInfo || c.LogFormat != "json" || c.Servers != nil || c.MaxBacklog != 10*time.Minute || c.MaxStreams != 4000 || c.Recovery != core.RecoverEagerly || len(c.TrustedProxies) > 0 {
			t.Errorf("with %q: %+v", empty, c)
		}
		if !filepath.IsAbs(c.Data) || filepath.Base(c.Data) != "pisano.db" {
			t.Errorf("with %q the data file is %s", empty, c.Data)
		}
	}
}

// GOMEMLIMIT is the limit of the runtime if it is set, also to off. Else that is what
// calculations may take; what PISANO_MEMORY says of them leaves out the API.
func TestSettings_LimitTheMemoryOfTheRuntimeUnlessGOMEMLIMITDoes(t *testing.T) {
	t.Parallel()
	servers := []string{"PGHOST=db", "REDIS_HOST=cache"}
	for name, test := range map[string]struct {
		program     config.Program
		environment []string
		want        int64
	}{
		"api on one file":               {config.API, []string{"PISANO_MEMORY=640MiB"}, 704 << 20},
		"api on one file, empty":        {config.API, []string{"PISANO_MEMORY=640MiB", "GOMEMLIMIT="}, 704 << 20},
		"api on one file, off":          {config.API, []string{"PISANO_MEMORY=640MiB", "GOMEMLIMIT=off"}, -1},
		"api on one file, limited":      {config.API, []string{"PISANO_MEMORY=640MiB", "GOMEMLIMIT=1GiB"}, -1},
		"api on one file, all there is": {config.API, []string{"PISANO_MEMORY=9223372036854775807"}, math.MaxInt64},
		"api on servers":                {config.API, append(servers, "PISANO_MEMORY=640MiB"), -1},
		"worker":                        {config.Worker, append(servers, "PISANO_MEMORY=640MiB"), 640 << 20},
		"worker, off":                   {config.Worker, append(servers, "PISANO_MEMORY=640MiB", "GOMEMLIMIT=off"), -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := config.Load(test.environment, test.program)
			if err != nil || c.MemoryLimit != test.want {
				t.Errorf("the limit is %d, %v, want %d", c.MemoryLimit, err, test.want)
			}
		})
	}
	for _, program := range []config.Program{config.API, config.Worker} {
		c, err := config.Load(nil, program)
		if err != nil || c.Memory > 0 && c.MemoryLimit != c.Memory {
			t.Errorf("by default the limit is %d, %v; calculations may take %d", c.MemoryLimit, err, c.Memory)
		}
	}
}

// Thousands of clients may be connected to an API on servers.
func TestSettings_GarbageCollectionAdaptsOnAnAPIUnlessGOGCIsSet(t *testing.T) {
	t.Parallel()
	servers := []string{"PGHOST=db", "REDIS_HOST=cache"}
	for name, test := range map[string]struct {
		program     config.Program
		environment []string
		percent     int
		adapts      bool
	}{
		"api on servers":         {config.API, servers, 100, true},
		"api on servers, GOGC":   {config.API, append(servers, "GOGC=100"), 100, false},
		"api on servers, no GC":  {config.API, append(servers, "GOGC=off"), -1, false},
		"api on one file":        {config.API, nil, 100, false},
		"api on one file, GOGC":  {config.API, []string{"GOGC=25"}, 25, false},
		"worker":                 {config.Worker, servers, 100, false},
		"program of one file":    {config.OneFile, nil, 100, false},
		"api on servers, empty":  {config.API, append(servers, "GOGC="), 100, true},
		"api on servers, blanks": {config.API, append(servers, "GOGC= 50 "), 50, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := config.Load(test.environment, test.program)
			if err != nil || c.GCPercent != test.percent || c.AdaptGC != test.adapts {
				t.Errorf("the percentage is %d and adapts: %t, %v, want %d and %t", c.GCPercent, c.AdaptGC, err, test.percent, test.adapts)
			}
		})
	}
}

// On servers only the front door reaches the API. On one file, who connects from
// this machine or its network is a client, and must not pass for others.
func TestSettings_TrustProxiesByDefaultOnServersOnly(t *testing.T) {
	t.Parallel()
	servers := load(t, "PGHOST=db", "REDIS_HOST=cache").TrustedProxies
	if !reflect.DeepEqual(servers, httpapi.PrivateNetworks()) || len(servers) < 5 {
		t.Errorf("on servers: %v", servers)
	}
	if oneFile := load(t).TrustedProxies; len(oneFile) > 0 {
		t.Errorf("on one file: %v", oneFile)
	}
}

func TestSettings_AreReadFromTheEnvironment(t *testing.T) {
	t.Parallel()
	c := load(t, "PORT=0", "PISANO_DATA=/tmp/x.db", "PISANO_CACHE_BYTES=512MiB", "PISANO_MAX_INDEX=5000", "PISANO_MAX_BACKLOG=90s", "PISANO_MAX_STREAMS=300", "PISANO_TRUSTED_PROXIES=10.0.0.0/8, ::1/128",
		"PISANO_CONCURRENCY=3", "PISANO_MEMORY=2GiB", "PISANO_RECOVERY=on-demand", "LOG_LEVEL=debug", "LOG_FORMAT=text", "PISANO_ACCESS_LOG=true", "OTHER=x")
	want := config.Config{
		Port: 0, Data: "/tmp/x.db", CacheBytes: 512 << 20, MaxIndex: 5000, MaxBacklog: 90 * time.Second, MaxStreams: 300, Concurrency: 3, Memory: 2 << 30, Recovery: core.RecoverOnDemand, LogLevel: slog.LevelDebug, LogFormat: "text", AccessLog: true, GCPercent: 100, MemoryLimit: 2<<30 + 64<<20,
		TrustedProxies: httpapi.TrustedProxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")},
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("%+v, want %+v", c, want)
	}
}

func TestSettings_EveryInvalidOneIsReportedOnce(t *testing.T) {
	t.Parallel()
	variables := []string{"PORT", "PISANO_MAX_INDEX", "PISANO_MAX_BACKLOG", "PISANO_MAX_STREAMS", "PISANO_TRUSTED_PROXIES", "PISANO_CONCURRENCY", "PISANO_RECOVERY", "LOG_LEVEL", "LOG_FORMAT"}
	for _, value := range []string{"nonsense", "-1", "99999999999999999999", "1.5"} {
		var environment []string
		for _, variable := range variables {
			environment = append(environment, variable+"="+value)
		}
		lines := errorLines(t, environment...)
		for _, variable := range variables {
			found := 0
			for _, line := range lines {
				if strings.HasPrefix(line, variable+" is ") {
					found++
				}
			}
			if found != 1 {
				t.Errorf("all set to %s, %s is named %d times in %q", value, variable, found, lines)
			}
		}
		if len(lines) != len(variables) {
			t.Errorf("all set to %s, there are %d errors: %q", value, len(lines), lines)
		}
	}
	if lines := errorLines(t, "PGHOST=db", "REDIS_HOST=cache", "REDIS_PORT=x", "REDIS_TLS=x"); len(lines) != 2 {
		t.Errorf("settings of Redis: %q", lines)
	}
	if lines := errorLines(t, "PORT=65536", "PISANO_MAX_INDEX=9007199254740992", "PISANO_MAX_BACKLOG=0s", "PISANO_CONCURRENCY=0", "PISANO_ENGINE=abacus"); len(lines) != 5 {
		t.Errorf("out of bounds: %q", lines)
	}
}

func TestServers_PostgresWithoutRedisOrTheReverseIsRefused(t *testing.T) {
	t.Parallel()
	for variable, missing := range map[string]string{
		"DATABASE_URL=postgres://db/pisano": "REDIS_URL", "PGHOST=db": "REDIS_URL",
		"REDIS_URL=redis://cache": "DATABASE_URL", "REDIS_HOST=cache": "DATABASE_URL",
	} {
		name, _, _ := strings.Cut(variable, "=")
		lines := errorLines(t, variable, "PORT=x")
		if len(lines) != 2 || !strings.HasPrefix(lines[1], name+" ") || !strings.Contains(lines[1], missing) {
			t.Errorf("%s: %q", variable, lines)
		}
	}
}

func TestServers_AreRefusedByTheProgramOfOneFile(t *testing.T) {
	t.Parallel()
	for _, variable := range []string{"DATABASE_URL=postgres://db/pisano", "PGHOST=db", "REDIS_URL=redis://cache"} {
		name, _, _ := strings.Cut(variable, "=")
		if _, err := config.Load([]string{variable}, config.OneFile); err == nil || !strings.HasPrefix(err.Error(), name+" ") {
			t.Errorf("%s: %v", variable, err)
		}
	}
	if c, err := config.Load([]string{"PGUSER=me", "PISANO_DATA=/data/pisano.db"}, config.OneFile); err != nil || c.Data != "/data/pisano.db" || c.Servers != nil {
		t.Errorf("on one file: %+v, %v", c, err)
	}
}

func TestData_IsAPathAndNotWhatOnlyAShellReads(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"~/pisano.db", "$HOME/pisano.db", `"/data/pisano.db"`, "'/data/pisano.db'", "file:pisano.db", "sqlite:///data/pisano.db"} {
		if lines := errorLines(t, "PISANO_DATA="+path); len(lines) != 1 || !strings.HasPrefix(lines[0], "PISANO_DATA ") {
			t.Errorf("%s: %q", path, lines)
		}
	}
	for _, path := range []string{"pisano.db", "./a~b$c.db", `C:\data\pisano.db`, "C:/data/pisano.db", "/data/10:00.db", "10:00.db"} {
		if got := load(t, "PISANO_DATA="+path).Data; got != path {
			t.Errorf("%s is read as %s", path, got)
		}
	}
}

func TestServers_AreReadFromTheirStandardVariables(t *testing.T) {
	t.Parallel()
	for _, environment := range [][]string{
		{"DATABASE_URL=postgres://db/pisano", "REDIS_URL=redis://cache"},
		{"PGHOST=db", "PGUSER=pisano", "REDIS_HOST=cache", "REDIS_PORT=6379"},
	} {
		if s := load(t, environment...).Servers; s == nil || strings.Join(s.Redis.Addrs, " ") != "cache:6379" || s.Redis.TLS != nil {
			t.Errorf("%q: %+v", environment, s)
		}
	}
	s := load(t, "PGHOST=db", "REDIS_URL=rediss://user:pass%40word@one:7000,two:7001/").Servers
	if s.Redis.TLS == nil || strings.Join(s.Redis.Addrs, " ") != "one:7000 two:7001" || s.Redis.Username != "user" || s.Redis.Password != "pass@word" {
		t.Errorf("%+v", s.Redis)
	}
}

func TestRedis_URLAndVariablesAreCombined(t *testing.T) {
	t.Parallel()
	s := load(t, "PGHOST=db", "REDIS_URL=redis://me@cache", "REDIS_PASSWORD=secret").Servers
	if s.Redis.Username != "me" || s.Redis.Password != "secret" {
		t.Errorf("URL and password: %+v", s.Redis)
	}
	s = load(t, "PGHOST=db", "REDIS_HOST=one,two:1", "REDIS_SENTINEL_MASTER=main").Servers
	if strings.Join(s.Redis.Addrs, " ") != "one:26379 two:1" {
		t.Errorf("Sentinels: %+v", s.Redis)
	}
	for setting, want := range map[string]string{
		"REDIS_HOST=::1":                                   "[::1]:6379",
		"REDIS_HOST=fe80::1%eth0":                          "[fe80::1%eth0]:6379",
		"REDIS_HOST=[fe80::1%eth0]:7000":                   "[fe80::1%eth0]:7000",
		"REDIS_URL=redis://[fe80::1%25eth0]:7000":          "[fe80::1%eth0]:7000",
		"REDIS_URL=redis://me:x%2523@[fe80::1%25eth0],::1": "[fe80::1%eth0]:6379 [::1]:6379",
	} {
		if s := load(t, "PGHOST=db", setting).Servers; strings.Join(s.Redis.Addrs, " ") != want {
			t.Errorf("%s: %+v, want %s", setting, s.Redis, want)
		}
	}
	for _, host := range []string{"fe80::1%", "fe80::1%a/b", "fe80::1%me@cache", "::1::"} {
		if lines := errorLines(t, "PGHOST=db", "REDIS_HOST="+host); len(lines) != 1 || !strings.HasPrefix(lines[0], "REDIS_HOST ") {
			t.Errorf("%s: %q", host, lines)
		}
	}
	if lines := errorLines(t, "PGHOST=db", "REDIS_URL=redis://cache/3", "REDIS_CLUSTER=true"); len(lines) != 1 {
		t.Errorf("a database of a Cluster: %q", lines)
	}
}

func TestErrors_NeverContainASecret(t *testing.T) {
	t.Parallel()
	for _, environment := range [][]string{
		{"DATABASE_URL=postgres://pisano:hunter2@db/pisano"},
		{"PGHOST=db", "PGPASSWORD=hunter2"},
		{"REDIS_URL=redis://:hunter2@cache"},
		{"REDIS_HOST=cache", "REDIS_PASSWORD=hunter2"},
		{"DATABASE_URL=postgres://pisano:hunter2@db:port/pisano", "REDIS_URL=redis://:hunter2@cache:port"},
		{"DATABASE_URL=postgres://pisano:hunter2%zz@db/pisano", "REDIS_URL=redis://:hunter2%zz@cache"},
		{"DATABASE_URL=pisano:hunter2@db", "REDIS_URL=hunter2@cache"},
		{"DATABASE_URL=postgres://pisano:hunter2@db/pisano?sslmode=hunter2", "REDIS_URL=redis://:hunter2@cache/hunter2"},
		{"DATABASE_URL=host=db password=hunter2 port=x", "REDIS_URL=http://:hunter2@cache"},
		{"PGHOST=db", "PGPASSWORD=hunter2", "PGPORT=hunter2", "REDIS_HOST=cache:hunter2", "REDIS_PORT=hunter2"},
		{"PGHOST=db", "REDIS_HOST=cache", "REDIS_TLS=hunter2", "REDIS_CLUSTER=hunter2"},
		{"PGHOST=db", "REDIS_HOST=redis://:hunter2@cache:6379"},
		{"PGHOST=db", "REDIS_HOST=:hunter2@cache"},
		{"PGHOST=db", "REDIS_URL=redis://cache?password=hunter2"},
		{"PGHOST=db", "REDIS_URL=redis://hunter2:12#34@cache"},
		{"PGHOST=db", "REDIS_URL=redis://:12#hunter2@cache"},
		{"DATABASE_URL_FILE=postgres://pisano:hunter2@db/pisano", "REDIS_HOST=cache"},
		{"PGHOST=db", "PGPASSWORD_FILE=hunter2", "PGSSLPASSWORD_FILE=./hunter2", "REDIS_HOST=cache"},
		{"PGHOST=db", "REDIS_URL_FILE=redis://:hunter2@cache"},
		{"PGHOST=db", "REDIS_HOST=cache", "REDIS_SENTINEL_MASTER=main", "REDIS_PASSWORD_FILE=hunter2", "REDIS_SENTINEL_PASSWORD_FILE=hunter2"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318", "OTEL_EXPORTER_OTLP_HEADERS_FILE=key=hunter2"},
	} {
		if text := strings.Join(errorLines(t, environment...), "\n"); strings.Contains(text, "hunter2") {
			t.Errorf("%q: %s", environment, text)
		}
	}
}

// What follows a # is not part of the authority of a URL, so the beginning of the
// password would be taken for the port.
func TestURL_NumberSignIsRefused(t *testing.T) {
	t.Parallel()
	for variable, urls := range map[string][]string{
		"REDIS_URL":    {"redis://me:12#34@cache", "redis://:12#34@cache:6379/1", "redis://cache#", "redis://cache/1#x"},
		"DATABASE_URL": {"postgres://me:12#34@db/pisano", "postgresql://me:12#34@db", "postgres://db/pisano#x"},
	} {
		otherServer := map[string]string{"REDIS_URL": "PGHOST=db", "DATABASE_URL": "REDIS_HOST=cache"}[variable]
		for _, url := range urls {
			lines := errorLines(t, otherServer, variable+"="+url)
			if text := strings.Join(lines, "\n"); len(lines) != 1 || !strings.Contains(text, variable) || !strings.Contains(text, "%23") || strings.Contains(text, "12") {
				t.Errorf("%s=%s: %q", variable, url, lines)
			}
		}
	}
}

func TestTracing_NeedsAValidCollector(t *testing.T) {
	t.Parallel()
	if load(t, "OTEL_EXPORTER_OTLP_ENDPOINT=", "OTEL_SERVICE_NAME=x", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc").Tracing {
		t.Error("traces are sent although no collector is named")
	}
	for _, variable := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"} {
		if !load(t, variable+"=https://collector:4318/otlp").Tracing {
			t.Errorf("no traces are sent with %s", variable)
		}
		for _, bad := range []string{"collector:4318", "hunter2", "http://", "http://user:hunter2%zz@collector", "grpc://user:hunter2@collector"} {
			lines := errorLines(t, variable+"="+bad)
			if len(lines) != 1 || !strings.HasPrefix(lines[0], variable+" is ") || strings.Contains(lines[0], "hunter2") {
				t.Errorf("%s=%s: %q", variable, bad, lines)
			}
		}
	}
	if lines := errorLines(t, "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"); len(lines) != 1 {
		t.Errorf("an unsupported protocol: %q", lines)
	}
}
