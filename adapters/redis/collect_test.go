package redis_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// collected are calls that wait to be served together.
type collected struct {
	t    *testing.T
	seen *observer // of the client
	all  sync.WaitGroup
}

// collect makes a call and returns once it waits. done is closed when the call has
// returned.
func (c *collected) collect(ctx context.Context, call func(ctx context.Context)) (done <-chan struct{}) {
	c.t.Helper()
	waits, returned := make(chan struct{}), make(chan struct{})
	c.all.Go(func() {
		defer close(returned)
		call(&waitingContext{Context: ctx, waits: func() { close(waits) }})
	})
	select {
	case <-waits:
	case <-time.After(servers.HangTimeout):
		c.t.Fatal("a call does not wait")
	}
	return returned
}

// waitingContext tells when its end is first waited for.
type waitingContext struct {
	context.Context
	once  sync.Once
	waits func()
}

func (c *waitingContext) Done() <-chan struct{} {
	c.once.Do(c.waits)
	return c.Context.Done()
}
