package telemetry_test

import (
	"context"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/pisano-dev/pisano/cmd/internal/config"
	"github.com/pisano-dev/pisano/cmd/internal/telemetry"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/settingstable"
)

const (
	callersTrace = "0af7651916cd43dd8448eb211c80319c"
	outOfReach   = 3_600_000 // ms
)

// A flow is a program that traces requests to a collector, as its environment
// says.
type flow struct {
	*collector
	t       *testing.T
	begin   time.Time
	handler http.Handler
	unsent  atomic.Int64 // warnings about traces that were not sent
	close   func()
}

// open starts a program with the variables.
func (f *flow) open(variables map[string]string) *flow {
	f.t.Helper()
	for name, value := range variables {
		f.t.Setenv(name, value)
	}
	settings, err := config.FromProcess(config.API)
	if err != nil {
		f.t.Fatal(err)
	}
	program := telemetry.New("pisano-test")
	if settings.Tracing {
		if err := program.Trace(f.t.Context(), "pisano-test", slog.New(counting{slog.DiscardHandler, &f.unsent})); err != nil {
			f.t.Fatal(err)
		}
	}
	f.close = func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_ = program.Close(ctx) // what was not sent is what some tests are about
	}
	f.handler = program.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		span := trace.SpanFromContext(r.Context())
		two := []attribute.KeyValue{attribute.String("a", "long enough"), attribute.String("b", "long enough")}
		for range 2 {
			span.AddEvent("event", trace.WithAttributes(two...))
			span.AddLink(trace.Link{SpanContext: span.SpanContext(), Attributes: two})
		}
	}))
	return f
}

// ask makes requests that belong to a trace of the caller.
func (f *flow) ask(requests int) *flow {
	for range requests {
		r := httptest.NewRequestWithContext(f.t.Context(), http.MethodGet, "/", nil)
		r.Header.Set("Traceparent", "00-"+callersTrace+"-b7ad6b7169203331-01")
		f.handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	return f
}

// counting counts the lines of a log.
type counting struct {
	slog.Handler
	lines *atomic.Int64
}

func (c counting) Enabled(context.Context, slog.Level) bool { return true }

func (c counting) Handle(context.Context, slog.Record) error {
	c.lines.Add(1)
	return nil
}

// secure starts a server that also asks for a certificate of its client.
func secure(s *httptest.Server) {
	s.TLS = &tls.Config{ClientAuth: tls.RequestClientCert, MinVersion: tls.VersionTLS12}
	s.StartTLS()
}

// export checks the only request that is made with a variable set to a value.
func export(variable, value string, look func(*http.Request) string, want string) func(*flow) error {
	return func(f *flow) error {
		f.open(map[string]string{variable: strings.ReplaceAll(value, "COLLECTOR", f.server.URL)}).ask(1).close()
		requests, _, _ := f.received()
		if len(requests) != 1 || look(requests[0]) != want {
			return fmt.Errorf("%d exports, want one with %q", len(requests), want)
		}
		return nil
	}
}

// span checks the only span that is exported with a variable set to a value.
func span(variable, value string, right func(*otlp.Span) bool) func(*flow) error {
	return func(f *flow) error {
		f.open(map[string]string{variable: value}).ask(1).close()
		_, spans, _ := f.received()
		if len(spans) != 1 || !right(spans[0]) {
			return fmt.Errorf("the spans are %v", spans)
		}
		return nil
	}
}

func resource(variable, value, key, want string) func(*flow) error {
	return func(f *flow) error {
		f.open(map[string]string{variable: value}).ask(1).close()
		_, _, attributes := f.received()
		for _, a := range attributes {
			if a.GetKey() == key && a.GetValue().GetStringValue() == want {
				return nil
			}
		}
		return fmt.Errorf("the resource is %v", attributes)
	}
}

func silent(variables map[string]string) func(*flow) error {
	return func(f *flow) error {
		f.open(variables).ask(3).close()
		if requests, _, _ := f.received(); len(requests) > 0 {
			return fmt.Errorf("%d exports", len(requests))
		}
		return nil
	}
}

// byTLS exports to a collector by TLS, whose certificate must be given.
func byTLS(variables func(f *flow) map[string]string, clientCertificates int) func(*flow) error {
	return func(f *flow) error {
		f.collector = newCollector(f.t, secure)
		f.t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f.server.URL)
		f.open(variables(f)).ask(1).close()
		requests, _, _ := f.received()
		if len(requests) != 1 || requests[0].TLS == nil || len(requests[0].TLS.PeerCertificates) != clientCertificates {
			return fmt.Errorf("%d exports, want one by TLS with %d certificates of the client", len(requests), clientCertificates)
		}
		return nil
	}
}

func clientCertificate(prefix string) func(*flow) error {
	return byTLS(func(f *flow) map[string]string {
		c := testkit.NewCertificate(f.t, "client")
		return map[string]string{
			"OTEL_EXPORTER_OTLP_CERTIFICATE": f.authority(f.t),
			prefix + "CERTIFICATE":           writeFile(f.t, "client.pem", c.Certificate),
			prefix + "KEY":                   writeFile(f.t, "client.key", c.Key),
		}
	}, 1)
}

// By the defaults, the ten unanswered exports below would take more than the minute
// that atLeast waits.
const unanswered = 10

// exportTimeout lets exports time out one after the other.
func exportTimeout(f *flow) error {
	f.hold = make(chan struct{})
	defer close(f.hold)
	f.open(map[string]string{
		"OTEL_BSP_EXPORT_TIMEOUT": "1", "OTEL_EXPORTER_OTLP_TIMEOUT": strconv.Itoa(outOfReach), "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "1",
	}).ask(unanswered)
	return f.atLeast("exports timed out", unanswered, &f.unsent)
}

// requestTimeout lets the requests of programs time out one after the other. Each
// would be retried.
func requestTimeout(variable string) func(*flow) error {
	return func(f *flow) error {
		f.hold = make(chan struct{})
		defer close(f.hold)
		for i := range int64(unanswered) {
			f.open(map[string]string{
				variable: "50", "OTEL_BSP_EXPORT_TIMEOUT": strconv.Itoa(outOfReach), "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "1",
			}).ask(1)
			if err := f.atLeast("requests timed out", i+1, &f.abandoned); err != nil {
				return err
			}
		}
		return nil
	}
}

func (f *flow) atLeast(what string, want int64, count *atomic.Int64) error {
	for ; count.Load() < want; time.Sleep(2 * time.Millisecond) {
		if time.Since(f.begin) > time.Minute {
			return fmt.Errorf("%d %s within a minute, want %d", count.Load(), what, want)
		}
	}
	return nil
}

// oneByOne has spans exported as they come, and not at the end.
func oneByOne(requests int) func(*flow) error {
	return func(f *flow) error {
		f.t.Setenv("OTEL_BSP_SCHEDULE_DELAY", strconv.Itoa(outOfReach))
		f.open(map[string]string{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "1"}).ask(requests)
		f.await(f.t, requests)
		f.close()
		if got, _, _ := f.received(); len(got) != requests {
			return fmt.Errorf("%d exports of %d spans", len(got), requests)
		}
		return nil
	}
}

// flows has every variable that is honoured.
func flows() map[string]func(*flow) error {
	path := func(r *http.Request) string { return r.URL.Path }
	header := func(name string) func(*http.Request) string {
		return func(r *http.Request) string { return r.Header.Get(name) }
	}
	certificate := func(variable string) func(*flow) error {
		return byTLS(func(f *flow) map[string]string { return map[string]string{variable: f.authority(f.t)} }, 0)
	}
	insecure := func(variable string) func(*flow) error {
		return byTLS(func(f *flow) map[string]string {
			return map[string]string{"OTEL_EXPORTER_OTLP_CERTIFICATE": f.authority(f.t), variable: "true"}
		}, 0)
	}
	short := func(s *otlp.Span) bool { return longest(s) == 2 }
	attributes := func(s *otlp.Span) bool { return len(s.GetAttributes()) == 1 }
	all := map[string]func(*flow) error{
		"OTEL_EXPORTER_OTLP_ENDPOINT":        export("OTEL_EXPORTER_OTLP_ENDPOINT", "COLLECTOR/below", path, "/below/v1/traces"),
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": export("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "COLLECTOR/own", path, "/own"),
		"OTEL_TRACES_EXPORTER":               silent(map[string]string{"OTEL_TRACES_EXPORTER": "none"}),
		"OTEL_SDK_DISABLED":                  silent(map[string]string{"OTEL_SDK_DISABLED": "TRUE"}),
		"OTEL_TRACES_SAMPLER":                silent(map[string]string{"OTEL_TRACES_SAMPLER": "always_off"}),
		"OTEL_TRACES_SAMPLER_ARG":            silent(map[string]string{"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0"}),
		"OTEL_SERVICE_NAME":                  resource("OTEL_SERVICE_NAME", "mine", "service.name", "mine"),
		"OTEL_RESOURCE_ATTRIBUTES":           resource("OTEL_RESOURCE_ATTRIBUTES", "place=under%20water", "place", "under water"),
		"OTEL_PROPAGATORS":                   span("OTEL_PROPAGATORS", "none", func(s *otlp.Span) bool { return hex.EncodeToString(s.GetTraceId()) != callersTrace }),
		"OTEL_BSP_SCHEDULE_DELAY": func(f *flow) error { // by the default of 5 s it takes longer than the minute there is
			f.open(map[string]string{"OTEL_BSP_SCHEDULE_DELAY": "1"})
			begin := time.Now()
			for i := range 20 {
				f.ask(1).await(f.t, i+1)
			}
			if took := time.Since(begin); took > time.Minute {
				return fmt.Errorf("20 spans one after the other took %v", took)
			}
			f.close()
			return nil
		},
		"OTEL_BSP_MAX_EXPORT_BATCH_SIZE": oneByOne(5),
		"OTEL_BSP_EXPORT_TIMEOUT":        exportTimeout,
		"OTEL_BSP_MAX_QUEUE_SIZE": func(f *flow) error {
			f.hold = make(chan struct{})
			f.open(map[string]string{"OTEL_BSP_MAX_QUEUE_SIZE": "1", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "1"}).ask(20)
			close(f.hold)
			f.close()
			if _, spans, _ := f.received(); len(spans) == 0 || len(spans) >= 20 {
				return fmt.Errorf("%d spans of 20 went through a queue of 1", len(spans))
			}
			return nil
		},
		"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT":      span("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2", short),
		"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT": span("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2", short),
		"OTEL_ATTRIBUTE_COUNT_LIMIT":             span("OTEL_ATTRIBUTE_COUNT_LIMIT", "1", attributes),
		"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT":        span("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "1", attributes),
		"OTEL_SPAN_EVENT_COUNT_LIMIT":            span("OTEL_SPAN_EVENT_COUNT_LIMIT", "1", func(s *otlp.Span) bool { return len(s.GetEvents()) == 1 }),
		"OTEL_SPAN_LINK_COUNT_LIMIT":             span("OTEL_SPAN_LINK_COUNT_LIMIT", "1", func(s *otlp.Span) bool { return len(s.GetLinks()) == 1 }),
		"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT":       span("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "1", func(s *otlp.Span) bool { return len(s.GetEvents()[0].GetAttributes()) == 1 }),
		"OTEL_LINK_ATTRIBUTE_COUNT_LIMIT":        span("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "1", func(s *otlp.Span) bool { return len(s.GetLinks()[0].GetAttributes()) == 1 }),
	}
	for _, prefix := range []string{"OTEL_EXPORTER_OTLP_", "OTEL_EXPORTER_OTLP_TRACES_"} {
		all[prefix+"PROTOCOL"] = export(prefix+"PROTOCOL", "http/json", header("Content-Type"), "application/json")
		all[prefix+"HEADERS"] = export(prefix+"HEADERS", "api-key=a%20quill", header("Api-Key"), "a quill")
		all[prefix+"COMPRESSION"] = export(prefix+"COMPRESSION", "gzip", header("Content-Encoding"), "gzip")
		all[prefix+"TIMEOUT"] = requestTimeout(prefix + "TIMEOUT")
		all[prefix+"CERTIFICATE"] = certificate(prefix + "CERTIFICATE")
		all[prefix+"CLIENT_CERTIFICATE"] = clientCertificate(prefix + "CLIENT_")
		all[prefix+"CLIENT_KEY"] = clientCertificate(prefix + "CLIENT_")
		all[prefix+"INSECURE"] = insecure(prefix + "INSECURE")
	}
	return all
}

// longest returns the length of a span's longest text in an attribute.
func longest(s *otlp.Span) int {
	length := 0
	for _, a := range s.GetAttributes() {
		length = max(length, len(a.GetValue().GetStringValue()))
	}
	return length
}

// unused are the variables of the specification that change nothing.
func unused() []string {
	all := strings.Fields(`
		OTEL_CONFIG_FILE OTEL_EXPERIMENTAL_CONFIG_FILE OTEL_LOG_LEVEL OTEL_ENTITIES OTEL_SEMCONV_STABILITY_OPT_IN
		OTEL_METRICS_EXPORTER OTEL_METRICS_EXEMPLAR_FILTER OTEL_METRIC_EXPORT_INTERVAL OTEL_METRIC_EXPORT_TIMEOUT
		OTEL_LOGS_EXPORTER OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT
		OTEL_BLRP_SCHEDULE_DELAY OTEL_BLRP_EXPORT_TIMEOUT OTEL_BLRP_MAX_QUEUE_SIZE OTEL_BLRP_MAX_EXPORT_BATCH_SIZE
		OTEL_EXPORTER_ZIPKIN_ENDPOINT OTEL_EXPORTER_ZIPKIN_TIMEOUT OTEL_EXPORTER_PROMETHEUS_HOST OTEL_EXPORTER_PROMETHEUS_PORT
		OTEL_EXPORTER_OTLP_SPAN_INSECURE OTEL_EXPORTER_OTLP_METRIC_INSECURE
		OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`)
	for _, signal := range []string{"METRICS", "LOGS"} {
		for _, name := range strings.Fields("ENDPOINT PROTOCOL HEADERS COMPRESSION TIMEOUT CERTIFICATE CLIENT_CERTIFICATE CLIENT_KEY INSECURE") {
			all = append(all, "OTEL_EXPORTER_OTLP_"+signal+"_"+name)
		}
	}
	return all
}

func TestVariables_DoWhatTheTableSays(t *testing.T) {
	cases := flows()
	tested := maps.Clone(cases)
	for _, variable := range unused() {
		tested[variable] = nil
	}
	settingstable.Check(t, tested, func(variable string) bool { return strings.HasPrefix(variable, "OTEL_") })
	for _, variable := range slices.Sorted(maps.Keys(cases)) {
		t.Run(variable, func(t *testing.T) {
			f := &flow{t: t, begin: time.Now(), collector: newCollector(t, (*httptest.Server).Start)}
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f.server.URL)
			if err := cases[variable](f); err != nil {
				t.Error(err)
			}
			t.Logf("took %v", time.Since(f.begin).Round(time.Millisecond))
		})
	}
}

func TestVariables_OfOtherSignalsChangeNothing(t *testing.T) {
	f := &flow{t: t, collector: newCollector(t, (*httptest.Server).Start)}
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f.server.URL)
	variables := map[string]string{}
	for _, variable := range unused() {
		variables[variable] = "nonsense"
	}
	f.open(variables).ask(1).close()
	requests, spans, _ := f.received()
	if len(requests) != 1 || requests[0].URL.Path != "/v1/traces" || len(spans) != 1 || hex.EncodeToString(spans[0].GetTraceId()) != callersTrace {
		t.Errorf("%d exports of %v", len(requests), spans)
	}
}

func TestTable_HasEveryVariableOfTheLibrary(t *testing.T) {
	t.Parallel()
	variables := settingstable.InModule(t, "go.opentelemetry.io/otel/sdk", `"(OTEL_[A-Z_]+[A-Z])"`)
	for _, name := range settingstable.InModule(t, "go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp", `With[A-Za-z]+\(\s*"([A-Z_]+)",`) {
		variables = append(variables, "OTEL_EXPORTER_OTLP_"+name)
	}
	for _, variable := range variables {
		if !slices.Contains(settingstable.Variables(t), variable) {
			t.Errorf("docs/settings.md has no %s", variable)
		}
	}
}
