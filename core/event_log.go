package core

import (
	"sync"
	"sync/atomic"
)

// eventLog is a linked list of events. Any number of watchers read it, each at
// its own pace, without copies: entries that all of them have read are garbage.
type eventLog struct {
	tail   *entry
	newest atomic.Int64 // number of tail
}

// entry is a position in the log: after its event, before the next entry.
type entry struct {
	event  Event
	number int64
	ready  chan struct{} // closed once next is set, or the log has ended
	next   *entry

	encode  sync.Once
	encoded []byte // what the first call of Watcher.NextEncoded made of event
}

// maxLag is how many events a watcher may be behind before it is closed. The
// slowest watcher keeps up to maxLag events in memory, once for all watchers.
const maxLag = 10_000

func newEventLog() *eventLog { return &eventLog{tail: &entry{ready: make(chan struct{})}} }

// add appends an event. Calls must not be concurrent.
func (l *eventLog) add(e Event) {
	next := &entry{event: e, number: l.tail.number + 1, ready: make(chan struct{})}
	l.newest.Store(next.number)
	l.tail.next = next
	close(l.tail.ready)
	l.tail = next
}

// end closes the log: watchers read what it holds, and then are closed.
func (l *eventLog) end() { close(l.tail.ready) }
