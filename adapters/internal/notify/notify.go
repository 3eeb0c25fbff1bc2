// Package notify wakes goroutines of one process that wait for something.
package notify

import (
	"sync"
	"time"
)

// A Notifier notifies all who wait on its channel. The zero Notifier is ready to
// use, by any number of goroutines.
type Notifier struct {
	mu    sync.Mutex
	ch    chan struct{}
	timer *time.Timer // that notifies next, or nil
	due   time.Time   // when it does
}

// Within returns a channel that the next Notify closes. All callers get the same
// one until then. Without a Notify it is closed d after the first of them called.
func (n *Notifier) Within(d time.Duration) <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ch == nil {
		n.ch = make(chan struct{})
		n.timer = time.AfterFunc(d, n.Notify)
		n.due = time.Now().Add(d)
	}
	return n.ch
}

// Notify closes the channel that Within returned, if there is one.
func (n *Notifier) Notify() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ch != nil {
		n.timer.Stop()
		close(n.ch)
		n.ch = nil
	}
}

// NotifyWithin closes the channel that Within returned, if there is one, after d at
// the latest. Several calls close it once, when the first of them is due.
func (n *Notifier) NotifyWithin(d time.Duration) {
	if d <= 0 {
		n.Notify()
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ch != nil && time.Until(n.due) > d {
		n.timer.Reset(d)
		n.due = time.Now().Add(d)
	}
}
