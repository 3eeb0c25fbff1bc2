package core

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
)

// Broadcaster distributes the events of one subscription to any number of
// watchers and listeners in this process. Watchers get the events of all indices,
// listeners those of some. All methods are safe for concurrent use, but Run is to
// be called once.
type Broadcaster struct {
	events Events
	log    *slog.Logger

	mu        sync.Mutex
	eventLog  *eventLog // of the current subscription
	byIndex   map[Index]map[*listener]struct{}
	connected chan struct{} // closed once the first subscription is established
	ended     chan struct{} // closed, with mu held, when Run returns
}

type listener struct {
	ch      chan Event
	indices []Index
	closed  bool
}

// listenerBuffer is how many events a listener may be behind before it is
// closed. It is small, because there may be thousands of listeners.
const listenerBuffer = 8

// NewBroadcaster returns a Broadcaster of events. The caller must Run it, once. If
// log is nil, it is slog.Default. NewBroadcaster panics if events is nil.
func NewBroadcaster(events Events, log *slog.Logger) *Broadcaster {
	if events == nil {
		panic("core: NewBroadcaster needs Events, which are nil")
	}
	return &Broadcaster{
		events:    events,
		log:       cmp.Or(log, slog.Default()),
		eventLog:  newEventLog(),
		byIndex:   make(map[Index]map[*listener]struct{}),
		connected: make(chan struct{}),
		ended:     make(chan struct{}),
	}
}

// Run subscribes to the events, and does so again with back-off whenever the
// subscription breaks, until ctx ends. All watchers and listeners are closed
// when it breaks, because events may be missing. Those that joined while it was
// down are closed when it is re-established.
func (b *Broadcaster) Run(ctx context.Context) {
	defer b.end()
	var retry backoff
	first := true
	for ctx.Err() == nil {
		events, err := b.events.Subscribe(ctx)
		if err != nil {
			b.log.WarnContext(ctx, "subscribing to events failed; trying again", "error", err)
			retry.wait(ctx)
			continue
		}
		b.closeAll(newEventLog())
		if first {
			close(b.connected)
			first = false
		}
		for e := range events {
			retry.reset()
			b.broadcast(e)
		}
		b.closeAll(newEventLog())
		retry.wait(ctx)
	}
}

// Connected returns a channel that is closed once the first subscription is
// established. Events published before are missed.
func (b *Broadcaster) Connected() <-chan struct{} { return b.connected }

// Ended returns a channel that is closed when Run returns. There are no events
// after that.
func (b *Broadcaster) Ended() <-chan struct{} { return b.ended }

// Watch returns a Watcher of the events from now on. They carry no Summary.
//
// Before the first subscription is established there are no events: Watch waits for
// it. If ctx ends first, the Watcher is closed when the subscription is established,
// because it may have missed events.
func (b *Broadcaster) Watch(ctx context.Context) *Watcher {
	select {
	case <-b.connected:
	case <-b.ended:
	case <-ctx.Done():
	}
	return b.watch()
}

// watch is Watch for one who does not wait for the first subscription, which closes the
// Watcher.
func (b *Broadcaster) watch() *Watcher {
	b.mu.Lock()
	defer b.mu.Unlock()
	return newWatcher(b.eventLog)
}

// Listen returns a channel of the events of the given indices, and a function
// that stops listening. The channel is closed when events may be missing: the
// listener is too slow, the subscription broke, or Run has returned.
func (b *Broadcaster) Listen(indices ...Index) (<-chan Event, func()) {
	l := &listener{ch: make(chan Event, listenerBuffer), indices: indices}
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-b.ended:
		close(l.ch)
		return l.ch, func() {}
	default:
	}
	for _, n := range indices {
		if b.byIndex[n] == nil {
			b.byIndex[n] = make(map[*listener]struct{})
		}
		b.byIndex[n][l] = struct{}{}
	}
	return l.ch, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.close(l)
	}
}

func (b *Broadcaster) broadcast(e Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	logged := e
	logged.Summary = nil // no watcher needs it, and the log may be long
	b.eventLog.add(logged)
	for l := range b.byIndex[e.Index] {
		b.send(l, e)
	}
}

// send passes e to a listener without blocking, and closes the listener if its
// buffer is full.
func (b *Broadcaster) send(l *listener, e Event) {
	select {
	case l.ch <- e:
	default:
		b.close(l)
	}
}

// close closes a listener and forgets it. b.mu must be held.
func (b *Broadcaster) close(l *listener) {
	if l.closed {
		return
	}
	l.closed = true
	close(l.ch)
	for _, n := range l.indices {
		delete(b.byIndex[n], l)
		if len(b.byIndex[n]) == 0 {
			delete(b.byIndex, n)
		}
	}
}

// closeAll closes all watchers and listeners. Later watchers read next.
func (b *Broadcaster) closeAll(next *eventLog) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.eventLog.end()
	b.eventLog = next
	for _, listeners := range b.byIndex {
		for l := range listeners {
			b.close(l)
		}
	}
}

func (b *Broadcaster) end() {
	b.mu.Lock()
	close(b.ended)
	b.mu.Unlock()
	ended := newEventLog()
	ended.end()
	b.closeAll(ended)
}
