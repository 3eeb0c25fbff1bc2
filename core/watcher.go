package core

import "context"

// Watcher reads the events that are published after its creation. One that lags
// reads only the latest submission and the latest state of each index: an event
// that it has not read when a newer one of its kind arrives is skipped. Progress,
// calculated and failed are one kind, the state.
//
// A Watcher is for use by one goroutine, and needs no closing.
type Watcher struct {
	log    *eventLog
	at     int64 // number of the last event that was read or is in unread
	unread []*entry
	buffer [readAhead]*entry // of unread
}

// readAhead is how many entries a Watcher takes from the log at a time.
const readAhead = 32

func newWatcher(log *eventLog) *Watcher { return &Watcher{log: log, at: log.position()} }

// Watch returns a Watcher of the events from now on, as Broadcaster.Watch does. Once
// its Next returns false, read the states again and call Watch again.
func (s *Service) Watch(ctx context.Context) *Watcher { return s.events.Watch(ctx) }

// closedChannel is the Ready of a Watcher whose Next does not block.
var closedChannel = func() <-chan struct{} { ch := make(chan struct{}); close(ch); return ch }()

// Ready returns a channel that is closed once Next does not block.
func (w *Watcher) Ready() <-chan struct{} {
	if wait, open := w.fill(); open && wait != nil {
		return wait
	}
	return closedChannel
}

// Next waits for the next event and returns it. It returns false, from then on
// always, when events may be missing: the watcher has fallen too far behind, the
// subscription broke, or the Broadcaster has stopped.
func (w *Watcher) Next() (Event, bool) {
	e, open := w.next()
	if !open {
		return Event{}, false
	}
	return e.event, true
}

// NextEncoded is Next for an event in an encoded form, which the caller must not
// modify. However many Watchers read an event, encode is called once for it:
// all Watchers of a Broadcaster must pass the same function.
func (w *Watcher) NextEncoded(encode func(Event) []byte) ([]byte, bool) {
	e, open := w.next()
	if !open {
		return nil, false
	}
	e.encode.Do(func() { e.encoded = encode(e.event) })
	return e.encoded, true
}

// next waits for the next entry that is not superseded.
func (w *Watcher) next() (*entry, bool) {
	for {
		wait, open := w.fill()
		if !open {
			return nil, false
		}
		if wait != nil {
			<-wait
			continue
		}
		e := w.unread[0]
		w.unread[0] = nil
		w.unread = w.unread[1:]
		return e, true
	}
}

// fill takes entries from the log if none that counts is left of the last ones.
// It returns a channel to wait for if there are none yet, and false when there
// will be none.
func (w *Watcher) fill() (wait <-chan struct{}, open bool) {
	for len(w.unread) > 0 && w.unread[0].superseded.Load() {
		w.unread[0] = nil
		w.unread = w.unread[1:]
	}
	if len(w.unread) > 0 {
		return nil, true
	}
	w.unread, wait, open = w.log.after(w.at, w.buffer[:0])
	if len(w.unread) > 0 {
		w.at = w.unread[len(w.unread)-1].number
	}
	return wait, open
}
