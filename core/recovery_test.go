package core_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/intercept"
)

// eachTakes has each calculation take as long as is estimated.
func eachTakes(d time.Duration) func(*domain) {
	return func(dom *domain) {
		dom.calculator.takes = d
		dom.intercept("Calculator.Estimate", func(ctx context.Context, call intercept.Call) error {
			err := call.Next(ctx)
			intercept.Result[core.Estimate](call).Duration = d
			return err
		})
	}
}

// recordMany records the indices from first on, a second apart.
func (dom *domain) recordMany(first core.Index, count int) []core.Record {
	dom.t.Helper()
	var all []core.Record
	begin := time.Now().Add(-time.Duration(count) * time.Second)
	for i := range count {
		at := begin.Add(time.Duration(i) * time.Second)
		records, err := dom.store.Record(dom.t.Context(), at, []core.Submission{{Index: first + core.Index(i), Count: 1, Reopen: true}})
		if err != nil {
			dom.t.Fatal(err)
		}
		all = append(all, records...)
	}
	return all
}

// lose records indices whose values were lost.
func (dom *domain) lose(first core.Index, count int) {
	dom.t.Helper()
	for _, r := range dom.recordMany(first, count) {
		if _, err := dom.store.MarkCalculated(dom.t.Context(), "lost", core.Mark{Index: r.Index, Revision: r.Revision}); err != nil {
			dom.t.Fatal(err)
		}
	}
}

func (dom *domain) backlog() core.Backlog {
	dom.t.Helper()
	backlog, err := dom.queue.Backlog(dom.t.Context(), "")
	if err != nil {
		dom.t.Fatal(err)
	}
	return backlog
}

// values returns the indices of the values that are in the cache, in the order of
// their list.
func (dom *domain) values() []core.Index {
	dom.t.Helper()
	list, err := dom.service.Values(dom.t.Context(), core.Position{}, 1<<20)
	if err != nil {
		dom.t.Fatal(err)
	}
	var indices []core.Index
	for _, s := range list {
		indices = append(indices, s.Index)
	}
	return indices
}

func TestRecovery_HoldsUpNoNewcomer(t *testing.T) {
	t.Parallel()
	inDomain(t, eachTakes(time.Second), func(dom *domain) {
		dom.lose(1000, 6000)
		dom.startWorker()
		dom.startReconciler()
		time.Sleep(time.Minute)
		if len(dom.values()) == 0 {
			t.Error("nothing is recovered after a minute")
		}
		begin := time.Now()
		dom.submit(77)
		dom.wait(77)
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("F(77), a second's work, took %v while values are recovered", took)
		}
	})
}

func TestRecovery_IsNotCountedByAdmission(t *testing.T) {
	t.Parallel()
	inDomain(t, eachTakes(10*time.Second), func(dom *domain) {
		dom.lose(1000, 3000)
		dom.startReconciler()
		time.Sleep(time.Minute)
		if b := dom.backlog(); b.All != 0 || b.RecoveryTasks == 0 || b.Recovery > 40*time.Second {
			t.Errorf("the backlog is %+v; recovery must be bounded and a lane of its own", b)
		}
		dom.submit(77)
	})
}

func TestRecovery_IsComplete(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		const count = 5000
		dom.lose(1000, count)
		dom.startWorker()
		dom.startReconciler()
		time.Sleep(5 * time.Minute)
		if got := len(dom.values()); got != count {
			t.Errorf("%d of %d values are recovered", got, count)
		}
		if b := dom.backlog(); b.RecoveryTasks != 0 {
			t.Errorf("the backlog is %+v", b)
		}
	})
}

// The cache has room for a few of the values that were lost: it must hold those
// that were last submitted, and none may have to leave it.
func TestRecovery_EndsWhereTheCacheIsFull(t *testing.T) {
	t.Parallel()
	const count, most = 100, 40
	bounded := func(dom *domain) {
		dom.intercept("ValueCache.Room", func(ctx context.Context, call intercept.Call) error {
			*intercept.Result[core.Room](call) = core.Room{Total: most << 10, Free: max(0, most-int64(len(dom.values()))) << 10}
			return nil
		})
	}
	inDomain(t, bounded, func(dom *domain) {
		dom.lose(1, count)
		dom.startWorker()
		dom.startReconciler()
		time.Sleep(5 * time.Minute)
		got := dom.values()
		slices.Sort(got)
		if len(got) < most/2 || len(got) > most {
			t.Fatalf("%d values are recovered into room for %d", len(got), most)
		}
		if oldest, want := got[0], core.Index(count-len(got)+1); oldest != want {
			t.Errorf("the %d values recovered reach back to %d, want those last submitted, back to %d", len(got), oldest, want)
		}
		if status := dom.wait(1); status.State != core.StateCalculated {
			t.Errorf("a value that found no room is %v when it is requested", status.State)
		}
	})
}

// A value that is stored while the reconciler reads what is lost takes its room.
func TestRecovery_CountsWhatIsStoredMeanwhile(t *testing.T) {
	t.Parallel()
	const count, most, usable = 20, 10, 9
	inDomain(t, func(dom *domain) {
		dom.intercept("ValueCache.Room", func(ctx context.Context, call intercept.Call) error {
			*intercept.Result[core.Room](call) = core.Room{Total: most << 10, Free: int64(most-len(dom.values())) << 10}
			return nil
		})
		dom.intercept("IndexStore.Lost", intercept.Before(func() { dom.finishOne() }))
	}, func(dom *domain) {
		dom.lose(1, count)
		dom.startReconciler()
		time.Sleep(5 * time.Minute)
		if got := len(dom.values()); got != usable {
			dom.t.Errorf("%d values are recovered, want %d: a tenth of the room for %d stays free", got, usable, most)
		}
	})
}

// finishOne does what a worker does with the task that is next, if there is one.
func (dom *domain) finishOne() {
	ctx := dom.t.Context()
	claims, err := dom.queue.Claim(ctx, core.ClaimLimit{Count: 1})
	if err != nil || len(claims) == 0 {
		return
	}
	n := claims[0].Index
	put := dom.cache.Put(ctx, core.Value{Index: n, Magnitude: decimal.FromUint64(1), CalculatedAt: time.Now()})
	_, mark := dom.store.MarkCalculated(ctx, dom.generation(), core.Mark{Index: n, Revision: dom.record(n).Revision})
	acknowledge := dom.queue.Acknowledge(ctx, claims...)
	if err := errors.Join(put, mark, acknowledge); err != nil {
		dom.t.Error(err)
	}
}

func TestRecovery_OnDemandWaitsForRequests(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.lose(1, 100)
		dom.startWorker()
		dom.start(core.NewReconciler(dom.ports, core.ReconcilerOptions{Recovery: core.RecoverOnDemand}, quiet).Run)
		time.Sleep(time.Minute)
		if got := dom.values(); len(got) != 0 {
			t.Errorf("%v are recovered unrequested", got)
		}
		dom.wait(50)
		if got := dom.values(); !slices.Equal(got, []core.Index{50}) {
			t.Errorf("%v are recovered, want 50, which was requested", got)
		}
	})
}

func TestRecovery_KeepsTheOrderOfTheList(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.startWorker()
		dom.startReconciler()
		for _, n := range []core.Index{5, 3, 9} {
			dom.submit(n)
			dom.wait(n)
			time.Sleep(time.Second)
		}
		dom.cache.Flush()
		dom.submit(7)
		time.Sleep(time.Minute)
		if got, want := dom.values(), []core.Index{7, 9, 3, 5}; !slices.Equal(got, want) {
			t.Errorf("after a flush and a submission, the values are %v, want %v", got, want)
		}
	})
}

// An index that is requested while it waits to be recovered is work that a user
// waits for.
func TestRecovery_ARequestedValueLeavesTheLane(t *testing.T) {
	t.Parallel()
	inDomain(t, eachTakes(time.Second), func(dom *domain) {
		dom.lose(1, 20)
		dom.startReconciler()
		time.Sleep(10 * time.Second)
		jobs, err := dom.queue.Jobs(t.Context(), 1)
		if err != nil || jobs[1].Lane != core.LaneRecovery {
			t.Fatalf("the lost value is in the queue as %+v, %v", jobs, err)
		}
		dom.status(1)
		if jobs, err = dom.queue.Jobs(t.Context(), 1); err != nil || jobs[1].Lane == core.LaneRecovery {
			t.Errorf("the requested value is in the queue as %+v, %v", jobs, err)
		}
	})
}

func TestReconciler_ServesAnOldPendingIndexBehindManyNewOnes(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		const old = 7
		dom.recordMany(old, 1)
		time.Sleep(2 * time.Hour)
		dom.recordMany(1000, 6000)
		dom.startReconciler()
		time.Sleep(10 * time.Second)
		jobs, err := dom.queue.Jobs(t.Context(), old, 1000+5999)
		if err != nil || len(jobs) != 2 {
			t.Errorf("of the oldest and the newest of 6,001 pending indices, %v are in the queue, %v", jobs, err)
		}
	})
}

func TestReconciler_LeavesRoomForSubmissions(t *testing.T) {
	t.Parallel()
	inDomain(t, eachTakes(10*time.Second), func(dom *domain) {
		dom.recordMany(1000, 3000)
		dom.startReconciler()
		time.Sleep(time.Minute)
		if b := dom.backlog(); b.All == 0 || b.All > core.DefaultMaxBacklog/2 {
			t.Errorf("%v of pending work are in the queue", b.All)
		}
		dom.submit(77)
	})
}

// A lost value that can't be calculated is left like one that was evicted: the
// others are recovered, and who requests it learns why it fails.
func TestRecovery_WhatFailsIsLeftUntilItIsRequested(t *testing.T) {
	t.Parallel()
	inDomain(t, func(dom *domain) {
		eachTakes(40 * time.Second)(dom) // more than recovery has in the queue at a time
		dom.calculator.fail = map[core.Index]error{1004: core.NewError(core.KindInternal, "It is cursed.")}
	}, func(dom *domain) {
		dom.lose(1000, 5) // F(1004) comes first
		stop := dom.startWorker()
		dom.startReconciler()
		time.Sleep(core.MaxDeliveries*2*lease + 4*50*time.Second)
		if got := dom.values(); len(got) != 4 {
			dom.t.Errorf("recovered: %v, want all but F(1004)", got)
		}
		if lost, err := dom.store.CountLost(dom.t.Context(), dom.generation(), 10); lost != 0 || err != nil {
			dom.t.Errorf("%d values are lost, %v", lost, err)
		}
		time.Sleep(time.Hour)
		stop()
		if n := dom.calculator.begun[1004]; n != core.MaxDeliveries {
			dom.t.Errorf("calculated %d times, want %d", n, core.MaxDeliveries)
		}
		dom.startWorker()
		dom.submit(1004)
		time.Sleep(core.MaxDeliveries * 2 * lease)
		if s := dom.status(1004); s.State != core.StateFailed || s.Reason != "It is cursed." {
			dom.t.Errorf("requested again: %+v", s)
		}
	})
}

func (dom *domain) generation() string {
	dom.t.Helper()
	generation, err := dom.cache.Generation(dom.t.Context())
	if err != nil {
		dom.t.Fatal(err)
	}
	return generation
}

// One pending index that takes longer than what is enqueued at a time holds up no
// short one.
func TestReconciler_EnqueuesShortOnesBesideALongOne(t *testing.T) {
	t.Parallel()
	inDomain(t, func(dom *domain) {
		dom.intercept("Calculator.Estimate", func(ctx context.Context, call intercept.Call) error {
			err := call.Next(ctx)
			if *intercept.Arg[core.Index](call) >= 2000 {
				intercept.Result[core.Estimate](call).Duration = time.Hour
			}
			return err
		})
	}, func(dom *domain) {
		dom.recordMany(1000, 500)
		dom.recordMany(2000, 1) // the newest
		dom.startReconciler()
		time.Sleep(5 * time.Second)
		if b := dom.backlog(); b.Tasks != 501 {
			dom.t.Errorf("%d tasks are in the queue of 501", b.Tasks)
		}
	})
}
