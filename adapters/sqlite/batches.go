package sqlite

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// batches serves calls of this process one batch after another, in their order:
// what collects while a batch is served is the next one, and one of its callers
// serves it for all.
type batches[T any] struct {
	turn    chan struct{} // of one place, which the caller that serves takes
	mu      sync.Mutex
	waiting []*call[T]
}

type call[T any] struct {
	item T
	err  error
	done chan struct{} // closed when err is set
}

func newBatches[T any]() *batches[T] { return &batches[T]{turn: make(chan struct{}, 1)} }

// errAbandoned is the error of the calls of a batch whose serve panicked.
var errAbandoned = errors.New("a call that was served together with this one panicked")

// do has item served and returns the error of its call. If ctx ends while it waits,
// it isn't served.
//
// serve receives the calls that wait from take, and none is withdrawn from then on.
// It sets their errors, or returns one that is that of all; without a call of take
// that of its own caller.
func (b *batches[T]) do(ctx context.Context, item T, serve func(take func() []*call[T]) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	own := &call[T]{item: item, done: make(chan struct{})}
	b.mu.Lock()
	b.waiting = append(b.waiting, own)
	b.mu.Unlock()
	select {
	case b.turn <- struct{}{}:
		b.serve(own, serve)
	case <-own.done:
	case <-ctx.Done():
		if b.withdraw(own) {
			return ctx.Err()
		}
	}
	<-own.done
	return own.err
}

// serve serves what waits, unless another caller has served own meanwhile, and ends
// the turn.
func (b *batches[T]) serve(own *call[T], serve func(take func() []*call[T]) error) {
	defer b.end()
	select {
	case <-own.done:
		return
	default:
	}
	var batch []*call[T]
	err := errAbandoned
	defer func() {
		if b.withdraw(own) {
			batch = append(batch, own)
		}
		for _, c := range batch {
			if err != nil {
				c.err = err
			}
			close(c.done)
		}
	}()
	err = serve(func() []*call[T] {
		b.mu.Lock()
		defer b.mu.Unlock()
		batch, b.waiting = b.waiting, nil
		return batch
	})
}

// withdraw removes a call from those that wait, and reports whether it did.
func (b *batches[T]) withdraw(c *call[T]) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.Index(b.waiting, c)
	if i < 0 {
		return false
	}
	b.waiting = slices.Delete(b.waiting, i, i+1)
	return true
}

// begin waits until no batch is served, and keeps others from being served until
// end. If ctx ends before, it returns its error.
func (b *batches[T]) begin(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case b.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *batches[T]) end() { <-b.turn }
