package redis

import (
	"context"
	"sync"
	"time"
)

// readyChannel notifies all processes that the queue has something to claim. It is
// an ordinary channel, not a sharded one, because on a Cluster scripts of every
// partition publish to it. Programs of earlier versions use its name too.
const readyChannel = "wake"

// Ready implements core.WorkQueue. Enqueue and Release are published; leases
// that expire are not, so the channel is closed after q.poll at the latest.
func (q *WorkQueue) Ready() <-chan struct{} {
	q.listening.Do(q.listen)
	return q.ready.within(q.poll)
}

// listen notifies this process, until the Client is closed, as soon as there is
// something to claim. While the connection is down, polling replaces it.
func (q *WorkQueue) listen() {
	c := q.client
	c.all.Go(func() {
		for c.ctx.Err() == nil {
			sub := subscription{c.rdb.Subscribe(c.ctx, c.channel(readyChannel)), c.Ping}
			if sub.confirm(c.ctx) == nil {
				q.ready.notify() // what was published before is not known
				sub.follow(c.ctx, func(string) bool {
					q.ready.notify()
					return true
				})
			}
			sub.close()
			pause(c.ctx, time.Second)
		}
	})
}

// pause waits for d or the end of ctx.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

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
