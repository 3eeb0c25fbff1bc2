package core

import "sync/atomic"

// eventLog is a list of events that any number of watchers read, each at its own
// pace and none with a copy: what all have read is forgotten.
type eventLog struct {
	tail   *entry
	newest atomic.Int64 // number of the tail
}

// entry is the place behind one event and before the next.
type entry struct {
	event  Event
	number int64
	ready  chan struct{} // closed once next is set, or never will be
	next   *entry
}

// maxLag is how many events a watcher may be behind before it is dropped.
// The slowest one keeps that many in memory, for all.
const maxLag = 10_000

func newEventLog() *eventLog { return &eventLog{tail: &entry{ready: make(chan struct{})}} }

// add appends an event; one goroutine at a time may.
func (l *eventLog) add(e Event) {
	next := &entry{event: e, number: l.tail.number + 1, ready: make(chan struct{})}
	l.newest.Store(next.number)
	l.tail.next = next
	close(l.tail.ready)
	l.tail = next
}

// end tells all watchers that nothing more will come.
func (l *eventLog) end() { close(l.tail.ready) }
