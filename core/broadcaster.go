package core

import (
	"context"
	"log/slog"
	"sync"
)

// Broadcaster hands the events of one subscription to any number of listeners
// in this process.
type Broadcaster struct {
	events Events
	log    *slog.Logger

	mu        sync.Mutex
	all       map[*listener]struct{}
	byIndex   map[Index]map[*listener]struct{}
	connected chan struct{} // closed once the first subscription stands
	ended     chan struct{} // closed, under mu, when Run is over
}

type listener struct {
	ch      chan Event
	indices []Index // empty: every event
	gone    bool
}

// How many events a listener may be behind before it is dropped: one of all
// indices, and one of some. There may be thousands of either.
const (
	bufferOfAll  = 64
	bufferOfSome = 8
)

// NewBroadcaster returns a Broadcaster of events, which somebody must Run.
func NewBroadcaster(events Events, log *slog.Logger) *Broadcaster {
	return &Broadcaster{
		events:    events,
		log:       log,
		all:       make(map[*listener]struct{}),
		byIndex:   make(map[Index]map[*listener]struct{}),
		connected: make(chan struct{}),
		ended:     make(chan struct{}),
	}
}

// Run keeps the subscription until ctx ends, and renews it with back-off when
// it breaks; then every listener is dropped, because events may be missing.
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
		if first {
			close(b.connected)
			first = false
		}
		for e := range events {
			retry.reset()
			b.deliver(e)
		}
		b.dropAll()
		retry.wait(ctx)
	}
}

// Connected is closed once the first subscription stands: from then on events
// are heard.
func (b *Broadcaster) Connected() <-chan struct{} { return b.connected }

// Ended is closed when Run is over: nothing more will be heard.
func (b *Broadcaster) Ended() <-chan struct{} { return b.ended }

// Listen returns a channel of the events of the given indices, or of all if
// none is given, and a function to stop listening. The channel is closed when
// events may be missing: the listener was too slow, the subscription broke, or
// Run ended.
func (b *Broadcaster) Listen(indices ...Index) (<-chan Event, func()) {
	buffer := bufferOfSome
	if len(indices) == 0 {
		buffer = bufferOfAll
	}
	l := &listener{ch: make(chan Event, buffer), indices: indices}
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-b.ended:
		close(l.ch)
		return l.ch, func() {}
	default:
	}
	if len(indices) == 0 {
		b.all[l] = struct{}{}
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
	for l := range b.all {
		b.send(l, e)
	}
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
	delete(b.all, l)
	for _, n := range l.indices {
		delete(b.byIndex[n], l)
		if len(b.byIndex[n]) == 0 {
			delete(b.byIndex, n)
		}
	}
}

func (b *Broadcaster) dropAll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for l := range b.all {
		b.drop(l)
	}
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
	b.dropAll()
}
