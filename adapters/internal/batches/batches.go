// Package batches serves concurrent calls of one process together.
package batches

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// A Group serves calls of this process one batch after another, in their order:
// what collects while a batch is served is the next one, and one of its callers
// serves it for all.
type Group[T any] struct {
	turn    chan struct{} // of one place, which the caller that serves takes
	mu      sync.Mutex
	waiting []*Call[T]
}

// Call is a call of Do.
type Call[T any] struct {
	Item T
	Err  error // what Do returns

	done chan struct{} // closed when Err is set
}

// New returns a Group without calls.
func New[T any]() *Group[T] { return &Group[T]{turn: make(chan struct{}, 1)} }

// errAbandoned is the error of the calls of a batch whose serve panicked.
var errAbandoned = errors.New("a call that was served together with this one panicked")

// Do has item served and returns the error of its call. If ctx ends while it waits,
// it isn't served.
//
// serve receives the calls that wait from take, and none is withdrawn from then on.
// It sets their errors, or returns one that is that of all; without a call of take
// that of its own caller.
func (g *Group[T]) Do(ctx context.Context, item T, serve func(take func() []*Call[T]) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	own := &Call[T]{Item: item, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, own)
	g.mu.Unlock()
	select {
	case g.turn <- struct{}{}:
		g.serve(own, serve)
	case <-own.done:
	case <-ctx.Done():
		if g.withdraw(own) {
			return ctx.Err()
		}
	}
	<-own.done
	return own.Err
}

// serve serves what waits, unless another caller has served own meanwhile, and ends
// the turn.
func (g *Group[T]) serve(own *Call[T], serve func(take func() []*Call[T]) error) {
	defer g.End()
	select {
	case <-own.done:
		return
	default:
	}
	var batch []*Call[T]
	err := errAbandoned
	defer func() {
		if g.withdraw(own) {
			batch = append(batch, own)
		}
		for _, c := range batch {
			if err != nil {
				c.Err = err
			}
			close(c.done)
		}
	}()
	err = serve(func() []*Call[T] {
		g.mu.Lock()
		defer g.mu.Unlock()
		batch, g.waiting = g.waiting, nil
		return batch
	})
}

// withdraw removes a call from those that wait, and reports whether it did.
func (g *Group[T]) withdraw(c *Call[T]) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting, c)
	if i < 0 {
		return false
	}
	g.waiting = slices.Delete(g.waiting, i, i+1)
	return true
}

// Begin waits until no batch is served, and keeps others from being served until
// End. If ctx ends before, it returns its error.
func (g *Group[T]) Begin(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case g.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// End ends what Begin began.
func (g *Group[T]) End() { <-g.turn }
