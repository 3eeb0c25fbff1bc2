package core

import (
	"context"
	"time"
)

// backoff spaces out attempts at something that fails: 50 ms, doubling, at
// most 2 s.
type backoff struct{ next time.Duration }

func (b *backoff) reset() { b.next = 0 }

// wait waits for the next attempt or the end of ctx.
func (b *backoff) wait(ctx context.Context) {
	b.next = min(max(2*b.next, 50*time.Millisecond), 2*time.Second)
	t := time.NewTimer(b.next)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
