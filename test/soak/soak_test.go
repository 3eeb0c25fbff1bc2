// Package soak keeps a Pisano on servers under load for as long as it is told, while its programs and servers are killed,
// paused, flushed and restarted, and checks that nothing is lost, nothing is wrong, no one is shut out and nothing grows. It is
// run by hand: make soak.
package soak

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	client "github.com/pisano-dev/pisano/clients/go"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

var lasts = flag.Duration("for", time.Minute, "how long the load and the faults last")

func TestMain(m *testing.M) { pisano.Main(m) }

const (
	apis    = 2
	workers = 4
)

// soak is the system under load.
type soak struct {
	t        *testing.T
	settings []string
	disk     *servers.Disk
	postgres *servers.Server
	redis    *servers.Server
	places   [apis + workers]place

	mu       sync.Mutex
	accepted map[core.Index]bool
	outcomes map[string]int // of requests and faults, by what happened
	calm     time.Time      // when the latest fault was over; zero while there is one
}

// place is where a program of the system runs, one after the other.
type place struct {
	mu      sync.RWMutex
	program *pisano.Program
	client  *pisano.Client
}

func (s *soak) start(i int) {
	name := "worker"
	if i < apis {
		name = "api"
	}
	program := pisano.Start(s.t, name, s.settings...)
	p := &s.places[i]
	p.mu.Lock()
	defer p.mu.Unlock()
	p.program, p.client = program, program.Client("")
}

// in returns the program that runs in a place.
func (s *soak) in(i int) (*pisano.Program, *pisano.Client) {
	p := &s.places[i]
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.program, p.client
}

// anAPI returns a client of one of the APIs.
func (s *soak) anAPI() *pisano.Client {
	_, c := s.in(rand.IntN(apis))
	return c
}

// count notes an outcome.
func (s *soak) count(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outcomes[fmt.Sprintf(format, args...)]++
}

//nolint:paralleltest // it is alone
func TestSoak_NothingIsLostOrWrongAndNobodyShutOut(t *testing.T) {
	disk := servers.NewDisk(t, 1<<30)
	s := &soak{
		t:        t,
		disk:     disk,
		postgres: servers.StartPostgresOn(t, disk, "-c", "max_wal_size=128MB"),
		redis:    servers.StartRedis(t, "--maxmemory", "48mb", "--maxmemory-policy", "volatile-lru", "--save", "", "--appendonly", "no"),
		accepted: make(map[core.Index]bool),
		outcomes: make(map[string]int),
		calm:     time.Now(),
	}
	s.settings = []string{
		"DATABASE_URL=" + s.postgres.PostgresURL(), "REDIS_HOST=" + s.redis.Addr(), "PISANO_CONCURRENCY=1",
		"PISANO_TRUSTED_PROXIES=127.0.0.0/8", // each user of the load says who it is
		"PISANO_MAX_BACKLOG=1m",              // of which one user soon has its share
	}
	for i := range s.places {
		s.start(i)
	}
	idle := s.measure()
	ctx, stop := context.WithTimeout(t.Context(), *lasts)
	defer stop()
	var load sync.WaitGroup
	for _, users := range []func(context.Context){s.comeNew, s.comeNew, s.push, s.repeat, s.leave, s.read, s.read, s.follow, s.follow} {
		load.Go(func() { users(ctx) })
	}
	for round := 0; ctx.Err() == nil; round++ {
		if round%10 == 0 {
			s.measure() // for the log
		}
		s.breakSomething()
		pause(ctx, 5*time.Second+rand.N(5*time.Second))
	}
	load.Wait()
	s.limitRedis("48mb") // or what is read evicts what was read before

	s.awaitAccepted()
	checked := 0
	for n := range s.accepted {
		if checked++; checked > 500 {
			break
		}
		c := s.anAPI()
		testkit.Eventually(t, "digits, which may have been evicted", func() error {
			digits, err := c.Digits(t.Context(), int64(n))
			if err != nil {
				return err
			}
			return digits.Close()
		})
		c.WantRight(n)
	}
	t.Logf("measured: %d indices accepted, all calculated; %v", len(s.accepted), s.outcomes)
	s.checkFlat(idle, s.measure())
}

// awaitAccepted waits until every accepted index is calculated. Values that were evicted are calculated again on demand, and
// evict others.
func (s *soak) awaitAccepted() {
	s.t.Helper()
	var waits errgroup.Group
	waits.SetLimit(16)
	for n := range s.accepted {
		waits.Go(func() error {
			ctx, cancel := context.WithTimeout(s.t.Context(), testkit.HangTimeout)
			defer cancel()
			for {
				state, err := s.anAPI().Wait(ctx, int64(n))
				if err == nil && state.State == client.StateCalculated {
					return nil
				}
				if ctx.Err() != nil {
					return fmt.Errorf("F(%d) is %s: %w", n, state.State, errors.Join(ctx.Err(), err))
				}
				pause(ctx, 100*time.Millisecond)
			}
		})
	}
	if err := waits.Wait(); err != nil {
		s.t.Error(err)
	}
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
