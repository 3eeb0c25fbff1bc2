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
	<-w.at.ready
	if w.at.next == nil || w.log.newest.Load()-w.at.number > maxLag {
		return Event{}, false
	}
	w.at = w.at.next
	return w.at.event, true
}
