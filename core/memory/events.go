package memory

import (
	"context"
	"sync"

	"github.com/pisano-dev/pisano/core"
)

// Events is a core.Events. The zero value is ready.
type Events struct {
	mu          sync.Mutex
	subscribers map[*subscriber]struct{}
}

// maxUnread is how many events a subscriber may be behind.
const maxUnread = core.EventBurst + 1024

// subscriber holds the events that one subscriber has not taken yet.
type subscriber struct {
	unread []core.Event  // under the mutex of Events
	more   chan struct{} // holds an element if unread may have grown
	end    context.CancelFunc
}

// Publish implements core.Events.
func (e *Events) Publish(ctx context.Context, events ...core.Event) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for s := range e.subscribers {
		s.unread = append(s.unread, events...)
		if len(s.unread) > maxUnread {
			s.unread = s.unread[:maxUnread]
			delete(e.subscribers, s)
			s.end()
			continue
		}
		select {
		case s.more <- struct{}{}:
		default:
		}
	}
	return nil
}

// Subscribe implements core.Events.
func (e *Events) Subscribe(ctx context.Context) (<-chan core.Event, error) {
	ctx, end := context.WithCancel(ctx)
	s := &subscriber{more: make(chan struct{}, 1), end: end}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.subscribers == nil {
		e.subscribers = make(map[*subscriber]struct{})
	}
	e.subscribers[s] = struct{}{}
	ch := make(chan core.Event)
	go func() {
		defer close(ch)
		e.deliver(ctx, s, ch)
	}()
	return ch, nil
}

// deliver passes events on until ctx ends, which is also when the subscriber has
// missed one.
func (e *Events) deliver(ctx context.Context, s *subscriber, ch chan<- core.Event) {
	defer s.end()
	for {
		for _, event := range e.take(s) {
			select {
			case ch <- event:
			case <-ctx.Done():
				e.drop(s)
				return
			}
		}
		select {
		case <-s.more:
		case <-ctx.Done():
			e.drop(s)
			return
		}
	}
}

// take returns the events that the subscriber has not taken yet.
func (e *Events) take(s *subscriber) []core.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	unread := s.unread
	s.unread = nil
	return unread
}

// drop forgets a subscriber.
func (e *Events) drop(s *subscriber) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.subscribers, s)
}
