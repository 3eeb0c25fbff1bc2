package system

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// at returns the URL of a server with another address.
func at(t *testing.T, server, address string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = address
	return u.String()
}

// database is what the programs are told of Postgres.
func (s *system) database() string { return strings.TrimPrefix(s.settings[0], "DATABASE_URL=") }

// statusOf returns the status of an answer, 0 if there was none.
func (c *client) statusOf(path string) int {
	a, err := c.do(http.MethodGet, path, nil)
	if err != nil {
		return 0
	}
	return a.status
}

func (c *client) isReady() bool { return c.statusOf("/readyz") == http.StatusOK }

// wantStarting checks what a program answers that waits for something.
func wantStarting(t *testing.T, p *process, prefix string) *client {
	t.Helper()
	p.awaitListening()
	c := clientOf(p)
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusServiceUnavailable} {
		if got := c.statusOf(path); got != want {
			t.Errorf("%s: %s is %d, want %d", p.name, path, got, want)
		}
	}
	a, err := c.do(http.MethodGet, prefix+"/values/10", nil)
	var problem struct {
		Status int
		Kind   string
	}
	if err == nil {
		err = json.Unmarshal(a.body, &problem)
	}
	if err != nil || a.status != http.StatusServiceUnavailable || a.header.Get("Content-Type") != "application/problem+json" ||
		a.header.Get("Retry-After") == "" || problem.Kind != "unavailable" {
		t.Errorf("%s: answered %d %v %s, %v", p.name, a.status, a.header, a.body, err)
	}
	return c
}

// wantEnd waits for a program to end by itself and returns the end of its log.
func wantEnd(t *testing.T, p *process, code int) string {
	t.Helper()
	select {
	case <-p.exited:
	case <-time.After(servers.HangTimeout):
		t.Fatalf("%s does not end:\n%s", p.name, p.tail())
	}
	if got := p.command.ProcessState.ExitCode(); got != code {
		t.Errorf("%s: exit code %d, want %d", p.name, got, code)
	}
	return p.tail()
}

func TestStart_ProgramsListenWhilePostgresIsAway(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	u, err := url.Parse(s.database())
	if err != nil {
		t.Fatal(err)
	}
	w := newWire(t, u.Host)
	w.cut()
	setting := "DATABASE_URL=" + at(t, s.database(), w.addr())
	api, worker := launch(t, "api", s.with([]string{setting})...), launch(t, "worker", s.with([]string{setting})...)
	c, health := wantStarting(t, api, ""), wantStarting(t, worker, "")

	// One of each is told to stop meanwhile.
	for _, name := range []string{"api", "worker"} {
		p := launch(t, name, s.with([]string{setting})...)
		p.awaitListening()
		code, took := p.terminate()
		measured(t, "%s told to stop while it waits: exit code %d after %v", name, code, took.Round(time.Millisecond))
		if code != 0 {
			t.Errorf("%s: exit code %d\n%s", name, code, p.tail())
		}
	}

	w.heal()
	took := eventually(t, "readiness of the api", c.isReady)
	measured(t, "api ready %v after Postgres came", took.Round(time.Millisecond))
	eventually(t, "readiness of the worker", health.isReady)
	c.mustSubmit(t, 1000)
	eventually(t, "the value", c.is(1000, "calculated"))
	for _, p := range []*process{api, worker} {
		if faults := p.faults(); len(faults) > 0 {
			t.Errorf("%s: %s", p.name, faults)
		}
		if code, _ := p.terminate(); code != 0 {
			t.Errorf("%s: exit code %d", p.name, code)
		}
	}
}

// TestStart_RequestsThatWaitForItAreAnsweredWhenItIsStopped: Postgres refuses
// connections.
func TestStart_RequestsThatWaitForItAreAnsweredWhenItIsStopped(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"api", "worker"} {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			p := launch(t, program, "DATABASE_URL=postgres://pisano:secret@127.0.0.1:1/pisano", "REDIS_HOST=127.0.0.1:1")
			p.awaitListening()
			type outcome struct {
				status int
				body   string
				err    error
			}
			answered := make(chan outcome, 8)
			for range cap(answered) {
				// The connection is open and the request sent when the program is
				// stopped.
				conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(p.url, "http://"))
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				if _, err := io.WriteString(conn, "GET /values/10 HTTP/1.1\r\nHost: pisano\r\n\r\n"); err != nil {
					t.Fatal(err)
				}
				go func() {
					answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
					if err != nil {
						answered <- outcome{err: err}
						return
					}
					defer answer.Body.Close()
					body, err := io.ReadAll(answer.Body)
					answered <- outcome{answer.StatusCode, string(body), err}
				}()
			}
			eventually(t, "a probe behind the requests", func() bool { return clientOf(p).statusOf("/healthz") == http.StatusOK })
			code, took := p.terminate()
			measured(t, "%s stopped while requests wait for its start: exit code %d after %v", program, code, took.Round(time.Millisecond))
			if code != 0 {
				t.Errorf("exit code %d\n%s", code, p.tail())
			}
			for range cap(answered) {
				if o := <-answered; o.err != nil || o.status != http.StatusServiceUnavailable || !strings.Contains(o.body, `"unavailable"`) {
					t.Errorf("answered %d %s, %v", o.status, o.body, o.err)
				}
			}
		})
	}
}

func TestStart_ALockedDataFileIsWaitedFor(t *testing.T) {
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
	api := launch(t, "api", "PISANO_DATA="+file)
	c := wantStarting(t, api, "/api")
	impatient := launch(t, "api", "PISANO_DATA="+file)
	impatient.awaitListening()
	code, took := impatient.terminate()
	measured(t, "told to stop while it waits: exit code %d after %v", code, took.Round(time.Millisecond))
	if code != 0 {
		t.Errorf("exit code %d\n%s", code, impatient.tail())
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	took = eventually(t, "readiness", c.isReady)
	measured(t, "ready %v after the lock was gone", took.Round(time.Millisecond))
}

func TestStart_WhatWaitingCannotMendEndsIt(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	u, err := url.Parse(s.database())
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	old := servers.Forward(t, s.redis.Addr())
	version := infoOfServer(t, dial(t, s.redis.Addr()), "redis_version")
	old.Replace("redis_version:"+version[:1], "redis_version:6")
	for name, test := range map[string]struct{ setting, says string }{
		"an unknown parameter":            {"DATABASE_URL=" + s.database() + "&options=-c%20no_such_setting%3D1", "no_such_setting"},
		"a wrong password":                {"DATABASE_URL=" + strings.Replace(s.database(), password, "wrong", 1), "password"},
		"a missing database":              {"DATABASE_URL=" + strings.Replace(s.database(), u.Path, "/nowhere", 1), "nowhere"},
		"an old Redis":                    {"REDIS_HOST=" + old.Addr(), "needs Redis 7.0"},
		"a missing database of Redis":     {"REDIS_URL=redis://" + s.redis.Addr() + "/99", "no database of this number"},
		"a wrong password of Redis":       {"REDIS_URL=redis://stranger:wrong@" + s.redis.Addr(), "WRONGPASS"},
		"a single Redis called a Cluster": {"REDIS_CLUSTER=true", "is a single server"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, program := range []string{"api", "worker"} {
				p := launch(t, program, s.with([]string{test.setting})...)
				log := wantEnd(t, p, 1)
				if !strings.Contains(log, test.says) || strings.Contains(log, password) {
					t.Errorf("%s says\n%s", program, log)
				}
			}
		})
	}
	t.Run("an old Redis that comes later", func(t *testing.T) {
		t.Parallel()
		late := servers.Forward(t, "127.0.0.1:1")
		late.Replace("redis_version:"+version[:1], "redis_version:6")
		p := start(t, "api", s.with([]string{"REDIS_HOST=" + late.Addr()})...)
		c := clientOf(p)
		eventually(t, "a start without Redis", func() bool { return c.statusOf("/status") == http.StatusOK })
		if got := c.statusOf("/readyz"); got != http.StatusServiceUnavailable {
			t.Errorf("without Redis /readyz is %d", got)
		}
		late.Move(s.redis.Addr())
		if log := wantEnd(t, p, 1); !strings.Contains(log, "needs Redis 7.0") {
			t.Errorf("it says\n%s", log)
		}
	})
}
