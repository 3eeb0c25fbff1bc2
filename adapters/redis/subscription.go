package redis

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// subscription is a connection that listens to one channel. PubSub reconnects
// silently when the connection breaks; a subscription ends instead.
type subscription struct {
	*goredis.PubSub
	probe func(context.Context) error
}

// healthPeriod is how often the server is asked whether it is still there. If
// it is silent for the time from one question to the next, it is not.
const healthPeriod = 3 * time.Second

// confirm returns nil once the server has confirmed the subscription.
func (s subscription) confirm(ctx context.Context) error {
	reply, err := s.ReceiveTimeout(ctx, ioTimeout)
	if err != nil {
		return err
	}
	if _, ok := reply.(*goredis.Subscription); !ok {
		return fmt.Errorf("a subscription was answered with %T", reply)
	}
	return nil
}

// follow hands every message to f until ctx ends, a message may have been
// missed, or f returns false. While f runs, the silence of the server counts for
// nothing: it may be a queue of messages.
func (s subscription) follow(ctx context.Context, f func(payload string) bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// Nothing else interrupts Receive.
	defer context.AfterFunc(ctx, s.close)()

	var heard signs
	go func() {
		defer cancel()
		s.watch(ctx, &heard)
	}()
	for {
		reply, err := s.Receive(ctx)
		if err != nil {
			return
		}
		heard.now.Store(true)
		switch reply := reply.(type) {
		case *goredis.Message:
			heard.busy.Store(true)
			proceed := f(reply.Payload)
			heard.now.Store(true)
			heard.busy.Store(false)
			if !proceed {
				return
			}
		case *goredis.Subscription:
			return // the channel has moved to another master
		}
	}
}

// signs are the signs of life of a server.
type signs struct {
	now  atomic.Bool // something was received since the last check
	busy atomic.Bool // nothing can be received: what was received is passed on
}

// check reports whether the server lives, and begins the next check. It looks at
// busy first: what ends between the two looks is then found in now.
func (s *signs) check() bool {
	busy := s.busy.Load()
	return s.now.Swap(false) || busy
}

// watch returns when the server no longer answers, or ctx ends. A server that
// became a replica hears nothing more that is published: the probe has the
// connection closed then.
func (s subscription) watch(ctx context.Context, heard *signs) {
	for heard.now.Store(true); heard.check(); pause(ctx, healthPeriod) {
		if ctx.Err() != nil || s.Ping(ctx) != nil {
			return
		}
		go s.tryProbe(ctx)
	}
}

// tryProbe leaves it to others to report what is wrong.
func (s subscription) tryProbe(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, healthPeriod)
	defer cancel()
	_ = s.probe(ctx)
}

// close closes the connection, if it is not closed already.
func (s subscription) close() { _ = s.Close() }
