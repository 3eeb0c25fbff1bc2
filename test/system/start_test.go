package system

import (
	"database/sql"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// at returns a URL with another address.
func at(t *testing.T, server, address string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = address
	return u.String()
}

// wantStarting checks what a program answers while it waits for a server.
func wantStarting(t *testing.T, p *pisano.Program, prefix string) *pisano.Client {
	t.Helper()
	p.AwaitListening()
	c := p.Client(prefix)
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusServiceUnavailable} {
		if got := c.StatusOf(path); got != want {
			t.Errorf("%s: %s is %d, want %d", p.Name, path, got, want)
		}
	}
	a := c.Get(prefix + "/values/10")
	if problem := a.Problem(http.StatusServiceUnavailable); problem.Kind != "unavailable" || a.Header.Get("Retry-After") == "" {
		t.Errorf("%s: answered %v %s", p.Name, a.Header, a.Text)
	}
	return c
}

func TestStart_ListensWhilePostgresIsUnavailable(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	u, err := url.Parse(s.database())
	if err != nil {
		t.Fatal(err)
	}
	l := servers.Forward(t, u.Host)
	l.Refuse()
	setting := "DATABASE_URL=" + at(t, s.database(), l.Addr())
	api, worker := pisano.Launch(t, "api", s.with([]string{setting})...), pisano.Launch(t, "worker", s.with([]string{setting})...)
	c, health := wantStarting(t, api, ""), wantStarting(t, worker, "")

	// One of each is stopped while it waits.
	for _, name := range []string{"api", "worker"} {
		p := pisano.Launch(t, name, s.with([]string{setting})...)
		p.AwaitListening()
		code, took := p.Stop()
		measured(t, "%s stopped while it waits: exit code %d after %v", name, code, took.Round(time.Millisecond))
		if code != 0 {
			t.Errorf("%s: exit code %d\n%s", name, code, p.Tail())
		}
	}

	l.Heal()
	took := testkit.Eventually(t, "readiness of the api", c.Ready)
	measured(t, "api ready %v after Postgres came", took.Round(time.Millisecond))
	testkit.Eventually(t, "readiness of the worker", health.Ready)
	c.MustSubmit(1000)
	testkit.Eventually(t, "the value", c.Is(1000, "calculated"))
	for _, p := range []*pisano.Program{api, worker} {
		if faults := p.Faults(); len(faults) > 0 {
			t.Errorf("%s: %s", p.Name, faults)
		}
		if code, _ := p.Stop(); code != 0 {
			t.Errorf("%s: exit code %d", p.Name, code)
		}
	}
}

// Postgres refuses connections.
func TestStart_AnswersWaitingRequestsWhenStopped(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"api", "worker"} {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			p := pisano.Launch(t, program, "DATABASE_URL=postgres://pisano:secret@127.0.0.1:1/pisano", "REDIS_HOST=127.0.0.1:1")
			p.AwaitListening()
			c := p.Client("")
			type outcome struct {
				status int
				body   string
				err    error
			}
			answered := make(chan outcome, 8)
			for range cap(answered) {
				// The connection is open and the request sent when the program is stopped.
				_, reader := c.Open(http.MethodGet, "/values/10")
				go func() {
					answer, err := http.ReadResponse(reader, nil)
					if err != nil {
						answered <- outcome{err: err}
						return
					}
					defer answer.Body.Close()
					body, err := io.ReadAll(answer.Body)
					answered <- outcome{answer.StatusCode, string(body), err}
				}()
			}
			testkit.Eventually(t, "a probe after the requests", alive(c))
			code, took := p.Stop()
			measured(t, "%s stopped while requests wait for its start: exit code %d after %v", program, code, took.Round(time.Millisecond))
			if code != 0 {
				t.Errorf("exit code %d\n%s", code, p.Tail())
			}
			for range cap(answered) {
				if o := <-answered; o.err != nil || o.status != http.StatusServiceUnavailable || !strings.Contains(o.body, `"unavailable"`) {
					t.Errorf("answered %d %s, %v", o.status, o.body, o.err)
				}
			}
		})
	}
}

func TestStart_WaitsForALockedDataFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "pisano.db")
	db, err := sql.Open("sqlite", file+"?_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	lock, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	api := pisano.Launch(t, "api", "PISANO_DATA="+file)
	c := wantStarting(t, api, "/api")
	impatient := pisano.Launch(t, "api", "PISANO_DATA="+file)
	impatient.AwaitListening()
	code, took := impatient.Stop()
	measured(t, "stopped while it waits: exit code %d after %v", code, took.Round(time.Millisecond))
	if code != 0 {
		t.Errorf("exit code %d\n%s", code, impatient.Tail())
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	took = testkit.Eventually(t, "readiness", c.Ready)
	measured(t, "ready %v after the lock was gone", took.Round(time.Millisecond))
}

func TestStart_EndsOnErrorsThatWaitingCannotFix(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	u, err := url.Parse(s.database())
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	old := servers.Forward(t, s.redis.Addr())
	version := infoOf(t, dial(t, s.redis.Addr()), "server", "redis_version")
	old.Replace("redis_version:"+version[:1], "redis_version:6")
	for name, test := range map[string]struct{ setting, says string }{
		"an unknown parameter":            {"DATABASE_URL=" + s.database() + "&options=-c%20no_such_setting%3D1", "no_such_setting"},
		"a wrong password":                {"DATABASE_URL=" + strings.Replace(s.database(), password, "wrong", 1), "password"},
		"a missing database":              {"DATABASE_URL=" + strings.Replace(s.database(), u.Path, "/nowhere", 1), "nowhere"},
		"an old Redis":                    {"REDIS_HOST=" + old.Addr(), "needs Redis 7.0"},
		"a missing database of Redis":     {"REDIS_URL=redis://" + s.redis.Addr() + "/99", "no database of this number"},
		"a wrong password of Redis":       {"REDIS_URL=redis://other:wrong@" + s.redis.Addr(), "WRONGPASS"},
		"a single Redis called a Cluster": {"REDIS_CLUSTER=true", "is a single server"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, program := range []string{"api", "worker"} {
				p := pisano.Launch(t, program, s.with([]string{test.setting})...)
				if log := p.WantExit(1, test.says); strings.Contains(log, password) {
					t.Errorf("%s shows the password\n%s", program, log)
				}
			}
		})
	}
	t.Run("an old Redis that comes later", func(t *testing.T) {
		t.Parallel()
		late := servers.Forward(t, "127.0.0.1:1")
		late.Replace("redis_version:"+version[:1], "redis_version:6")
		p := pisano.Start(t, "api", s.with([]string{"REDIS_HOST=" + late.Addr()})...)
		c := p.Client("")
		testkit.Eventually(t, "a start without Redis", testkit.True(func() bool { return c.StatusOf("/status") == http.StatusOK }))
		if err := c.Unready(); err != nil {
			t.Errorf("without Redis %v", err)
		}
		late.Move(s.redis.Addr())
		p.WantExit(1, "needs Redis 7.0")
	})
}
