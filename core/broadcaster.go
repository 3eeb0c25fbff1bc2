package core

import (
	"context"
	"log/slog"
	"sync"
)

// Broadcaster hands the events of one subscription to any number of watchers
// and listeners in this process: watchers see all events, listeners those of
// some indices.
type Broadcaster struct {
	events Events
	log    *slog.Logger

	mu        sync.Mutex
	eventLog  *eventLog // of the present subscription
	byIndex   map[Index]map[*listener]struct{}
	connected chan struct{} // closed once the first subscription stands
	ended     chan struct{} // closed, under mu, when Run is over
}

type listener struct {
	ch      chan Event
	indices []Index
	gone    bool
}

// listenerBuffer is how many events a listener may be behind before it is
// dropped. There may be thousands of them.
const listenerBuffer = 8

// NewBroadcaster returns a Broadcaster of events, which somebody must Run.
func NewBroadcaster(events Events, log *slog.Logger) *Broadcaster {
	return &Broadcaster{
		events:    events,
		log:       log,
		eventLog:  newEventLog(),
		byIndex:   make(map[Index]map[*listener]struct{}),
		connected: make(chan struct{}),
		ended:     make(chan struct{}),
	}
}

// Run keeps the subscription until ctx ends, and renews it with back-off when
// it breaks. All who watch and listen are dropped then, because events may be
// missing, and who came since is dropped when the next one stands.
func (b *Broadcaster) Run(ctx context.Context) {
	defer b.end()
	var retry backoff
	first := true
	for ctx.Err() == nil {
		events, err := b.events.Subscribe(ctx)
		if err != nil {
			b.log.WarnContext(ctx, "events not subscribed to; trying again", "error", err)
			retry.wait(ctx)
			continue
		}
		b.dropAll(newEventLog())
		if first {
			close(b.connected)
			first = false
		}
		for e := range events {
			retry.reset()
			b.deliver(e)
		}
		b.dropAll(newEventLog())
		retry.wait(ctx)
	}
}

// Connected is closed once the first subscription stands: from then on events
// are heard.
func (b *Broadcaster) Connected() <-chan struct{} { return b.connected }

// Ended is closed when Run is over: nothing more will be heard.
func (b *Broadcaster) Ended() <-chan struct{} { return b.ended }

// Watch returns a Watcher of all events.
func (b *Broadcaster) Watch() *Watcher {
	b.mu.Lock()
	defer b.mu.Unlock()
	return &Watcher{log: b.eventLog, at: b.eventLog.tail}
}

// Listen returns a channel of the events of the given indices and a function to
// stop listening. The channel is closed when events may be missing: the
// listener was too slow, the subscription broke, or Run ended.
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
		b.drop(l)
	}
}

func (b *Broadcaster) deliver(e Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.eventLog.add(e)
	for l := range b.byIndex[e.Index] {
		b.send(l, e)
	}
}

// send never waits: a listener that does not keep up is dropped.
func (b *Broadcaster) send(l *listener, e Event) {
	select {
	case l.ch <- e:
	default:
		b.drop(l)
	}
}

// drop forgets a listener and closes its channel; b.mu is held.
func (b *Broadcaster) drop(l *listener) {
	if l.gone {
		return
	}
	l.gone = true
	close(l.ch)
	for _, n := range l.indices {
		delete(b.byIndex[n], l)
		if len(b.byIndex[n]) == 0 {
			delete(b.byIndex, n)
		}
	}
}

// dropAll drops all who watch and listen; who comes then watches the next log.
func (b *Broadcaster) dropAll(next *eventLog) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.eventLog.end()
	b.eventLog = next
	for _, listeners := range b.byIndex {
		for l := range listeners {
			b.drop(l)
		}
	}
}

func (b *Broadcaster) end() {
	b.mu.Lock()
	close(b.ended)
	b.mu.Unlock()
	over := newEventLog()
	over.end()
	b.dropAll(over)
}

// Watch returns a reader of what happens from now on. When that says that
// events may be missing, ask for the states again and watch anew.
func (s *Service) Watch() *Watcher { return s.events.Watch() }
