package sqlite

import (
	"sync"
	"time"
)

// pollPeriod is how soon a write of another process is noticed.
const pollPeriod = 100 * time.Millisecond

// notifier notifies goroutines of this process that wait for something.
type notifier struct {
	mu    sync.Mutex
	ch    chan struct{}
	timer *time.Timer // that notifies next, or nil
}

// within returns a channel that is closed by notify, and after d at the latest.
func (n *notifier) within(d time.Duration) <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ch == nil {
		n.ch = make(chan struct{})
		n.timer = time.AfterFunc(d, n.notify)
	}
	return n.ch
}

// notify closes the channel that was returned last.
func (n *notifier) notify() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ch != nil {
		n.timer.Stop()
		close(n.ch)
		n.ch = nil
	}
}
