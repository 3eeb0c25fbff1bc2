package system

import (
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
)

// spans is a collector of traces.
type spans struct {
	url string

	mu        sync.Mutex
	byService map[string][]*otlp.Span
}

func newSpans(t *testing.T) *spans {
	t.Helper()
	s := &spans{byService: make(map[string][]*otlp.Span)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var batch collector.ExportTraceServiceRequest
		if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &batch) != nil {
			t.Errorf("not traces: %s %s, %v", r.Method, r.URL.Path, err)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, source := range batch.GetResourceSpans() {
			var service string
			for _, attribute := range source.GetResource().GetAttributes() {
				if attribute.GetKey() == "service.name" {
					service = attribute.GetValue().GetStringValue()
				}
			}
			for _, scope := range source.GetScopeSpans() {
				s.byService[service] = append(s.byService[service], scope.GetSpans()...)
			}
		}
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// named returns the span of a service with a name, in a trace, or in any if trace is empty.
func (s *spans) named(service, name, trace string) *otlp.Span {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, span := range s.byService[service] {
		if span.GetName() == name && (trace == "" || hex.EncodeToString(span.GetTraceId()) == trace) {
			return span
		}
	}
	return nil
}

func TestTracing_FollowsASubmissionFromTheClientToThePorts(t *testing.T) {
	t.Parallel()
	const trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
	collector := newSpans(t)
	s := newSystem(t)
	settings := []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.url, "OTEL_BSP_SCHEDULE_DELAY=50"}
	api, c := s.startAPI(settings...)
	s.startWorker(settings...)
	submit := func(n core.Index) {
		t.Helper()
		c.Want(http.StatusAccepted, http.MethodPost, "/indices", fmt.Sprintf(`{"index":%d}`, n), "Traceparent: 00-"+trace+"-"+parent+"-01")
	}
	submit(1234)
	for _, name := range []string{"POST /indices", "ValueCache.Summaries", "WorkQueue.Backlog", "WorkQueue.Enqueue"} {
		testkit.Eventually(t, name, testkit.True(func() bool { return collector.named("pisano-api", name, trace) != nil }))
	}
	request, enqueue := collector.named("pisano-api", "POST /indices", trace), collector.named("pisano-api", "WorkQueue.Enqueue", trace)
	if hex.EncodeToString(request.GetParentSpanId()) != parent {
		t.Error("the request is not below the span of its client")
	}
	if string(enqueue.GetParentSpanId()) != string(request.GetSpanId()) {
		t.Error("the call of the queue is not below the request")
	}
	// Work for several submissions at once, or for none, has a trace of its own.
	testkit.Eventually(t, "the commit", testkit.True(func() bool { return collector.named("pisano-api", "IndexStore.Record", "") != nil }))
	for _, name := range []string{"Calculator.Calculate", "ValueCache.Put", "IndexStore.MarkCalculated"} {
		testkit.Eventually(t, name, testkit.True(func() bool { return collector.named("pisano-worker", name, "") != nil }))
	}

	s.redis.Stop()
	submit(5678) // recorded, with a warning in the log
	testkit.Eventually(t, "a line of the trace", testkit.True(func() bool {
		return strings.Contains(api.Tail(), `"trace_id":"`+trace+`"`)
	}))
}
