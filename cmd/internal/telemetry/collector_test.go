package telemetry_test

import (
	"bytes"
	"compress/gzip"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/pisano-dev/pisano/internal/testkit"
)

// collector receives traces as a collector of OpenTelemetry does.
type collector struct {
	server *httptest.Server

	abandoned atomic.Int64 // requests that the program gave up

	mu       sync.Mutex
	hold     chan struct{} // exports are not answered before it is closed, if it is not nil
	requests []*http.Request
	resource []*common.KeyValue // of the last export
	spans    []*otlp.Span
}

func newCollector(t *testing.T, start func(*httptest.Server)) *collector {
	t.Helper()
	c := &collector{}
	c.server = httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		hold := c.hold
		c.mu.Unlock()
		body, err := io.ReadAll(r.Body) // the server sees who goes away once it has read all
		if err != nil {
			return
		}
		if hold != nil {
			select {
			case <-hold:
			case <-r.Context().Done():
				c.abandoned.Add(1)
				return
			}
		}
		if err := c.take(r, body); err != nil {
			t.Errorf("not traces: %v", err)
		}
	}))
	start(c.server)
	t.Cleanup(c.server.Close)
	return c
}

func (c *collector) take(r *http.Request, content []byte) error {
	if r.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			return err
		}
		if content, err = io.ReadAll(unpacked); err != nil {
			return err
		}
	}
	var err error
	var batch collectortrace.ExportTraceServiceRequest
	if r.Header.Get("Content-Type") == "application/json" {
		// Ids are written in hexadecimal there, which protojson takes for base64.
		err = protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(content, &batch)
	} else {
		err = proto.Unmarshal(content, &batch)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests = append(c.requests, r)
	for _, source := range batch.GetResourceSpans() {
		c.resource = source.GetResource().GetAttributes()
		for _, scope := range source.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
	return err
}

// received returns what has arrived.
func (c *collector) received() ([]*http.Request, []*otlp.Span, []*common.KeyValue) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.requests, c.spans, c.resource
}

// await waits until the given number of spans has arrived.
func (c *collector) await(t *testing.T, spans int) {
	t.Helper()
	testkit.Eventually(t, "all spans have arrived", func() error {
		if _, got, _ := c.received(); len(got) < spans {
			return fmt.Errorf("%d of %d have", len(got), spans)
		}
		return nil
	})
}

// authority returns the file of the certificate that the collector shows.
func (c *collector) authority(t *testing.T) string {
	t.Helper()
	return writeFile(t, "ca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.server.Certificate().Raw}))
}

func writeFile(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
