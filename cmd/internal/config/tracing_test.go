package config_test

import (
	"strings"
	"testing"
)

func TestTracing_InvalidVariablesAreRefusedByName(t *testing.T) {
	t.Parallel()
	const endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318"
	missing := t.TempDir() + "/missing"
	for variable, values := range map[string][]string{
		"OTEL_EXPORTER_OTLP_PROTOCOL":            {"grpc", "hunter2"},
		"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL":     {"grpc"},
		"OTEL_EXPORTER_OTLP_COMPRESSION":         {"zstd"},
		"OTEL_EXPORTER_OTLP_TIMEOUT":             {"10s", "-1"},
		"OTEL_EXPORTER_OTLP_HEADERS":             {"hunter2", "key=%zz", "a key=hunter2"},
		"OTEL_EXPORTER_OTLP_TRACES_HEADERS":      {"hunter2"},
		"OTEL_EXPORTER_OTLP_CERTIFICATE":         {missing, write(t, "hunter2")},
		"OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE":  {missing},
		"OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY":   {missing},
		"OTEL_TRACES_EXPORTER":                   {"console", "otlp,zipkin"},
		"OTEL_PROPAGATORS":                       {"b3", "tracecontext,jaeger"},
		"OTEL_SDK_DISABLED":                      {"perhaps", "1"},
		"OTEL_RESOURCE_ATTRIBUTES":               {"hunter2", "key=%zz"},
		"OTEL_TRACES_SAMPLER":                    {"jaeger_remote", "xray", "sometimes"},
		"OTEL_BSP_SCHEDULE_DELAY":                {"5s", "-1"},
		"OTEL_BSP_EXPORT_TIMEOUT":                {"30s"},
		"OTEL_BSP_MAX_QUEUE_SIZE":                {"0", "many"},
		"OTEL_BSP_MAX_EXPORT_BATCH_SIZE":         {"0", "5000"},
		"OTEL_ATTRIBUTE_COUNT_LIMIT":             {"few"},
		"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT": {"long"},
	} {
		for _, value := range values {
			lines := errorLines(t, endpoint, variable+"="+value)
			if len(lines) != 1 || !strings.Contains(lines[0], variable+" ") || strings.Contains(lines[0], "hunter2") {
				t.Errorf("%s=%s: %q", variable, value, lines)
			}
		}
	}
	if lines := errorLines(t, endpoint, "OTEL_TRACES_SAMPLER=traceidratio", "OTEL_TRACES_SAMPLER_ARG=2"); len(lines) != 1 || !strings.HasPrefix(lines[0], "OTEL_TRACES_SAMPLER_ARG ") {
		t.Errorf("a ratio of 2: %q", lines)
	}
}

func TestTracing_IsEnabledByItsExporter(t *testing.T) {
	t.Parallel()
	if !load(t, "OTEL_TRACES_EXPORTER=otlp").Tracing {
		t.Error("no traces are sent to the default address of otlp")
	}
	for _, environment := range [][]string{
		{"OTEL_TRACES_EXPORTER=none", "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318"},
		{"OTEL_SDK_DISABLED=true", "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318"},
		{"OTEL_TRACES_EXPORTER=console"},
	} {
		if load(t, environment...).Tracing {
			t.Errorf("traces are sent with %q", environment)
		}
	}
}
