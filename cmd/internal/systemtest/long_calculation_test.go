package systemtest

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// slowCalculator takes a set time for everything.
type slowCalculator struct {
	fibonacci.Calculator
	takes time.Duration
	begun atomic.Int64
}

func (c *slowCalculator) Calculate(ctx context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	c.begun.Add(1)
	select {
	case <-time.After(c.takes):
	case <-ctx.Done():
		return decimal.Natural{}, context.Cause(ctx)
	}
	return c.Calculator.Calculate(ctx, n, progress)
}

// The claim period of the programs is five seconds; here it is two, so that
// five of them pass quickly. Everything but the time is as in the programs.
func TestCalculationFiveTimesAsLongAsAClaimIsDoneOnceByItsWorker(t *testing.T) {
	t.Parallel()
	const claimPeriod = 2 * time.Second
	s := newSystem(t)
	_, c := s.startAPI()

	log := slog.New(slog.DiscardHandler)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	calculators := make([]*slowCalculator, 2)
	for i := range calculators {
		store, err := postgres.New(databaseURL(s))
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		client, err := redis.New(redis.Options{Addrs: []string{s.redis.Addr()}})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = client.Close() }()
		calculators[i] = &slowCalculator{takes: 5 * claimPeriod}
		ports := core.Ports{
			Store: store, Cache: redis.ValueCache{Client: client}, Queue: redis.NewWorkQueue(client, claimPeriod),
			Events: redis.Events{Client: client}, Calculator: calculators[i],
		}
		running.Go(func() {
			core.NewWorker(ports, core.WorkerOptions{Concurrency: 1, ClaimPeriod: claimPeriod}, log).Run(ctx)
		})
		running.Go(func() { core.NewReconciler(ports, log).Run(ctx) })
	}
	begin := time.Now()
	c.mustSubmit(t, 777)
	eventually(t, "the value", 30*time.Second, c.is(777, "calculated"))
	took := time.Since(begin)
	time.Sleep(2 * claimPeriod) // would it be claimed again?
	if first, second := calculators[0].begun.Load(), calculators[1].begun.Load(); first+second != 1 {
		t.Errorf("begun %d times by one worker and %d times by the other", first, second)
	}
	measured(t, "a calculation of %v under claims of %v: done once, after %v", 5*claimPeriod, claimPeriod, took.Round(time.Millisecond))
}

// databaseURL is the database of a system.
func databaseURL(s *system) string {
	for _, setting := range s.settings {
		if url, found := strings.CutPrefix(setting, "DATABASE_URL="); found {
			return url
		}
	}
	panic("a system has a database")
}
