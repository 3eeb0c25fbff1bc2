package system

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

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
