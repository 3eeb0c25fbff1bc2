package system

import (
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// submitter submits index after index until it is stopped.
type submitter struct {
	stop     chan struct{}
	all      sync.WaitGroup
	accepted []core.Index
	refused  int
}

func startSubmitter(t *testing.T, c *pisano.Client, first core.Index) *submitter {
	t.Helper()
	s := &submitter{stop: make(chan struct{})}
	s.all.Go(func() {
		for n := first; ; n++ {
			select {
			case <-s.stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
			a, err := c.TrySubmit(n)
			switch {
			case err != nil:
				t.Errorf("no answer: %v", err)
			case a.StatusCode < 300:
				s.accepted = append(s.accepted, n)
			case a.StatusCode == http.StatusServiceUnavailable:
				s.refused++
			default:
				t.Errorf("answered %d: %s", a.StatusCode, a.Text)
			}
		}
	})
	return s
}

// end stops the submitter and returns what was accepted.
func (s *submitter) end() []core.Index {
	close(s.stop)
	s.all.Wait()
	return s.accepted
}

func TestFailover_OfPostgresLosesNothing(t *testing.T) {
	t.Parallel()
	pair := servers.StartPostgresPair(t)
	address := servers.Forward(t, pair.Primary.Addr())
	s := newSystem(t)
	setting := "DATABASE_URL=" + at(t, pair.Primary.PostgresURL(), address.Addr())
	api, c := s.startAPI(setting)
	worker := s.startWorker(setting)
	health := worker.Client("")
	testkit.Eventually(t, "readiness", all(c.Ready, health.Ready))
	submitting := startSubmitter(t, c, 1000)
	time.Sleep(500 * time.Millisecond)

	// The name still leads to the old primary, which is the standby now: it answers, and can't record anything.
	pair.SwitchOver()
	begin := time.Now()
	testkit.Eventually(t, "unreadiness", all(c.Unready, health.Unready))
	if a, err := c.TrySubmit(1); err != nil || a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
		t.Errorf("on a standby submissions are answered with %d %s, %v", a.StatusCode, a.Text, err)
	}
	if parts := c.Parts(); parts["indexStore"].Status != "unavailable" {
		t.Errorf("on a standby the status is %v", parts)
	}
	address.Move(pair.Primary.Addr())
	took := testkit.Eventually(t, "acceptance", accepts(c))
	measured(t, "%v on the standby; accepting %v after the name moved", time.Since(begin).Round(time.Millisecond), took.Round(time.Millisecond))
	testkit.Eventually(t, "readiness, again", all(c.Ready, health.Ready))
	time.Sleep(500 * time.Millisecond)
	accepted := submitting.end()
	for _, n := range accepted {
		testkit.Eventually(t, "an accepted index", c.Is(n, "calculated"))
	}
	measured(t, "%d accepted, all calculated; %d refused", len(accepted), submitting.refused)
	for _, p := range []*pisano.Program{api, worker} {
		if faults := p.Faults(); len(faults) > 0 {
			t.Errorf("%s: %s", p.Name, faults)
		}
	}
}

func TestFailover_OfRedisIsFollowed(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	master := servers.StartRedis(t)
	address := servers.Forward(t, s.redis.Addr())
	setting := "REDIS_HOST=" + address.Addr()
	_, c := s.startAPI(setting)
	health := s.startWorker(setting).Client("")
	c.MustSubmit(from(0, 50)...)
	c.AwaitAll(50)

	servers.Replicate(t, master, s.redis)
	master.Exec("redis-cli", "REPLICAOF", "NO", "ONE")
	s.redis.Exec("redis-cli", "REPLICAOF", "127.0.0.1", "1")
	testkit.Eventually(t, "unreadiness", all(c.Unready, health.Unready))
	if parts := c.Parts(); parts["valueCache"].Status != "unavailable" || parts["workQueue"].Status != "unavailable" {
		t.Errorf("on a replica the status is %v", parts)
	}
	c.MustSubmit(77) // Postgres has it
	address.Move(master.Addr())
	took := testkit.Eventually(t, "the value", c.Is(77, "calculated"))
	measured(t, "a value %v after the name moved", took.Round(time.Millisecond))
	testkit.Eventually(t, "readiness, again", all(c.Ready, health.Ready))
	c.AwaitAll(51)
}

func TestReadiness_FailsWhenRedisIsOutOfMemory(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, c := s.startAPI()
	health := s.startWorker().Client("")
	testkit.Eventually(t, "readiness", all(c.Ready, health.Ready))
	s.redis.Exec("redis-cli", "CONFIG", "SET", "maxmemory", "1")
	testkit.Eventually(t, "unreadiness", all(c.Unready, health.Unready))
	c.MustSubmit(99)
	s.redis.Exec("redis-cli", "CONFIG", "SET", "maxmemory", "0")
	testkit.Eventually(t, "readiness, again", all(c.Ready, health.Ready))
	testkit.Eventually(t, "the value", c.Is(99, "calculated"))
}

func TestRedisLoss_IsCompletedAfterABackupIsRestored(t *testing.T) {
	t.Parallel()
	const kept, forgotten = 200, 100
	for name, all := range map[string]bool{"by a worker that lived through it": false, "by one that started later": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t, "--save", "")
			api, c := s.startAPI()
			worker := s.startWorker()
			c.MustSubmit(from(0, kept)...)
			c.AwaitAll(kept)
			s.redis.Exec("redis-cli", "SAVE")
			c.MustSubmit(from(kept, forgotten)...)
			c.AwaitAll(kept + forgotten)
			s.redis.Kill()
			before := worker.Calculations()
			if all {
				api.Kill()
				worker.Kill()
			}
			s.redis.Start()
			if all {
				_, c = s.startAPI()
				worker, before = s.startWorker(), 0
			}
			r := dial(t, s.redis.Addr())
			took := testkit.Eventually(t, "the lost values", testkit.True(func() bool {
				there := 0
				for n := core.Index(kept); n < kept+forgotten; n++ {
					count, err := r.Exists(t.Context(), "{pisano}:value:"+n.String()).Result()
					if err != nil {
						return false
					}
					there += int(count)
				}
				return there == forgotten
			}))
			c.AwaitAll(kept + forgotten)
			again := worker.Calculations() - before
			measured(t, "%d values back after %v, %d calculations", forgotten, took.Round(time.Millisecond), again)
			if again != forgotten {
				t.Errorf("%d calculations for %d values", again, forgotten)
			}
		})
	}
}

// A warning is logged once a second at most: thousands of connections may be refused in one.
func TestDescriptors_ExhaustedAreLoggedAndRecovered(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -n 48 && exec "$0"`, pisano.Path("api"))
	api := pisano.LaunchCommand(t, "api", command, "PISANO_DATA="+filepath.Join(t.TempDir(), "pisano.db"))
	api.AwaitListening()
	c := api.Client("/api")
	testkit.Eventually(t, "readiness", c.Ready)
	warnings := func() (count int) {
		for _, line := range api.Log() {
			if strings.Contains(line, `"WARN"`) && strings.Contains(line, "too many open files") {
				count++
			}
		}
		return count
	}

	begin := time.Now()
	var held []net.Conn
	for range 100 {
		conn, err := c.Dial()
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
	}
	testkit.Eventually(t, "a warning", testkit.True(func() bool { return warnings() > 0 }))
	time.Sleep(2 * time.Second)
	count, most := warnings(), int(time.Since(begin).Seconds()+2)*3 // of the server, of the file
	for _, conn := range held {
		_ = conn.Close()
	}
	measured(t, "%d warnings in %v", count, time.Since(begin).Round(time.Millisecond))
	if count > most {
		t.Errorf("%d warnings, want %d at most", count, most)
	}
	testkit.Eventually(t, "an answer", c.Ready)
	c.MustSubmit(10)
}
