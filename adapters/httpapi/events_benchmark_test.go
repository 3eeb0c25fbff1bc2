package httpapi_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/memory"
)

// counter is a response writer that counts the events written to it.
type counter struct {
	header http.Header
	events *atomic.Int64
}

func (c *counter) Header() http.Header              { return c.header }
func (c *counter) WriteHeader(int)                  {}
func (c *counter) Flush()                           {}
func (c *counter) SetWriteDeadline(time.Time) error { return nil }
func (c *counter) Write(p []byte) (int, error) {
	c.events.Add(int64(bytes.Count(p, []byte("event: "))))
	return len(p), nil
}

// BenchmarkEvents is a batch of 1,000 events that reaches 1,000 streams.
func BenchmarkEvents(b *testing.B) {
	const streams, batch = 1000, 1000
	ports := memory.NewPorts(fibonacci.Calculator{}, time.Minute)
	broadcaster := core.NewBroadcaster(ports.Events, quiet)
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	go broadcaster.Run(ctx)
	<-broadcaster.Connected()
	handler := httpapi.New(core.NewService(ports, broadcaster, core.Limits{}, quiet), software, httpapi.Options{}, quiet)
	var received, opened atomic.Int64
	for range streams {
		go func() {
			request := httptest.NewRequestWithContext(ctx, http.MethodGet, "/events", nil)
			opened.Add(1)
			handler.ServeHTTP(&counter{make(http.Header), &received}, request)
		}()
	}
	for opened.Load() < streams {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(100 * time.Millisecond) // until all wait for events
	events := make([]core.Event, batch)
	for i := range events {
		events[i] = core.Event{Kind: core.EventSeen, Index: core.Index(i), At: time.Now()}
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if err := ports.Events.Publish(ctx, events...); err != nil {
			b.Fatal(err)
		}
		for received.Load() < int64(i+1)*streams*batch {
			time.Sleep(100 * time.Microsecond)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(streams*batch), "ns/event-stream")
}
