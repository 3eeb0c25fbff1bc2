package core_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/intercept"
)

// takes sets the estimate of each index in the map, in seconds. Its calculation
// takes that time divided by speed. An index that is not in the map takes no time.
func takes(speed float64, seconds map[core.Index]float64) func(*domain) {
	duration := func(n core.Index) time.Duration { return time.Duration(seconds[n] * float64(time.Second)) }
	return func(dom *domain) {
		dom.intercept("Calculator.Estimate", func(ctx context.Context, call intercept.Call) error {
			*intercept.Result[core.Estimate](call) = core.Estimate{Digits: 1, Bytes: 1, Duration: duration(*intercept.Arg[core.Index](call))}
			return nil
		})
		dom.intercept("Calculator.Calculate", func(ctx context.Context, call intercept.Call) error {
			time.Sleep(time.Duration(float64(duration(*intercept.Arg[core.Index](call))) / speed))
			return call.Next(ctx)
		})
	}
}

// long are indices that take 100 seconds each.
var long = map[core.Index]float64{1001: 100, 1002: 100, 1003: 100}

// calculatedAfter waits for a value and returns how long it took.
func (dom *domain) calculatedAfter(n core.Index) time.Duration {
	dom.t.Helper()
	begin := time.Now()
	if s := dom.wait(n); s.State != core.StateCalculated {
		dom.t.Errorf("%+v", s)
	}
	return time.Since(begin)
}

func TestWorker_CalculatesShortOnesBesideALongOne(t *testing.T) {
	t.Parallel()
	inDomain(t, takes(1, long), func(dom *domain) {
		dom.startWorker() // has one slot
		dom.submit(1001, 1002)
		synctest.Wait()
		for n := range core.Index(20) {
			dom.submit(n)
			if took := dom.calculatedAfter(n); took > time.Second {
				dom.t.Fatalf("F(%d) took %v beside one that takes 100 s", n, took)
			}
		}
		if s := dom.status(1001); s.State != core.StateCalculating {
			dom.t.Errorf("the long one is %v", s.State)
		}
	})
}

func TestWorker_RunsOneMoreOnlyIfItIsShort(t *testing.T) {
	t.Parallel()
	inDomain(t, takes(1, long), func(dom *domain) {
		dom.startWorker()
		dom.submit(1001, 1002)
		if took := dom.calculatedAfter(1001); took > 101*time.Second {
			dom.t.Errorf("the first took %v", took)
		}
		if took := dom.calculatedAfter(1002); took < 99*time.Second {
			dom.t.Errorf("the second long one took %v after the first; they must not run side by side", took)
		}
	})
}

// enqueueLost enqueues recorded indices as what was lost.
func (dom *domain) enqueueLost(indices ...core.Index) {
	dom.t.Helper()
	var submissions []core.Submission
	var tasks []core.Task
	for _, n := range indices {
		submissions = append(submissions, core.Submission{Index: n, Count: 1, Reopen: true})
		tasks = append(tasks, core.Task{Index: n, Cost: dom.ports.Calculator.Estimate(n).Duration, Lane: core.LaneRecovery})
	}
	if _, err := dom.store.Record(dom.t.Context(), time.Now(), submissions); err != nil {
		dom.t.Fatal(err)
	}
	if _, err := dom.queue.Enqueue(dom.t.Context(), "", tasks...); err != nil {
		dom.t.Fatal(err)
	}
}

func TestWorker_GivesRecoveryAThirteenthWhileUsersWait(t *testing.T) {
	t.Parallel()
	seconds := make(map[core.Index]float64)
	var lost, submitted []core.Index
	for n := range core.Index(60) {
		seconds[n], seconds[100+n] = 1, 1
		lost, submitted = append(lost, n), append(submitted, 100+n)
	}
	var mu sync.Mutex
	var order []core.Index
	inDomain(t, takes(1, seconds), func(dom *domain) {
		dom.enqueueLost(lost...)
		dom.submit(submitted...)
		dom.startWorker(intercept.On("Calculator.Calculate", func(ctx context.Context, call intercept.Call) error {
			mu.Lock()
			order = append(order, *intercept.Arg[core.Index](call))
			mu.Unlock()
			return call.Next(ctx)
		}))
		dom.wait(159)
		dom.stopAll()
	})
	recovered := 0
	for _, n := range order {
		if n < 100 {
			recovered++
		}
	}
	// Long ones have weight 4, recovery 1.
	if recovered < 10 || recovered > 20 {
		t.Errorf("while 60 s of work was waited for, %d s of what was lost were worked off", recovered)
	}
}

func TestSubmit_IsNotQueuedBehindRecovery(t *testing.T) {
	t.Parallel()
	seconds := make(map[core.Index]float64)
	var lost []core.Index
	for n := range core.Index(1000) {
		seconds[n] = 3
		lost = append(lost, n)
	}
	seconds[5000] = 5
	inDomain(t, takes(1, seconds), func(dom *domain) {
		dom.enqueueLost(lost...)
		dom.startWorker()
		synctest.Wait()
		dom.submit(5000)
		if took := dom.calculatedAfter(5000); took > 10*time.Second {
			dom.t.Errorf("a newcomer of 5 s took %v behind 3,000 s of recovery", took)
		}
		dom.submit(900) // one of those that were lost
		if took := dom.calculatedAfter(900); took > 10*time.Second {
			dom.t.Errorf("a lost value that was requested took %v", took)
		}
	})
}

func TestAdmission_LeavesRecoveryOut(t *testing.T) {
	t.Parallel()
	seconds := make(map[core.Index]float64)
	for n := range core.Index(100) {
		seconds[n] = 100
	}
	inDomain(t, takes(1, seconds), func(dom *domain) {
		var lost []core.Index
		for n := range core.Index(90) {
			lost = append(lost, n)
		}
		dom.enqueueLost(lost...)
		dom.submit(95)
		// What is requested of it is charged to its submitter.
		dom.submit(1)
		backlog, err := dom.queue.Backlog(dom.t.Context(), "a submitter")
		if err != nil || backlog.Own < 200*time.Second || backlog.Tasks != 2 || backlog.RecoveryTasks != 89 {
			dom.t.Errorf("the backlog is %+v, %v", backlog, err)
		}
		_, err = dom.service.Submit(dom.t.Context(), "a submitter", 2, 3)
		dom.wantKind(err, core.KindOverloaded)
	})
}

func TestAdmission_TheWaitCountsTheWorkers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		workers []core.WorkerInfo
		speed   float64
	}{
		{nil, 1},
		{[]core.WorkerInfo{{Name: "of the previous version"}}, 1},
		{[]core.WorkerInfo{{Name: "of unknown speed", Slots: 2}}, 2},
		{[]core.WorkerInfo{{Name: "slow", Slots: 1, Speed: 0.5}, {Name: "fast", Slots: 3, Speed: 2}, {Name: "of the previous version"}}, 7.5},
	} {
		t.Run(strconv.Itoa(len(test.workers)), func(t *testing.T) {
			t.Parallel()
			inDomain(t, takes(1, map[core.Index]float64{1: 290, 2: 290}), func(dom *domain) {
				dom.submit(1)
				one := dom.waitToSubmit(2)
				for _, worker := range test.workers {
					if err := dom.workers.Announce(dom.t.Context(), worker, time.Hour); err != nil {
						dom.t.Fatal(err)
					}
				}
				got, want := dom.waitToSubmit(2), time.Duration(float64(one)/test.speed)
				if (got-want).Abs() > time.Millisecond || one < time.Second {
					dom.t.Errorf("with %+v the wait is %v, want %v; with one worker it is %v", test.workers, got, want, one)
				}
			})
		})
	}
}

// waitToSubmit returns the wait with which a submission is refused.
func (dom *domain) waitToSubmit(n core.Index) time.Duration {
	dom.t.Helper()
	_, err := dom.service.Submit(dom.t.Context(), "a submitter", n)
	dom.wantKind(err, core.KindOverloaded)
	var refusal *core.Error
	if !errors.As(err, &refusal) {
		dom.t.Fatalf("not refused: %v", err)
	}
	return refusal.Wait
}

func TestWorker_AnnouncesItsSpeed(t *testing.T) {
	t.Parallel()
	seconds := map[core.Index]float64{1: 20, 2: 20, 3: 1000}
	inDomain(t, takes(4, seconds), func(dom *domain) {
		dom.start(core.NewWorker(dom.ports, core.WorkerOptions{Concurrency: 3}, quiet).Run)
		synctest.Wait()
		estimate := func() time.Duration {
			e, err := dom.service.Estimate(dom.t.Context(), 3)
			if err != nil {
				dom.t.Fatal(err)
			}
			return e.Duration
		}
		if got := estimate(); got != 1000*time.Second {
			dom.t.Errorf("before the speed is known the estimate is %v", got)
		}
		dom.submit(1, 2)
		dom.wait(1)
		dom.wait(2)
		time.Sleep(5 * time.Second)
		workers, err := dom.workers.List(dom.t.Context())
		if err != nil || len(workers) != 1 || workers[0].Slots != 3 || workers[0].Speed < 3.9 || workers[0].Speed > 4.1 {
			dom.t.Errorf("the workers are %+v, %v", workers, err)
		}
		if got := estimate(); got < 245*time.Second || got > 255*time.Second {
			dom.t.Errorf("on a worker four times as fast the estimate is %v", got)
		}
	})
}

func TestWorker_LeavesALaneOfWhichNothingFits(t *testing.T) {
	t.Parallel()
	for _, lane := range []core.Lane{core.LaneLong, core.LaneRecovery} {
		inDomain(t, func(dom *domain) {
			takes(1, long)(dom)
			dom.intercept("Calculator.Estimate", func(ctx context.Context, call intercept.Call) error {
				err := call.Next(ctx)
				if n := *intercept.Arg[core.Index](call); n < 100 {
					intercept.Result[core.Estimate](call).Bytes = 1000 * mebibyte
				}
				return err
			})
		}, func(dom *domain) {
			// A larger worker is known, which does nothing.
			dom.start(func(ctx context.Context) {
				for ctx.Err() == nil {
					_ = dom.workers.Announce(ctx, core.WorkerInfo{Name: "large", Memory: 5000 * mebibyte}, core.MaxAnnouncement)
					select {
					case <-time.After(core.MaxAnnouncement / 2):
					case <-ctx.Done():
					}
				}
			})
			synctest.Wait()
			var large []core.Task
			for n := range core.Index(20) {
				large = append(large, core.Task{Index: n, Cost: time.Second, Lane: lane})
			}
			if _, err := dom.queue.Enqueue(dom.t.Context(), "", large...); err != nil {
				dom.t.Fatal(err)
			}
			dom.enqueueLost(1001)
			if lane == core.LaneRecovery {
				dom.submit(1002)
			}
			dom.start(core.NewWorker(dom.ports, core.WorkerOptions{Concurrency: 1, Memory: 100 * mebibyte}, quiet).Run)
			n := core.Index(1001)
			if lane == core.LaneRecovery {
				n = 1002
			}
			if took := dom.calculatedAfter(n); took > 3*time.Minute {
				dom.t.Errorf("F(%d) took %v behind tasks of lane %v that do not fit", n, took, lane)
			}
			dom.stopAll()
			claims, err := dom.queue.Claim(dom.t.Context(), core.ClaimLimit{Count: 30, Lanes: []core.Lane{lane}})
			if err != nil || slices.ContainsFunc(claims, func(c core.Claim) bool { return c.Delivery != 1 }) || len(claims) < 20 {
				dom.t.Errorf("of 20 that did not fit these are left: %+v, %v", claims, err)
			}
		})
	}
}

// The value of a long index is stored already when the worker finds its task.
func TestWorker_ChargesNoLaneForAValueThatIsKnown(t *testing.T) {
	t.Parallel()
	seconds := map[core.Index]float64{1: 1000, 2: 10}
	var lost []core.Index
	for n := core.Index(10); n < 100; n++ {
		seconds[n] = 1
		lost = append(lost, n)
	}
	inDomain(t, takes(1, seconds), func(dom *domain) {
		dom.submit(1)
		if err := dom.cache.Put(dom.t.Context(), core.Value{Index: 1, Magnitude: decimal.FromUint64(1), CalculatedAt: time.Now()}); err != nil {
			dom.t.Fatal(err)
		}
		dom.startWorker()
		time.Sleep(time.Second)
		dom.enqueueLost(lost...)
		dom.submit(2)
		if took := dom.calculatedAfter(2); took > 20*time.Second {
			dom.t.Errorf("F(2), which takes 10 s, took %v beside what is recovered", took)
		}
	})
}

// brief are indices that take 19 ms each, from 1 on, and are short.
func brief(count core.Index) (indices []core.Index, seconds map[core.Index]float64) {
	seconds = make(map[core.Index]float64)
	for n := core.Index(1); n <= count; n++ {
		indices = append(indices, n)
		seconds[n] = 0.019
	}
	return indices, seconds
}

// What one submitter may have waiting is more than another one wants to wait for.
func TestLanes_OneSubmitterDoesNotHoldUpTheShortOnesOfOthers(t *testing.T) {
	t.Parallel()
	indices, seconds := brief(4000)
	for name, submitted := range map[string]func(dom *domain, some []core.Index){
		"submitted": func(dom *domain, some []core.Index) { dom.submits("greedy", some...) },
		"enqueued by the reconciler": func(dom *domain, some []core.Index) {
			var submissions []core.Submission
			for _, n := range some {
				submissions = append(submissions, core.Submission{Index: n, Count: 1, Reopen: true})
			}
			if _, err := dom.store.Record(dom.t.Context(), time.Now(), submissions); err != nil {
				dom.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inDomain(t, takes(1, seconds), func(dom *domain) {
				for some := range slices.Chunk(indices, 200) {
					submitted(dom, some)
				}
				dom.startReconciler()
				time.Sleep(10 * time.Second) // several rounds
				dom.startWorker()
				for n := range core.Index(10) {
					dom.submits("newcomer", 10_000+n)
					if took := dom.calculatedAfter(10_000 + n); took > 3*time.Second {
						t.Errorf("F(%d) took %v behind the %d of another submitter", 10_000+n, took, len(indices))
					}
				}
				dom.wait(indices[len(indices)-1])
			})
		})
	}
}
