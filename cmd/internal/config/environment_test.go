package config_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/cmd/internal/config"
)

// onServers names both servers.
var onServers = []string{"DATABASE_URL=postgres://pisano@db/pisano", "REDIS_URL=redis://cache"}

func TestServiceLinks_AreIgnored(t *testing.T) {
	t.Parallel()
	links := []string{
		"REDIS_PORT=tcp://10.0.0.11:6379", "REDIS_SERVICE_HOST=10.0.0.11", "REDIS_SERVICE_PORT=6379", "REDIS_SERVICE_PORT_REDIS=6379",
		"REDIS_PORT_6379_TCP=tcp://10.0.0.11:6379", "REDIS_PORT_6379_TCP_PROTO=tcp", "REDIS_PORT_6379_TCP_PORT=6379", "REDIS_PORT_6379_TCP_ADDR=10.0.0.11",
		"REDIS_TLS_PORT=tcp://10.0.0.12:6379", "REDIS_URL_SERVICE_HOST=10.0.0.13", "REDIS_SENTINEL_PORT=tcp://10.0.0.14:26379",
		"PISANO_PORT=tcp://10.0.0.15:80", "PISANO_SERVICE_HOST=10.0.0.15", "PISANO_DATA_SERVICE_HOST=10.0.0.16", "PISANO_DATA_PORT=udp://10.0.0.16:53",
		"POSTGRES_PORT=tcp://10.0.0.17:5432", "DATABASE_PORT=tcp://10.0.0.17:5432",
	}
	for mode, environment := range map[string][]string{
		"one file": nil, "URL": onServers, "host": {"PGHOST=db", "REDIS_HOST=redis"},
	} {
		for _, program := range []config.Program{config.API, config.Worker} {
			with, err := config.Load(append(slices.Clone(links), environment...), program)
			if err != nil {
				t.Errorf("%s: %v", mode, err)
			}
			without, err := config.Load(environment, program)
			if err != nil || !reflect.DeepEqual(with, without) {
				t.Errorf("%s: %+v with service links, %+v without, %v", mode, with, without, err)
			}
		}
	}
}

// A variable is checked only in the programs and modes that use it.
func TestSettings_UnusedOnesAreNotChecked(t *testing.T) {
	t.Parallel()
	nonsense := func(names ...string) (environment []string) {
		for _, name := range names {
			environment = append(environment, name+"=nonsense://")
		}
		return environment
	}
	redis := nonsense("REDIS_PORT", "REDIS_TLS", "REDIS_CLUSTER", "REDIS_SENTINEL_PASSWORD_FILE", "REDIS_PASSWORD_FILE")
	postgres := nonsense("PGPORT", "PGSSLMODE", "PGUSER", "PGPASSWORD_FILE", "PGCONNECT_TIMEOUT", "PGSSLROOTCERT", "PGSSLCRL")
	traces := nonsense("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_TRACES_SAMPLER", "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_EXPORTER_OTLP_HEADERS_FILE", "OTEL_EXPORTER_OTLP_CERTIFICATE")
	api := nonsense("PISANO_MAX_INDEX", "PISANO_MAX_BACKLOG", "PISANO_MAX_STREAMS", "PISANO_TRUSTED_PROXIES")
	for name, c := range map[string]struct {
		program     config.Program
		environment []string
	}{
		"one file":              {config.API, slices.Concat(redis, postgres, traces)},
		"one file, worker":      {config.Worker, slices.Concat(redis, postgres, traces, api)},
		"servers":               {config.API, slices.Concat(onServers, traces, nonsense("PISANO_CONCURRENCY", "REDIS_PORT", "REDIS_SENTINEL_PASSWORD_FILE"))},
		"servers, worker":       {config.Worker, slices.Concat(onServers, traces, api)},
		"disabled":              {config.API, append(traces, "OTEL_EXPORTER_OTLP_ENDPOINT=grpc://x", "OTEL_SDK_DISABLED=true")},
		"traces apart":          {config.API, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=grpc://x", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://x:1", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/json"}},
		"sampler without a use": {config.API, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://x:1", "OTEL_TRACES_SAMPLER=always_on", "OTEL_TRACES_SAMPLER_ARG=nonsense"}},
	} {
		if _, err := config.Load(c.environment, c.program); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if port, err := config.Port([]string{"PORT=7", "LOG_LEVEL=nonsense", "REDIS_HOST=x"}, config.API); err != nil || port != 7 {
		t.Errorf("the port alone: %d, %v", port, err)
	}
}

func TestSettings_SurroundingBlanksAreRemoved(t *testing.T) {
	t.Parallel()
	plain := []string{
		"PORT=7", "LOG_LEVEL=debug", "LOG_FORMAT=text", "GOGC=50", "GOMAXPROCS=2", "PISANO_MAX_INDEX=5", "PISANO_MAX_BACKLOG=7s", "PISANO_MAX_STREAMS=7", "PISANO_TRUSTED_PROXIES=10.0.0.0/8",
		"DATABASE_URL=postgres://pisano@db/pisano", "REDIS_HOST=one,two", "REDIS_PORT=7000", "REDIS_USERNAME=me", "REDIS_PASSWORD=secret", "REDIS_TLS=true",
		"REDIS_SENTINEL_MASTER=main", "REDIS_SENTINEL_USERNAME=me", "REDIS_SENTINEL_PASSWORD=secret", "REDIS_PREFIX=mine",
		"OTEL_EXPORTER_OTLP_ENDPOINT=https://collector:4318", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_BSP_MAX_QUEUE_SIZE=5000", "OTEL_TRACES_SAMPLER=always_on",
	}
	want := load(t, plain...)
	for _, end := range []string{"\n", "\r\n", "\n\n"} {
		var environment []string
		for _, entry := range plain {
			environment = append(environment, entry+end)
		}
		if got := load(t, environment...); !reflect.DeepEqual(got, want) {
			t.Errorf("with %q after each value: %+v, want %+v", end, got, want)
		}
	}
	if got := load(t, "PISANO_DATA= \t/tmp/x.db \r\n"); got.Data != "/tmp/x.db" {
		t.Errorf("the file is %q", got.Data)
	}
	if got := load(t, "PGHOST=db", "REDIS_HOST= cache ", "REDIS_PASSWORD= with blanks \r\n"); got.Servers.Redis.Password != " with blanks " {
		t.Errorf("the password is %q", got.Servers.Redis.Password)
	}
	if got := load(t, "DATABASE_URL=\r\n", "REDIS_URL= ", "PORT=\n"); got.Servers != nil || got.Port != 8080 {
		t.Errorf("blank values count as set: %+v", got)
	}
}

// The libraries read these variables themselves.
func TestEnvironment_OfTheProcessHasTheCleanedValues(t *testing.T) {
	t.Parallel()
	path := write(t, "hunter2 \n")
	r, _ := child(t, "PGHOST=db\r\n", "PGPASSWORD_FILE="+path+"\n", "PGSSLMODE=require\n", "PGSSLCERTMODE=", "PGAPPNAME= me\t", "PGSSLPASSWORD= x \n", "REDIS_HOST=cache\n",
		"OTEL_EXPORTER_OTLP_ENDPOINT=https://collector\r\n", "OTEL_EXPORTER_OTLP_INSECURE=true", "OTEL_EXPORTER_OTLP_HEADERS_FILE="+write(t, "\ufeffkey=value\r\n"),
		"HTTPS_PROXY=http://proxy:3128\n")
	if r.Error != "" {
		t.Fatal(r.Error)
	}
	for name, want := range map[string]string{
		"PGHOST": "db", "PGPASSWORD": "hunter2 ", "PGSSLMODE": "require", "PGAPPNAME": "me", "PGSSLPASSWORD": " x ", "HTTPS_PROXY": "http://proxy:3128",
		"OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector", "OTEL_EXPORTER_OTLP_HEADERS": "key=value",
	} {
		if got, _ := r.variable(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"PGSSLCERTMODE", "OTEL_EXPORTER_OTLP_INSECURE"} {
		if value, set := r.variable(name); set {
			t.Errorf("%s is %q", name, value)
		}
	}
	if r, _ := child(t, "PGHOST=db", "REDIS_HOST=cache", "PGPORT=tcp://10.0.0.1:5432\n", "PGSSLMODE=maybe", "LOG_LEVEL=loud"); len(strings.Split(r.Error, "\n")) != 3 {
		t.Errorf("not all errors are reported together: %s", r.Error)
	}
}

func TestCertificateFile_IsCheckedOnlyIfUsed(t *testing.T) {
	t.Parallel()
	for _, environment := range [][]string{
		{"PGHOST=db", "REDIS_URL=rediss://cache"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT=https://collector:4318"},
	} {
		if lines := errorLines(t, append(environment, "SSL_CERT_FILE=/missing")...); len(lines) != 1 || !strings.HasPrefix(lines[0], "SSL_CERT_FILE ") {
			t.Errorf("%q: %q", environment, lines)
		}
	}
	load(t, "PGHOST=db", "REDIS_URL=redis://cache", "SSL_CERT_FILE=/missing")
}
