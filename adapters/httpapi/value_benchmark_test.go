package httpapi_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/memory"
)

// bareHuma answers GET /values/{index} with a constant, and with nothing around it.
func bareHuma() http.Handler {
	type value struct {
		Index        int64     `json:"index"`
		State        string    `json:"state"`
		DigitCount   int64     `json:"digitCount"`
		Value        string    `json:"value"`
		CalculatedAt time.Time `json:"calculatedAt"`
		DurationMs   float64   `json:"durationMs"`
	}
	type output struct{ Body value }
	mux := http.NewServeMux()
	config := huma.DefaultConfig("bare", "1")
	config.CreateHooks = nil // no links to schemas in the answers
	constant := &output{value{30, "calculated", 6, "832040", time.Date(2026, 1, 2, 3, 4, 5, 678_901_000, time.UTC), 0.0125}}
	huma.Get(humago.New(mux, config), "/values/{index}", func(context.Context, *struct {
		Index int64 `path:"index"`
	}) (*output, error) {
		return constant, nil
	})
	return mux
}

// pisanoWithF30 is the API with F(30) in its cache.
func pisanoWithF30(b *testing.B, nearMemory int64) http.Handler {
	ports := memory.NewPorts(fibonacci.Calculator{}, time.Minute)
	if err := ports.Cache.Put(b.Context(), core.Value{Index: 30, Magnitude: decimal.FromUint64(832040), CalculatedAt: time.Now()}); err != nil {
		b.Fatal(err)
	}
	service := core.NewService(ports, core.NewBroadcaster(ports.Events, quiet), core.Limits{Memory: nearMemory}, quiet)
	return httpapi.New(service, software, httpapi.Options{TrustedProxies: httpapi.PrivateNetworks()}, quiet)
}

// discard is a response writer without a connection.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }

// BenchmarkValue is the handler of GET /values/30 without a connection, beside bare
// Huma: in turns, because the machine may have other work. of-Huma is the ratio of
// their rates.
func BenchmarkValue(b *testing.B) {
	for _, one := range []struct {
		name   string
		memory int64
	}{{"from memory", 1 << 20}, {"from the cache", 0}} {
		b.Run(one.name, func(b *testing.B) {
			bare, full := bareHuma(), pisanoWithF30(b, one.memory)
			request := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/values/30", nil)
			serve := func(handler http.Handler, times int) time.Duration {
				begin := time.Now()
				for range times {
					answer := discard{header: make(http.Header)}
					handler.ServeHTTP(&answer, request)
					if answer.status > http.StatusOK {
						b.Fatalf("status %d", answer.status)
					}
				}
				return time.Since(begin)
			}
			serve(full, 3)
			var bareTook, fullTook time.Duration
			const turn = 100
			b.ReportAllocs()
			for b.Loop() {
				bareTook += serve(bare, turn)
				fullTook += serve(full, turn)
			}
			b.ReportMetric(float64(fullTook.Nanoseconds())/float64(b.N)/turn, "ns/answer")
			b.ReportMetric(bareTook.Seconds()/fullTook.Seconds(), "of-Huma")
		})
	}
}

// BenchmarkValueConnection is the same over connections of a client.
func BenchmarkValueConnection(b *testing.B) {
	bare, full := httptest.NewServer(bareHuma()), httptest.NewServer(pisanoWithF30(b, 1<<20))
	defer bare.Close()
	defer full.Close()
	get := func(server *httptest.Server, times int) time.Duration {
		begin := time.Now()
		for range times {
			request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, server.URL+"/values/30", nil)
			if err != nil {
				b.Fatal(err)
			}
			answer, err := server.Client().Do(request)
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
		}
		return time.Since(begin)
	}
	var bareTook, fullTook time.Duration
	const turn = 20
	for b.Loop() {
		bareTook += get(bare, turn)
		fullTook += get(full, turn)
	}
	b.ReportMetric(bareTook.Seconds()/fullTook.Seconds(), "of-Huma")
}
