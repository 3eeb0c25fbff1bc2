package system

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/internal/testkit"
)

// The lease of the programs is five seconds; here it is longer than a busy machine stands still. Everything else is as in the programs.
func TestLease_IsRenewedDuringALongCalculation(t *testing.T) {
	t.Parallel()
	const lease, takes = 15 * time.Second, 45 * time.Second
	s := newSystem(t)
	_, c := s.startAPI()

	log := slog.New(slog.DiscardHandler)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	var begun [2]atomic.Int64
	var queue core.WorkQueue
	for i := range begun {
		db, err := postgres.New(s.database())
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		client, err := redis.New(redis.Options{Addrs: []string{s.redis.Addr()}})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = client.Close() }()
		queue = client.WorkQueue(lease)
		ports := intercept.Ports(core.Ports{
			Store: db.IndexStore(), Cache: client.ValueCache(), Queue: queue, Workers: client.WorkerRegistry(),
			Events: client.Events(), Calculator: fibonacci.New(),
		},
			intercept.On("Calculator.Calculate", intercept.Before(func() { begun[i].Add(1) })),
			intercept.On("Calculator.Calculate", intercept.Delay(takes)),
		)
		running.Go(func() {
			core.NewWorker(ports, core.WorkerOptions{Concurrency: 1}, log).Run(ctx)
		})
		running.Go(func() { core.NewReconciler(ports, core.ReconcilerOptions{}, log).Run(ctx) })
	}
	begin := time.Now()
	c.MustSubmit(777)
	testkit.Eventually(t, "the value", c.Is(777, "calculated"))
	took := time.Since(begin)
	// An acknowledged task is out of the queue and can't be claimed again.
	testkit.Eventually(t, "an empty queue", testkit.True(func() bool {
		backlog, err := queue.Backlog(t.Context(), "")
		return err == nil && backlog.Tasks == 0
	}))
	if first, second := begun[0].Load(), begun[1].Load(); first+second != 1 {
		t.Errorf("begun %d times by one worker and %d times by the other", first, second)
	}
	measured(t, "a calculation of %v under leases of %v: done once, after %v", takes, lease, took.Round(time.Millisecond))
}
