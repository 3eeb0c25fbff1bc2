package core

import "sync/atomic"

// feed is a list of events that any number of watchers read, each at its own
// pace and none with a copy: what all have read is forgotten.
type feed struct {
	tail   *link
	newest atomic.Int64 // number of the tail
}

// link is the place behind one event and before the next.
type link struct {
	event  Event
	number int64
	ready  chan struct{} // closed once next is set, or never will be
	next   *link
}

// farBehind is how many events a watcher may be behind before it is dropped.
// The slowest one keeps that many in memory, for all.
const farBehind = 10_000

func newFeed() *feed { return &feed{tail: &link{ready: make(chan struct{})}} }

// add appends an event; one goroutine at a time may.
func (f *feed) add(e Event) {
	next := &link{event: e, number: f.tail.number + 1, ready: make(chan struct{})}
	f.newest.Store(next.number)
	f.tail.next = next
	close(f.tail.ready)
	f.tail = next
}

// end tells all watchers that nothing more will come.
func (f *feed) end() { close(f.tail.ready) }

// Watcher reads what happens from when it was made on. It is for one goroutine
// and need not be closed.
type Watcher struct {
	feed *feed
	at   *link
}

// Ready returns a channel that is closed when Next will not wait.
func (w *Watcher) Ready() <-chan struct{} { return w.at.ready }

// Next waits for the next event and returns it. It returns false, and then does
// so for good, when events may be missing: the watcher is too far behind, the
// subscription broke, or the process is about to end.
func (w *Watcher) Next() (Event, bool) {
	<-w.at.ready
	if w.at.next == nil || w.feed.newest.Load()-w.at.number > farBehind {
		return Event{}, false
	}
	w.at = w.at.next
	return w.at.event, true
}
