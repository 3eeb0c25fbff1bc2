package core_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// callLog is the indices of each call of each method of a worker's ports.
type callLog struct {
	mu    sync.Mutex
	calls map[string][][]core.Index
}

func (l *callLog) intercept(ctx context.Context, call intercept.Call) error {
	l.mu.Lock()
	if l.calls == nil {
		l.calls = make(map[string][][]core.Index)
	}
	l.calls[call.Name] = append(l.calls[call.Name], call.Indices())
	l.mu.Unlock()
	return call.Next(ctx)
}

// firstIndices returns 1, 2, … count.
func firstIndices(count int) []core.Index {
	indices := make([]core.Index, count)
	for i := range indices {
		indices[i] = core.Index(i + 1)
	}
	return indices
}

// costing has each calculation cost d by its estimate.
func (dom *domain) costing(d time.Duration) {
	dom.intercept("Calculator.Estimate", func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		intercept.Result[core.Estimate](call).Duration = d
		return err
	})
}

func TestBatch_SmallTasksShareTheCallsOfPorts(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		indices := firstIndices(90)
		dom.submit(indices...)
		var log callLog
		stop := dom.startWorker(log.intercept)
		for _, n := range indices {
			if s := dom.wait(n); s.State != core.StateCalculated {
				dom.t.Errorf("F(%d) is %v", n, s.State)
			}
		}
		stop()
		for _, method := range []string{
			"IndexStore.Lookup", "ValueCache.Generation", "ValueCache.Summaries", "ValueCache.Put",
			"IndexStore.MarkCalculated", "Events.Publish", "WorkQueue.Acknowledge",
		} {
			if count := len(log.calls[method]); count < 1 || count > 4 {
				dom.t.Errorf("%d calls of %s for %d tasks", count, method, len(indices))
			}
		}
	})
}

func TestBatch_LongTasksStayAlone(t *testing.T) {
	t.Parallel()
	inDomain(t, func(dom *domain) { dom.costing(time.Second) }, func(dom *domain) {
		indices := firstIndices(5)
		dom.submit(indices...)
		var log callLog
		stop := dom.startWorker(log.intercept)
		for _, n := range indices {
			dom.wait(n)
		}
		stop()
		for _, together := range log.calls["IndexStore.Lookup"] {
			if len(together) > 1 {
				dom.t.Errorf("%v are worked on together", together)
			}
		}
	})
}

func TestBatch_WhatWasDeliveredBeforeStaysAlone(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		indices := firstIndices(10)
		dom.submit(indices...)
		claims, err := dom.queue.Claim(dom.t.Context(), core.ClaimLimit{Count: 3})
		if err != nil || len(claims) != 3 {
			dom.t.Fatalf("%v, %v", claims, err)
		}
		time.Sleep(2 * lease)
		var log callLog
		stop := dom.startWorker(log.intercept)
		for _, n := range indices {
			dom.wait(n)
		}
		stop()
		for _, together := range log.calls["IndexStore.Lookup"] {
			for _, c := range claims {
				if len(together) > 1 && slices.Contains(together, c.Index) {
					dom.t.Errorf("F(%d), which may have killed its worker, is worked on with %v", c.Index, together)
				}
			}
		}
	})
}

func TestBatch_AFailureIsThatOfOneTask(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.calculator.fail = map[core.Index]error{4: errors.New("it can't be calculated")}
		indices := firstIndices(10)
		dom.submit(indices...)
		stop := dom.startWorker()
		for _, n := range indices {
			want := core.StateCalculated
			if n == 4 {
				want = core.StateFailed
			}
			if s := dom.wait(n); s.State != want {
				dom.t.Errorf("F(%d) is %v, want %v", n, s.State, want)
			}
		}
		stop()
		for _, n := range indices {
			want := 1
			if n == 4 {
				want = core.MaxDeliveries
			}
			if count := dom.calculator.begun[n]; count != want {
				dom.t.Errorf("F(%d) was calculated %d times, want %d", n, count, want)
			}
		}
	})
}

func TestBatch_AValueWithoutRoomFailsItsIndexAndNoOther(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		full := core.NewError(core.KindOverloaded, "The cache is full.")
		refuse := intercept.On("ValueCache.Put", func(ctx context.Context, call intercept.Call) error {
			if slices.Contains(call.Indices(), 4) {
				return full
			}
			return call.Next(ctx)
		})
		indices := firstIndices(10)
		dom.submit(indices...)
		dom.startWorker(refuse)
		for _, n := range indices {
			want := core.StateCalculated
			if n == 4 {
				want = core.StateFailed
			}
			if s := dom.wait(n); s.State != want {
				dom.t.Errorf("F(%d) is %v, want %v", n, s.State, want)
			}
		}
	})
}

func TestBatch_WhatIsReopenedMeanwhileIsCalculatedAgain(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		indices := firstIndices(10)
		dom.submit(indices...)
		var once sync.Once
		evict := intercept.On("IndexStore.MarkCalculated", intercept.Before(func() {
			once.Do(func() {
				dom.cache.Evict(4)
				if err := dom.store.Reopen(dom.t.Context(), 4); err != nil {
					dom.t.Error(err)
				}
			})
		}))
		stop := dom.startWorker(evict)
		for _, n := range indices {
			if s := dom.wait(n); s.State != core.StateCalculated || s.Summary == nil {
				dom.t.Errorf("F(%d) is %v", n, s.State)
			}
		}
		stop()
		if count := dom.calculator.begun[4]; count != 2 {
			dom.t.Errorf("calculated %d times", count)
		}
	})
}

func TestBatch_IsReleasedByOneCallWhenAPortIsAway(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		dom.submit(firstIndices(10)...)
		var log callLog
		stop := dom.startWorker(intercept.On("IndexStore.Lookup", unavailable), log.intercept)
		time.Sleep(10 * time.Millisecond)
		stop()
		released := log.calls["WorkQueue.Release"]
		if len(released) == 0 {
			dom.t.Error("nothing is released")
		}
		for _, together := range released {
			if len(together) != 10 {
				dom.t.Errorf("%v are released together", together)
			}
		}
	})
}
