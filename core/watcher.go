package core

// Watcher reads what happens from when it was made on. It is for one goroutine
// and need not be closed.
type Watcher struct {
	log *eventLog
	at  *entry
}

// Ready returns a channel that is closed when Next will not wait.
func (w *Watcher) Ready() <-chan struct{} { return w.at.ready }

// Next waits for the next event and returns it. It returns false, and then does
// so for good, when events may be missing: the watcher is too far behind, the
// subscription broke, or the process is about to end.
func (w *Watcher) Next() (Event, bool) {
	<-w.at.ready
	if w.at.next == nil || w.log.newest.Load()-w.at.number > maxLag {
		return Event{}, false
	}
	w.at = w.at.next
	return w.at.event, true
}
