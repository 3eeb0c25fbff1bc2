package system

import (
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// submitter submits index after index until it is stopped.
type submitter struct {
	stop     chan struct{}
	all      sync.WaitGroup
	accepted []core.Index
	refused  int
}

func startSubmitter(t *testing.T, c *client, first core.Index) *submitter {
	t.Helper()
	s := &submitter{stop: make(chan struct{})}
	s.all.Go(func() {
		for n := first; ; n++ {
			select {
			case <-s.stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
			a, err := c.submit(n)
			switch {
			case err != nil:
				t.Errorf("no answer: %v", err)
			case a.status < 300:
				s.accepted = append(s.accepted, n)
			case a.status == http.StatusServiceUnavailable:
				s.refused++
			default:
				t.Errorf("answered %d: %s", a.status, a.body)
			}
		}
	})
	return s
}

// end returns what was accepted.
func (s *submitter) end() []core.Index {
	close(s.stop)
	s.all.Wait()
	return s.accepted
}

func (c *client) takes(n core.Index) func() bool {
	return func() bool {
		a, err := c.submit(n)
		return err == nil && a.status < 300
	}
}

func TestAlive_APostgresThatFailsOverIsFollowedAndNothingAcceptedIsLost(t *testing.T) {
	t.Parallel()
	pair := servers.StartPostgresPair(t)
	address := servers.Forward(t, pair.Primary.Addr())
	s := newSystem(t)
	setting := "DATABASE_URL=" + at(t, pair.Primary.PostgresURL(), address.Addr())
	api, c := s.startAPI(setting)
	worker := s.startWorker(setting)
	health := clientOf(worker)
	eventually(t, "readiness", func() bool { return c.isReady() && health.isReady() })
	submitting := startSubmitter(t, c, 1000)
	time.Sleep(500 * time.Millisecond)

	// The name still means the old primary, which is the standby now: it answers, and it is of no use.
	pair.SwitchOver()
	begin := time.Now()
	eventually(t, "unreadiness", func() bool { return !c.isReady() && !health.isReady() })
	if a, err := c.submit(1); err != nil || a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("on a standby submissions are answered with %d %s, %v", a.status, a.body, err)
	}
	if parts := c.parts(t); parts["indexStore"].Status != "unavailable" {
		t.Errorf("on a standby the status is %v", parts)
	}
	address.Move(pair.Primary.Addr())
	took := eventually(t, "acceptance", c.takes(1))
	measured(t, "%v on the standby; accepting %v after the name moved", time.Since(begin).Round(time.Millisecond), took.Round(time.Millisecond))
	eventually(t, "readiness, again", func() bool { return c.isReady() && health.isReady() })
	time.Sleep(500 * time.Millisecond)
	accepted := submitting.end()
	for _, n := range accepted {
		eventually(t, "an accepted index", c.is(n, "calculated"))
	}
	measured(t, "%d accepted, all calculated; %d refused", len(accepted), submitting.refused)
	for _, p := range []*process{api, worker} {
		if faults := p.faults(); len(faults) > 0 {
			t.Errorf("%s: %s", p.name, faults)
		}
	}
}

func TestAlive_ARedisThatBecameAReplicaIsLeftForTheNewMaster(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	master := servers.StartRedis(t)
	address := servers.Forward(t, s.redis.Addr())
	setting := "REDIS_HOST=" + address.Addr()
	_, c := s.startAPI(setting)
	health := clientOf(s.startWorker(setting))
	c.mustSubmit(t, from(0, 50)...)
	c.awaitAll(t, 50)

	servers.Replicate(t, master, s.redis)
	master.Exec("redis-cli", "REPLICAOF", "NO", "ONE")
	s.redis.Exec("redis-cli", "REPLICAOF", "127.0.0.1", "1")
	eventually(t, "unreadiness", func() bool { return !c.isReady() && !health.isReady() })
	if parts := c.parts(t); parts["valueCache"].Status != "unavailable" || parts["workQueue"].Status != "unavailable" {
		t.Errorf("on a replica the status is %v", parts)
	}
	c.mustSubmit(t, 77) // Postgres has it
	address.Move(master.Addr())
	took := eventually(t, "the value", c.is(77, "calculated"))
	measured(t, "a value %v after the name moved", took.Round(time.Millisecond))
	eventually(t, "readiness, again", func() bool { return c.isReady() && health.isReady() })
	c.awaitAll(t, 51)
}

func TestAlive_ARedisOutOfMemoryIsNotReady(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, c := s.startAPI()
	health := clientOf(s.startWorker())
	eventually(t, "readiness", func() bool { return c.isReady() && health.isReady() })
	s.redis.Exec("redis-cli", "CONFIG", "SET", "maxmemory", "1")
	eventually(t, "unreadiness", func() bool { return !c.isReady() && !health.isReady() })
	c.mustSubmit(t, 99)
	s.redis.Exec("redis-cli", "CONFIG", "SET", "maxmemory", "0")
	eventually(t, "readiness, again", func() bool { return c.isReady() && health.isReady() })
	eventually(t, "the value", c.is(99, "calculated"))
}

func TestAlive_WhatARestoredRedisForgotIsCalculatedAgainUnasked(t *testing.T) {
	t.Parallel()
	const kept, forgotten = 200, 100
	for name, all := range map[string]bool{"by a worker that lived through it": false, "by one that started later": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t, "--save", "")
			api, c := s.startAPI()
			worker := s.startWorker()
			c.mustSubmit(t, from(0, kept)...)
			c.awaitAll(t, kept)
			s.redis.Exec("redis-cli", "SAVE")
			c.mustSubmit(t, from(kept, forgotten)...)
			c.awaitAll(t, kept+forgotten)
			s.redis.Kill()
			before := worker.calculations()
			if all {
				api.kill()
				worker.kill()
			}
			s.redis.Start()
			if all {
				_, c = s.startAPI()
				worker, before = s.startWorker(), 0
			}
			r := dial(t, s.redis.Addr())
			took := eventually(t, "the values that were forgotten", func() bool {
				there := 0
				for n := core.Index(kept); n < kept+forgotten; n++ {
					count, err := r.Exists(t.Context(), "{pisano}:value:"+n.String()).Result()
					if err != nil {
						return false
					}
					there += int(count)
				}
				return there == forgotten
			})
			c.awaitAll(t, kept+forgotten)
			again := worker.calculations() - before
			measured(t, "%d values back after %v, %d calculations", forgotten, took.Round(time.Millisecond), again)
			if again != forgotten {
				t.Errorf("%d calculations for %d values", again, forgotten)
			}
		})
	}
}

// TestAlive_WithoutDescriptorsAWarningIsLoggedAndItPasses, once a second at
// most: thousands of connections may be refused in one.
func TestAlive_WithoutDescriptorsAWarningIsLoggedAndItPasses(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -n 48 && exec "$0"`, filepath.Join(programs, "api"))
	api := launchCommand(t, "api", command, "PISANO_DATA="+filepath.Join(t.TempDir(), "pisano.db"))
	api.awaitListening()
	c := clientOf(api)
	eventually(t, "readiness", c.isReady)
	c.http.CloseIdleConnections()
	warnings := func() (count int) {
		api.mu.Lock()
		defer api.mu.Unlock()
		for _, line := range api.log {
			if strings.Contains(line, `"WARN"`) && strings.Contains(line, "too many open files") {
				count++
			}
		}
		return count
	}

	begin := time.Now()
	var held []net.Conn
	host := strings.TrimPrefix(api.url, "http://")
	for range 100 {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.Replace(host, "localhost", "127.0.0.1", 1))
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
	}
	eventually(t, "a warning", func() bool { return warnings() > 0 })
	time.Sleep(2 * time.Second)
	count, most := warnings(), int(time.Since(begin).Seconds()+2)*3 // of the server, of the file
	for _, conn := range held {
		_ = conn.Close()
	}
	measured(t, "%d warnings in %v", count, time.Since(begin).Round(time.Millisecond))
	if count > most {
		t.Errorf("%d warnings, want %d at most", count, most)
	}
	eventually(t, "an answer", c.isReady)
	a, err := c.do(http.MethodPost, "/api/indices", map[string]any{"index": 10})
	if err != nil || a.status >= 300 {
		t.Error(fmt.Sprint(a.status, string(a.body), err))
	}
}
