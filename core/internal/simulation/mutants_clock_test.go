package simulation_test

import (
	"context"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/internal/simulation"
)

var clockMutants = map[string]simulation.Mutant{
	"a claim is for ever once the clock is set back": {QueueClock: heldByTheClock},
	"a lease expires by the clock of its worker":     {WorkerClock: expireByClock},
}

// until keeps by which time something expires.
type until[K comparable] struct {
	mu  sync.Mutex
	all map[K]time.Time
}

func (u *until[K]) set(k K, at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.all == nil {
		u.all = make(map[K]time.Time)
	}
	u.all[k] = at
}

func (u *until[K]) of(k K) (at time.Time, known bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	at, known = u.all[k]
	return at, known
}

func (u *until[K]) forget(k K) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.all, k)
}

// heldByTheClock returns a queue in which a lease lasts until the wall clock
// shows the time at which it was to expire.
func heldByTheClock(queue core.WorkQueue, now func() time.Time) core.WorkQueue {
	var leases until[core.Index]
	forget := func(ctx context.Context, call intercept.Call) error {
		for _, c := range *intercept.Arg[[]core.Claim](call) {
			leases.forget(c.Index)
		}
		return call.Next(ctx)
	}
	return intercept.Ports(core.Ports{Queue: queue},
		intercept.On("WorkQueue.Acknowledge", forget),
		intercept.On("WorkQueue.Release", forget),
		intercept.On("WorkQueue.Renew", func(ctx context.Context, call intercept.Call) error {
			for _, r := range *intercept.Arg[[]core.Renewal](call) {
				leases.set(r.Claim.Index, now().Add(r.Claim.Lease))
			}
			return call.Next(ctx)
		}),
		intercept.On("WorkQueue.Claim", func(ctx context.Context, call intercept.Call) error {
			err := call.Next(ctx)
			claims := intercept.Result[[]core.Claim](call)
			var free []core.Claim
			for _, c := range *claims {
				if end, known := leases.of(c.Index); known && c.Delivery > 1 && end.After(now()) {
					_ = queue.Release(ctx, c)
					continue
				}
				leases.set(c.Index, now().Add(c.Lease))
				free = append(free, c)
			}
			*claims = free
			return err
		})).Queue
}

// expireByClock has a worker take a lease for lost that by its wall clock was
// renewed too long ago.
func expireByClock(ports core.Ports, now func() time.Time) core.Ports {
	var leases until[string]
	return intercept.Ports(ports,
		intercept.On("WorkQueue.Claim", func(ctx context.Context, call intercept.Call) error {
			begin := now()
			err := call.Next(ctx)
			for _, c := range *intercept.Result[[]core.Claim](call) {
				leases.set(c.Token, begin.Add(c.Lease))
			}
			return err
		}),
		intercept.On("WorkQueue.Renew", func(ctx context.Context, call intercept.Call) error {
			for _, r := range *intercept.Arg[[]core.Renewal](call) {
				if end, known := leases.of(r.Claim.Token); known && now().After(end) {
					*intercept.Result[[]core.Claim](call) = []core.Claim{r.Claim}
					return nil
				}
				leases.set(r.Claim.Token, now().Add(r.Claim.Lease))
			}
			return call.Next(ctx)
		}))
}
