package system

import (
	"context"
	"strings"
	"testing"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// system is a Pisano on servers: a database and a Redis of its own.
type system struct {
	t     *testing.T
	redis *servers.Container
	// settings are what every program of it is started with; of two values for
	// a variable the later counts.
	settings []string
}

func newSystem(t *testing.T, redisArgs ...string) *system {
	t.Helper()
	redis := servers.StartRedis(t, redisArgs...)
	return &system{t: t, redis: redis, settings: []string{
		"DATABASE_URL=" + servers.Postgres(t).NewDatabase(t),
		"REDIS_HOST=" + redis.Addr(),
		"PISANO_CONCURRENCY=2",
	}}
}

func (s *system) with(settings []string) []string {
	return append(s.settings[:len(s.settings):len(s.settings)], settings...)
}

func (s *system) startAPI(settings ...string) (*process, *client) {
	s.t.Helper()
	api := start(s.t, "api", s.with(settings)...)
	return api, clientOf(api)
}

func (s *system) startWorker(settings ...string) *process {
	s.t.Helper()
	return start(s.t, "worker", s.with(settings)...)
}

// wire is a connection to a server that can be cut.
type wire struct {
	t     *testing.T
	proxy *toxiproxy.Proxy
}

func newWire(t *testing.T, upstream string) *wire {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	w := &wire{t, toxiproxy.NewProxy(server, t.Name(), "127.0.0.1:0", upstream)}
	w.heal()
	t.Cleanup(w.cut)
	return w
}

func (w *wire) addr() string { return w.proxy.Listen }

// cut ends all connections and refuses new ones.
func (w *wire) cut() { w.proxy.Stop() }

// heal is the end of cut and of swallow.
func (w *wire) heal() {
	w.t.Helper()
	w.proxy.Toxics.ResetToxics(context.Background())
	if err := w.proxy.Start(); err != nil {
		w.t.Fatal(err)
	}
}

// swallow keeps connections open and lets nothing through, as a network that
// drops packets.
func (w *wire) swallow() {
	w.t.Helper()
	for _, stream := range []string{"upstream", "downstream"} {
		toxic := `{"type": "timeout", "stream": "` + stream + `", "attributes": {"timeout": 0}}`
		if _, err := w.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
			w.t.Fatal(err)
		}
	}
}
