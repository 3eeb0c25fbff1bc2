package memory

import (
	"context"
	"sync"

	"github.com/pisano-dev/pisano/core"
)

// Events is a core.Events. The zero value is ready.
type Events struct {
	mu          sync.Mutex
	subscribers map[chan core.Event]struct{}
}

// eventsBuffer is how many events a subscriber may be behind.
const eventsBuffer = 1024

// Publish implements core.Events.
func (m *Events) Publish(_ context.Context, events ...core.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range events {
		for ch := range m.subscribers {
			select {
			case ch <- e:
			default:
				m.drop(ch)
			}
		}
	}
	return nil
}

// Subscribe implements core.Events.
func (m *Events) Subscribe(ctx context.Context) (<-chan core.Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.subscribers == nil {
		m.subscribers = make(map[chan core.Event]struct{})
	}
	ch := make(chan core.Event, eventsBuffer)
	m.subscribers[ch] = struct{}{}
	context.AfterFunc(ctx, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.drop(ch)
	})
	return ch, nil
}

// drop ends a subscription, once; m.mu is held.
func (m *Events) drop(ch chan core.Event) {
	if _, present := m.subscribers[ch]; present {
		delete(m.subscribers, ch)
		close(ch)
	}
}
