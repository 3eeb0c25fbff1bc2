package porttest

import (
	"context"
	"sync"

	"github.com/pisano-dev/pisano/core"
)

// MemoryEvents is a core.Events for tests. The zero value is ready.
type MemoryEvents struct {
	mu          sync.Mutex
	subscribers map[chan core.Event]struct{}
}

// memoryEventsBuffer is how many events a subscriber may be behind.
const memoryEventsBuffer = 1024

// Publish implements core.Events.
func (m *MemoryEvents) Publish(_ context.Context, events ...core.Event) error {
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
func (m *MemoryEvents) Subscribe(ctx context.Context) (<-chan core.Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.subscribers == nil {
		m.subscribers = make(map[chan core.Event]struct{})
	}
	ch := make(chan core.Event, memoryEventsBuffer)
	m.subscribers[ch] = struct{}{}
	context.AfterFunc(ctx, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.drop(ch)
	})
	return ch, nil
}

// drop ends a subscription, once; m.mu is held.
func (m *MemoryEvents) drop(ch chan core.Event) {
	if _, present := m.subscribers[ch]; present {
		delete(m.subscribers, ch)
		close(ch)
	}
}
