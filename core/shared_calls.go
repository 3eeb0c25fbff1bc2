package core

import (
	"context"
	"sync"
)

// sharedCalls lets concurrent callers that want the same share one call. The zero
// value is ready.
type sharedCalls[K comparable, T any] struct {
	mu       sync.Mutex
	underWay map[K]*sharedCall[T]
}

// sharedCall is a call that one caller makes and others wait for.
type sharedCall[T any] struct {
	done   chan struct{} // closed once the fields below are set
	result T
	err    error
}

// do returns the result of call, or of the call with the same key that another
// caller is making. If that one is cancelled, another caller makes it again.
func (s *sharedCalls[K, T]) do(ctx context.Context, key K, call func(context.Context) (T, error)) (T, error) {
	for {
		s.mu.Lock()
		other, found := s.underWay[key]
		if !found {
			own := s.begin(key)
			s.mu.Unlock()
			defer s.end(key, own)
			own.result, own.err = call(ctx)
			return own.result, own.err
		}
		s.mu.Unlock()
		select {
		case <-other.done:
		case <-ctx.Done():
			return *new(T), context.Cause(ctx)
		}
		if KindOf(other.err) != KindCanceled {
			return other.result, other.err
		}
	}
}

// begin notes that a call is being made; s.mu is held.
func (s *sharedCalls[K, T]) begin(key K) *sharedCall[T] {
	if s.underWay == nil {
		s.underWay = make(map[K]*sharedCall[T])
	}
	own := &sharedCall[T]{done: make(chan struct{}), err: context.Canceled} // if the call panics
	s.underWay[key] = own
	return own
}

func (s *sharedCalls[K, T]) end(key K, own *sharedCall[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.underWay, key)
	close(own.done)
}
