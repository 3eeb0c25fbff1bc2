package redis_test

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/redis"
)

// observer sees all that a client does: how many commands, in how many calls, how
// many bytes on the wire. It may refuse a command.
type observer struct {
	refuse func(command goredis.Cmder) error

	commands atomic.Int64
	calls    atomic.Int64 // commands and pipelines, each of which takes a round trip
	bytes    atomic.Int64 // in both directions

	mu      sync.Mutex
	largest int64 // bytes moved by one call, if calls come one at a time
}

// observe makes a client that is observed from the first command on.
func observe(t testing.TB, o redis.Options) (*redis.Client, *observer) {
	t.Helper()
	c := open(t, o)
	seen := new(observer)
	if cluster, ok := c.Redis().(*goredis.ClusterClient); ok {
		cluster.OnNewNode(func(node *goredis.Client) { node.AddHook(seen) })
	} else {
		c.Redis().AddHook(seen)
	}
	return c, seen
}

func (o *observer) DialHook(next goredis.DialHook) goredis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := next(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &countedConn{Conn: conn, bytes: &o.bytes}, nil
	}
}

func (o *observer) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, command goredis.Cmder) error {
		o.commands.Add(1)
		o.calls.Add(1)
		if o.refuse != nil {
			if err := o.refuse(command); err != nil {
				command.SetErr(err)
				return err
			}
		}
		return o.measure(func() error { return next(ctx, command) })
	}
}

func (o *observer) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return func(ctx context.Context, commands []goredis.Cmder) error {
		o.commands.Add(int64(len(commands)))
		o.calls.Add(1)
		for _, command := range commands {
			if o.refuse == nil {
				break
			}
			if err := o.refuse(command); err != nil {
				for _, command := range commands {
					command.SetErr(err)
				}
				return err
			}
		}
		return o.measure(func() error { return next(ctx, commands) })
	}
}

func (o *observer) measure(call func() error) error {
	before := o.bytes.Load()
	err := call()
	moved := o.bytes.Load() - before
	o.mu.Lock()
	defer o.mu.Unlock()
	o.largest = max(o.largest, moved)
	return err
}

func (o *observer) largestCall() int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.largest
}

type countedConn struct {
	net.Conn
	bytes *atomic.Int64
}

func (c *countedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.bytes.Add(int64(n))
	return n, err
}

func (c *countedConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.bytes.Add(int64(n))
	return n, err
}
