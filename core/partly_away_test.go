package core_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// partlyAway is what becomes of calls for a part of the queue that is away.
var partlyAway = intercept.Fail(core.WrapError(core.KindUnavailable, "A part of the queue can't be reached.", core.ErrPartlyAway))

// A worker holds a task of a part of the queue that is away. Its other slots go on.
func TestWorker_ClaimsAlthoughAPartOfTheQueueIsAway(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		var away atomic.Bool
		takeLong := func(ctx context.Context, call intercept.Call) error {
			if *intercept.Arg[core.Index](call) != 10 {
				return call.Next(ctx)
			}
			return intercept.Delay(20*lease)(ctx, call)
		}
		renew := func(ctx context.Context, call intercept.Call) error {
			if away.Load() && slices.Contains(call.Indices(), 10) {
				return partlyAway(ctx, call)
			}
			return call.Next(ctx)
		}
		dom.startWorkerOf2(intercept.On("Calculator.Calculate", takeLong), intercept.On("WorkQueue.Renew", renew))
		dom.submit(10)
		time.Sleep(time.Second)
		away.Store(true)
		time.Sleep(lease / 2)
		dom.submit(20)
		time.Sleep(lease / 4)
		synctest.Wait()
		if s := dom.status(20); s.State != core.StateCalculated {
			dom.t.Errorf("F(10) is in a part that is away, and F(20) is %+v", s)
		}
	})
}

// All of the queue is away, and then only a part of it.
func TestWorker_ClaimsOnceAPartOfTheQueueReturns(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		var away atomic.Bool
		away.Store(true)
		dom.startWorker(intercept.On("WorkQueue.Claim", intercept.When(away.Load, unavailable)), intercept.On("WorkQueue.Ping", partlyAway))
		dom.submit(10)
		time.Sleep(lease)
		away.Store(false)
		time.Sleep(lease)
		synctest.Wait()
		if s := dom.status(10); s.State != core.StateCalculated {
			dom.t.Errorf("a part of the queue is reached, and F(10) is %+v", s)
		}
	})
}

// The parts of the queue hang whose tasks both slots of a worker are done with.
func TestWorker_GoesOnWhileAPartOfTheQueueHangs(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		hang := func(ctx context.Context, call intercept.Call) error {
			if slices.Contains(call.Indices(), 20) {
				return call.Next(ctx)
			}
			<-ctx.Done()
			return partlyAway(ctx, call)
		}
		dom.startWorker(intercept.On("WorkQueue.Acknowledge", hang))
		for _, n := range []core.Index{10, 11} {
			dom.submit(n)
			dom.wait(n)
		}
		dom.submit(20)
		time.Sleep(lease / 2)
		synctest.Wait()
		if s := dom.status(20); s.State != core.StateCalculated {
			dom.t.Errorf("acknowledgements hang, and F(20) is %+v", s)
		}
	})
}
