package batches_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/pisano-dev/pisano/adapters/internal/batches"
)

// calls are those that a test makes of a Group.
type calls struct {
	*batches.Group[int]
	served [][]int // the items of each batch
}

// begin makes a call with each of the items, one after the other, and returns where
// their errors arrive. serve is run for the batches after they were noted.
func (c *calls) begin(ctx context.Context, serve func(batch []*batches.Call[int]) error, items ...int) (all []chan error) {
	for _, item := range items {
		done := make(chan error, 1)
		go func() {
			done <- c.Do(ctx, item, func(take func() []*batches.Call[int]) error {
				batch := take()
				var served []int
				for _, call := range batch {
					served = append(served, call.Item)
				}
				c.served = append(c.served, served)
				return serve(batch)
			})
		}()
		synctest.Wait() // it is served, or waits
		all = append(all, done)
	}
	return all
}

func succeed([]*batches.Call[int]) error { return nil }

func want(t *testing.T, wanted error, all ...chan error) {
	t.Helper()
	for i, done := range all {
		if err := <-done; !errors.Is(err, wanted) {
			t.Errorf("call %d returns %v, want %v", i, err, wanted)
		}
	}
}

func (c *calls) wantServed(t *testing.T, wanted ...[]int) {
	t.Helper()
	if !slices.EqualFunc(c.served, wanted, slices.Equal) {
		t.Errorf("served %v, want %v", c.served, wanted)
	}
}

func TestDo_ServesWhatCollectsTogetherAndInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &calls{Group: batches.New[int]()}
		release := make(chan struct{})
		first := c.begin(t.Context(), func([]*batches.Call[int]) error { <-release; return nil }, 1)
		others := c.begin(t.Context(), succeed, 2, 3, 4)
		close(release)
		want(t, nil, append(first, others...)...)
		c.wantServed(t, []int{1}, []int{2, 3, 4})
	})
}

// Before it is taken a call is withdrawn; after that it is completed, also if it
// serves the others.
func TestDo_ACallerThatLeavesHarmsNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &calls{Group: batches.New[int]()}
		ctx, leave := context.WithCancel(t.Context())
		release := make(chan struct{})
		wait := func([]*batches.Call[int]) error { <-release; return nil }
		leader := c.begin(ctx, wait, 1)
		withdrawn := c.begin(ctx, wait, 2)
		other := c.begin(t.Context(), succeed, 3)
		leave()
		want(t, context.Canceled, withdrawn...)
		want(t, context.Canceled, c.begin(ctx, succeed, 4)...)
		close(release)
		want(t, nil, append(leader, other...)...)
		c.wantServed(t, []int{1}, []int{3})
	})
}

func TestDo_AFailureReachesEachCallerOfTheBatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &calls{Group: batches.New[int]()}
		failure, own := errors.New("all fail"), errors.New("one fails")
		for name, test := range map[string]struct {
			serve       func([]*batches.Call[int]) error
			one, others error
		}{
			"of all": {func([]*batches.Call[int]) error { return failure }, failure, failure},
			"of one": {func(batch []*batches.Call[int]) error { batch[0].Err = own; return nil }, own, nil},
		} {
			t.Log(name)
			if err := c.Begin(t.Context()); err != nil {
				t.Fatal(err)
			}
			all := c.begin(t.Context(), test.serve, 1, 2, 3)
			c.End()
			want(t, test.one, all[0])
			want(t, test.others, all[1:]...)
		}
	})
}

func TestDo_APanicIsAnErrorOfTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &calls{Group: batches.New[int]()}
		if err := c.Begin(t.Context()); err != nil {
			t.Fatal(err)
		}
		panicked := make(chan any, 1)
		go func() {
			defer func() { panicked <- recover() }()
			_ = c.Do(t.Context(), 1, func(take func() []*batches.Call[int]) error { take(); panic("serve") })
		}()
		synctest.Wait()
		other := c.begin(t.Context(), succeed, 2)
		c.End()
		if reason := <-panicked; reason != "serve" {
			t.Errorf("the caller that serves ends with %v", reason)
		}
		if err := <-other[0]; err == nil {
			t.Error("a call that was not served returns no error")
		}
		want(t, nil, c.begin(t.Context(), succeed, 3)...)
	})
}
