package core

import (
	"slices"
	"sort"
	"sync"
	"sync/atomic"
)

// eventLog holds the latest events in the order of their publication. Any number
// of watchers read it, each at its own pace, without copies.
//
// An event supersedes the earlier one of the same subject, which watchers that
// have not read it skip: one that lags reads the newest state of each index
// instead of all states in between.
type eventLog struct {
	mu      sync.Mutex
	entries []*entry // by number; some are superseded
	latest  map[subject]*entry
	live    int           // entries that are not superseded
	newest  int64         // number of the latest event, 0 at the beginning
	dropped int64         // number of the newest event that was dropped to bound the log
	waited  chan struct{} // closed with the next event; nil if no watcher waits
	ended   bool
}

// entry is an event in the log. Its number is its place among all events.
type entry struct {
	event      Event
	number     int64
	superseded atomic.Bool

	encode  sync.Once
	encoded []byte // what the first call of Watcher.NextEncoded made of event
}

// subject is what an event is about: that an index was submitted, or the state of
// its calculation.
type subject struct {
	index Index
	seen  bool
}

func subjectOf(e Event) subject { return subject{index: e.Index, seen: e.Kind == EventSeen} }

// maxLag bounds the log, and with it how many events a watcher may be behind,
// superseded ones aside, before it is closed. A full log takes about 3 MB.
const maxLag = 10_000

// minCompaction is how many superseded entries are worth a compaction of the log.
const minCompaction = 1000

func newEventLog() *eventLog { return &eventLog{latest: make(map[subject]*entry)} }

// add appends an event.
func (l *eventLog) add(e Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.newest++
	about := subjectOf(e)
	if earlier, found := l.latest[about]; found {
		earlier.superseded.Store(true)
		l.live--
	}
	added := &entry{event: e, number: l.newest}
	l.entries = append(l.entries, added)
	l.latest[about] = added
	if l.live++; l.live > maxLag {
		l.dropOldest()
	}
	if len(l.entries)-l.live > max(l.live, minCompaction) {
		l.entries = slices.DeleteFunc(l.entries, func(e *entry) bool { return e.superseded.Load() })
	}
	l.notify()
}

// dropOldest removes the oldest entry that is not superseded, and those before it;
// l.mu is held.
func (l *eventLog) dropOldest() {
	for {
		oldest := l.entries[0]
		l.entries[0] = nil
		l.entries = l.entries[1:]
		if !oldest.superseded.Load() {
			delete(l.latest, subjectOf(oldest.event))
			l.dropped = oldest.number
			l.live--
			return
		}
	}
}

// end closes the log: watchers read what it holds, and then are closed.
func (l *eventLog) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	l.notify()
}

// notify wakes the watchers that wait for an event; l.mu is held.
func (l *eventLog) notify() {
	if l.waited != nil {
		close(l.waited)
		l.waited = nil
	}
}

// position returns the number of the latest event.
func (l *eventLog) position() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.newest
}

// after appends the first entries after the given number to unread, up to its
// capacity. It returns false if there will be none, or some of them were dropped.
// If there is none yet, it returns a channel that is closed when there may be.
func (l *eventLog) after(number int64, unread []*entry) (_ []*entry, wait <-chan struct{}, open bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if number < l.dropped {
		return unread, nil, false
	}
	first := sort.Search(len(l.entries), func(i int) bool { return l.entries[i].number > number })
	for _, e := range l.entries[first:] {
		if len(unread) == cap(unread) {
			break
		}
		if !e.superseded.Load() {
			unread = append(unread, e)
		}
	}
	if len(unread) > 0 {
		return unread, nil, true
	}
	if l.ended {
		return unread, nil, false
	}
	if l.waited == nil {
		l.waited = make(chan struct{})
	}
	return unread, l.waited, true
}
