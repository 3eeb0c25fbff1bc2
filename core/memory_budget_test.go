package core_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

const mebibyte = 1 << 20

// needs has the estimate of an index be as many mebibytes of memory as the
// index says, so that a worker needs half as much again.
func (w *world) needs() {
	w.intercept("Calculator.Estimate", func(ctx context.Context, call intercept.Call) error {
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
func (w *world) startWorkerWith(memory int64) *memoryUse {
	use := &memoryUse{running: make(map[core.Index]bool), together: make(map[core.Index]bool), startedAt: make(map[core.Index]time.Time)}
	ports := intercept.Ports(w.ports, intercept.On("Calculator.Calculate", use.intercept))
	w.start(core.NewWorker(ports, core.WorkerOptions{Concurrency: 4, Memory: memory * mebibyte}, quiet).Run)
	synctest.Wait()
	return use
}

func TestMemory_OnlyWhatFitsTogetherRunsSideBySide(t *testing.T) {
	t.Parallel()
	inWorld(t, (*world).needs, func(w *world) {
		w.calculator.takes = time.Minute
		begin := time.Now()
		use := w.startWorkerWith(1500)
		w.submit(600) // 900 MiB
		synctest.Wait()
		w.submit(500, 501, 100, 90, 80) // 500 does not fit beside it, and comes next
		for _, n := range []core.Index{600, 500, 501, 100, 90, 80} {
			if s := w.wait(n); s.State != core.StateCalculated {
				w.t.Errorf("%+v", s)
			}
		}
		w.stopAll()
		if use.most > 1000 {
			w.t.Errorf("calculations that need %d of 1500 MiB ran at a time", use.most*3/2)
		}
		if at := use.startedAt[500].Sub(begin); at > 65*time.Second {
			w.t.Errorf("the one that waited first began after %v", at)
		}
		if at := use.startedAt[100].Sub(begin); at > 5*time.Second {
			w.t.Errorf("a small one that fits began after %v", at)
		}
	})
}

func TestMemory_WhatWasDeliveredBeforeRunsAlone(t *testing.T) {
	t.Parallel()
	inWorld(t, (*world).needs, func(w *world) {
		w.calculator.takes = time.Minute
		w.submit(50)
		if claims, err := w.queue.Claim(w.t.Context(), core.ClaimLimit{}); err != nil || len(claims) != 1 {
			w.t.Fatalf("claims %+v, %v", claims, err)
		}
		time.Sleep(lease) // its worker has died
		use := w.startWorkerWith(1000)
		w.submit(1, 2, 3)
		for _, n := range []core.Index{50, 1, 2, 3} {
			w.wait(n)
		}
		w.stopAll()
		if use.together[50] || !use.together[1] {
			w.t.Errorf("these ran beside others: %v", use.together)
		}
	})
}

func TestMemory_WhatFitsNoWorkerIsRefused(t *testing.T) {
	t.Parallel()
	inWorld(t, (*world).needs, func(w *world) {
		if _, err := w.service.Submit(w.t.Context(), "a submitter", 5000); err != nil {
			w.t.Errorf("refused while no worker is known: %v", err)
		}
		w.startWorkerWith(100)
		w.startWorkerWith(1500)
		for _, try := range []func() error{
			func() error { _, err := w.service.Submit(w.t.Context(), "a submitter", 10, 1001); return err },
			func() error { _, err := w.service.Estimate(w.t.Context(), 1001); return err },
		} {
			err := try()
			w.wantKind(err, core.KindTooLarge)
			for _, word := range []string{"F(1001)", "1.5 GiB of memory"} {
				if err == nil || !strings.Contains(err.Error(), word) {
					w.t.Errorf("%q does not say %q", err, word)
				}
			}
		}
		w.submit(1000)
		if s := w.wait(1000); s.State != core.StateCalculated {
			w.t.Errorf("what fits the larger is %+v", s)
		}
		w.submit(10)
		w.wait(10)
		// Accepted before the workers were known.
		if s := w.wait(5000); s.State != core.StateFailed || !strings.Contains(s.Reason, "memory") {
			w.t.Errorf("what fits none is %+v", s)
		}
	})
}

func TestMemory_IsNamedWhereItIsLikelyToHaveRunOut(t *testing.T) {
	t.Parallel()
	for n, named := range map[core.Index]bool{400: true, 10: false} {
		inWorld(t, (*world).needs, func(w *world) {
			w.submit(n)
			for range core.MaxDeliveries {
				if claims, err := w.queue.Claim(w.t.Context(), core.ClaimLimit{}); err != nil || len(claims) != 1 {
					w.t.Fatalf("claims %+v, %v", claims, err)
				}
				time.Sleep(lease)
			}
			w.startWorkerWith(1000)
			if s := w.wait(n); s.State != core.StateFailed || strings.Contains(s.Reason, "memory") != named {
				w.t.Errorf("%d MiB of 1000: %+v", n*3/2, s)
			}
		})
	}
}
