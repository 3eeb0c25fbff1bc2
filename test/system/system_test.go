package system

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/pisano-dev/pisano/internal/testkit/pisano"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// system is a Pisano on servers, with a database and a Redis of its own.
type system struct {
	t     *testing.T
	redis *servers.Server
	// settings are those of all its programs; of two values for a variable the later counts.
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

// database is the URL of its database.
func (s *system) database() string { return strings.TrimPrefix(s.settings[0], "DATABASE_URL=") }

func (s *system) with(settings []string) []string {
	return append(s.settings[:len(s.settings):len(s.settings)], settings...)
}

func (s *system) startAPI(settings ...string) (*pisano.Program, *pisano.Client) {
	s.t.Helper()
	api := pisano.Start(s.t, "api", s.with(settings)...)
	return api, api.Client("")
}

func (s *system) startWorker(settings ...string) *pisano.Program {
	s.t.Helper()
	return pisano.Start(s.t, "worker", s.with(settings)...)
}

// sent returns how many bytes the system's Redis has sent to its clients.
func (s *system) sent() int64 {
	s.t.Helper()
	bytes, err := strconv.ParseInt(infoOf(s.t, dial(s.t, s.redis.Addr()), "stats", "total_net_output_bytes"), 10, 64)
	if err != nil {
		s.t.Fatal(err)
	}
	return bytes
}

// link is a connection to a server that can be cut.
type link struct {
	t     *testing.T
	proxy *toxiproxy.Proxy
}

func newLink(t *testing.T, upstream string) *link {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	l := &link{t, toxiproxy.NewProxy(server, t.Name(), "127.0.0.1:0", upstream)}
	l.heal()
	t.Cleanup(l.cut)
	return l
}

func (l *link) addr() string { return l.proxy.Listen }

// cut ends all connections and refuses new ones.
func (l *link) cut() { l.proxy.Stop() }

// heal ends cut and drop.
func (l *link) heal() {
	l.t.Helper()
	l.proxy.Toxics.ResetToxics(context.Background())
	if err := l.proxy.Start(); err != nil {
		l.t.Fatal(err)
	}
}

// drop keeps connections open and lets nothing through, as a network that drops packets.
func (l *link) drop() {
	l.t.Helper()
	for _, stream := range []string{"upstream", "downstream"} {
		toxic := `{"type": "timeout", "stream": "` + stream + `", "attributes": {"timeout": 0}}`
		if _, err := l.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
			l.t.Fatal(err)
		}
	}
}

// all is a check that passes when each of the checks does.
func all(checks ...func() error) func() error {
	return func() error {
		for _, check := range checks {
			if err := check(); err != nil {
				return err
			}
		}
		return nil
	}
}

// accepts is a check that a server accepts a submission.
func accepts(c *pisano.Client) func() error {
	return func() error {
		a, err := c.TrySubmit(1)
		if err == nil && a.StatusCode >= 300 {
			err = fmt.Errorf("%d %s", a.StatusCode, a.Text)
		}
		return err
	}
}

// alive is a check that a server answers at all.
func alive(c *pisano.Client) func() error {
	return func() error {
		if status := c.StatusOf("/healthz"); status != http.StatusOK {
			return fmt.Errorf("/healthz is answered with %d", status)
		}
		return nil
	}
}

// measured prints the figure that a promise was kept with.
func measured(t *testing.T, format string, args ...any) {
	t.Helper()
	t.Logf("measured: %s", fmt.Sprintf(format, args...))
}

const mebibyte = 1 << 20

func inMebibytes(bytes int64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/mebibyte) }
