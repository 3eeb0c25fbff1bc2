package redis

import (
	"context"
	"sync"
	"time"
)

// wakeChannel tells all processes that the queue has something to claim. An
// ordinary channel: on a Cluster scripts of any partition publish to it.
const wakeChannel = "wake"

// listen wakes the claimants of this process, until the Client is closed, as
// soon as there is something to claim. While the connection is broken they
// poll, and nothing is lost but a moment.
func (q *WorkQueue) listen() {
	q.all.Go(func() {
		for q.ctx.Err() == nil {
			sub := subscription{q.rdb.Subscribe(q.ctx, q.channel(wakeChannel)), q.Client.Ping}
			if sub.confirm(q.ctx) == nil {
				q.news.announce() // what was said before is not known
				sub.follow(q.ctx, func(string) bool {
					q.news.announce()
					return true
				})
			}
			sub.close()
			pause(q.ctx, time.Second)
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

// news tells goroutines of this process of something they may wait for.
type news struct {
	mu sync.Mutex
	ch chan struct{}
}

// next returns a channel that is closed at the next announcement.
func (n *news) next() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.ch
}

func (n *news) announce() {
	n.mu.Lock()
	defer n.mu.Unlock()
	close(n.ch)
	n.ch = make(chan struct{})
}
