package core_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

const mebibyte = 1 << 20

// needs has the estimate of an index be as many mebibytes of memory as the
// index says, so that a worker needs half as much again.
func (dom *domain) needs() {
	dom.intercept("Calculator.Estimate", func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		intercept.Result[core.Estimate](call).Bytes = int64(intercept.Arg[core.Index](call).Abs()) * mebibyte
		return err
	})
}

// memoryUse knows which calculations run side by side.
type memoryUse struct {
	mu        sync.Mutex
	running   map[core.Index]bool
	most      core.Index          // sum of the indices that ran at a time
	together  map[core.Index]bool // those that ran beside another
	startedAt map[core.Index]time.Time
}

func (u *memoryUse) intercept(ctx context.Context, call intercept.Call) error {
	n := *intercept.Arg[core.Index](call)
	u.mu.Lock()
	u.running[n] = true
	u.startedAt[n] = time.Now()
	var sum core.Index
	for m := range u.running {
		sum += m
		if len(u.running) > 1 {
			u.together[m] = true
		}
	}
	u.most = max(u.most, sum)
	u.mu.Unlock()
	err := call.Next(ctx)
	u.mu.Lock()
	delete(u.running, n)
	u.mu.Unlock()
	return err
}

// startWorkerWith starts a worker of four calculations at a time with so many
// mebibytes.
func (dom *domain) startWorkerWith(memory int64) *memoryUse {
	use := &memoryUse{running: make(map[core.Index]bool), together: make(map[core.Index]bool), startedAt: make(map[core.Index]time.Time)}
	ports := intercept.Ports(dom.ports, intercept.On("Calculator.Calculate", use.intercept))
	dom.start(core.NewWorker(ports, core.WorkerOptions{Concurrency: 4, Memory: memory * mebibyte}, quiet).Run)
	synctest.Wait()
	return use
}

func TestMemory_OnlyWhatFitsTogetherRunsSideBySide(t *testing.T) {
	t.Parallel()
	inDomain(t, (*domain).needs, func(dom *domain) {
		dom.calculator.takes = time.Minute
		begin := time.Now()
		use := dom.startWorkerWith(1500)
		dom.submit(600) // 900 MiB
		synctest.Wait()
		dom.submit(500, 501, 100, 90, 80) // 500 does not fit beside it, and comes next
		for _, n := range []core.Index{600, 500, 501, 100, 90, 80} {
			if s := dom.wait(n); s.State != core.StateCalculated {
				dom.t.Errorf("%+v", s)
			}
		}
		dom.stopAll()
		if use.most > 1000 {
			dom.t.Errorf("calculations that need %d of 1500 MiB ran at a time", use.most*3/2)
		}
		if at := use.startedAt[500].Sub(begin); at > 65*time.Second {
			dom.t.Errorf("the one that waited first began after %v", at)
		}
		if at := use.startedAt[100].Sub(begin); at > 5*time.Second {
			dom.t.Errorf("a small one that fits began after %v", at)
		}
	})
}

func TestMemory_WhatWasDeliveredBeforeRunsAlone(t *testing.T) {
	t.Parallel()
	inDomain(t, (*domain).needs, func(dom *domain) {
		dom.calculator.takes = time.Minute
		dom.submit(50)
		if claims, err := dom.queue.Claim(dom.t.Context(), core.ClaimLimit{}); err != nil || len(claims) != 1 {
			dom.t.Fatalf("claims %+v, %v", claims, err)
		}
		time.Sleep(lease) // its worker has died
		use := dom.startWorkerWith(1000)
		dom.submit(1, 2, 3)
		for _, n := range []core.Index{50, 1, 2, 3} {
			dom.wait(n)
		}
		dom.stopAll()
		if use.together[50] || !use.together[1] {
			dom.t.Errorf("these ran beside others: %v", use.together)
		}
	})
}

func TestMemory_WhatFitsNoWorkerIsRefused(t *testing.T) {
	t.Parallel()
	inDomain(t, (*domain).needs, func(dom *domain) {
		if _, err := dom.service.Submit(dom.t.Context(), "a submitter", 5000); err != nil {
			dom.t.Errorf("refused while no worker is known: %v", err)
		}
		dom.startWorkerWith(100)
		dom.startWorkerWith(1500)
		for _, try := range []func() error{
			func() error { _, err := dom.service.Submit(dom.t.Context(), "a submitter", 10, 1001); return err },
			func() error { _, err := dom.service.Estimate(dom.t.Context(), 1001); return err },
		} {
			err := try()
			dom.wantKind(err, core.KindTooLarge)
			for _, word := range []string{"F(1001)", "1.5 GiB of memory"} {
				if err == nil || !strings.Contains(err.Error(), word) {
					dom.t.Errorf("%q does not say %q", err, word)
				}
			}
		}
		dom.submit(1000)
		if s := dom.wait(1000); s.State != core.StateCalculated {
			dom.t.Errorf("what fits the larger is %+v", s)
		}
		dom.submit(10)
		dom.wait(10)
		// Accepted before the workers were known.
		if s := dom.wait(5000); s.State != core.StateFailed || !strings.Contains(s.Reason, "memory") {
			dom.t.Errorf("what fits none is %+v", s)
		}
	})
}

func TestMemory_IsNamedInTheReasonWhereItIsLikelyToHaveRunOut(t *testing.T) {
	t.Parallel()
	for n, named := range map[core.Index]bool{400: true, 10: false} {
		inDomain(t, (*domain).needs, func(dom *domain) {
			dom.submit(n)
			for range core.MaxDeliveries {
				if claims, err := dom.queue.Claim(dom.t.Context(), core.ClaimLimit{}); err != nil || len(claims) != 1 {
					dom.t.Fatalf("claims %+v, %v", claims, err)
				}
				time.Sleep(lease)
			}
			dom.startWorkerWith(1000)
			if s := dom.wait(n); s.State != core.StateFailed || strings.Contains(s.Reason, "memory") != named {
				dom.t.Errorf("%d MiB of 1000: %+v", n*3/2, s)
			}
		})
	}
}

func TestMemory_TheWorkersAreListedOncePerClaim(t *testing.T) {
	t.Parallel()
	inDomain(t, (*domain).needs, func(dom *domain) {
		dom.submit(1000, 1001, 1002, 1003, 1004)
		var claims, lists atomic.Int64
		count := func(calls *atomic.Int64) intercept.Interceptor {
			return func(ctx context.Context, call intercept.Call) error {
				calls.Add(1)
				return call.Next(ctx)
			}
		}
		large := core.WorkerInfo{Name: "a large worker", Memory: 10_000 * mebibyte}
		if err := dom.workers.Announce(dom.t.Context(), large, core.MaxAnnouncement); err != nil {
			dom.t.Fatal(err)
		}
		ports := intercept.Ports(dom.ports, intercept.On("WorkQueue.Claim", count(&claims)), intercept.On("WorkerRegistry.List", count(&lists)))
		dom.start(core.NewWorker(ports, core.WorkerOptions{Memory: 100 * mebibyte}, quiet).Run)
		time.Sleep(lease)
		dom.stopAll()
		if lists.Load() == 0 || lists.Load() > claims.Load() {
			dom.t.Errorf("%d claims of what fits another worker listed the workers %d times", claims.Load(), lists.Load())
		}
	})
}
