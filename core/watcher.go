package core

// Watcher reads the events that are published after its creation. It is for use
// by one goroutine, and needs no closing.
type Watcher struct {
	log *eventLog
	at  *entry
}

// Ready returns a channel that is closed once Next does not block.
func (w *Watcher) Ready() <-chan struct{} { return w.at.ready }

// Next waits for the next event and returns it. It returns false, from then on
// always, when events may be missing: the watcher has fallen too far behind, the
// subscription broke, or the Broadcaster has stopped.
func (w *Watcher) Next() (Event, bool) {
	if !w.advance() {
		return Event{}, false
	}
	return w.at.event, true
}

// NextEncoded is Next for an event in an encoded form, which the caller must not
// modify. However many Watchers read an event, encode is called once for it:
// all Watchers of a Broadcaster must pass the same function.
func (w *Watcher) NextEncoded(encode func(Event) []byte) ([]byte, bool) {
	if !w.advance() {
		return nil, false
	}
	w.at.encode.Do(func() { w.at.encoded = encode(w.at.event) })
	return w.at.encoded, true
}

// advance waits for the next event and moves to it. It returns false when events
// may be missing.
func (w *Watcher) advance() bool {
	<-w.at.ready
	if w.at.next == nil || w.log.newest.Load()-w.at.number > maxLag {
		return false
	}
	w.at = w.at.next
	return true
}
