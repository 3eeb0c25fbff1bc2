package redis

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// connections are those of a Client, so that all can be given up when the
// server behind them is of no use: it became a replica, say, and a new
// connection to the same address may reach the master. The library gives up
// the connection that met the error; the others, and subscriptions, would stay.
type connections struct {
	dial func(ctx context.Context, network, addr string) (net.Conn, error)

	mu     sync.Mutex
	all    map[net.Conn]struct{}
	closed time.Time // when all were given up last
}

// giveUpPeriod is how often connections are given up at most: a server that is
// of no use for minutes should not be dialled for every command.
const giveUpPeriod = time.Second

func newConnections(config *tls.Config) *connections {
	return &connections{
		dial: goredis.NewDialer(&goredis.Options{DialTimeout: dialTimeout, TLSConfig: config}),
		all:  make(map[net.Conn]struct{}),
	}
}

// Dial makes a connection. It stays a syscall.Conn if it was one: by that the
// library notices that an idle connection was closed by the server.
func (c *connections) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := c.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		kept := &tcpConn{TCPConn: tcp}
		kept.forget = c.keep(kept)
		return kept, nil
	}
	kept := &otherConn{Conn: conn}
	kept.forget = c.keep(kept)
	return kept, nil
}

func (c *connections) keep(conn net.Conn) (forget func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all[conn] = struct{}{}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.all, conn)
	}
}

// giveUp closes all connections, unless that was done just now.
func (c *connections) giveUp() bool {
	c.mu.Lock()
	if time.Since(c.closed) < giveUpPeriod {
		c.mu.Unlock()
		return false
	}
	c.closed = time.Now()
	all := make([]net.Conn, 0, len(c.all))
	for conn := range c.all {
		all = append(all, conn)
	}
	c.mu.Unlock()
	for _, conn := range all {
		_ = conn.Close() // its user meets an error and dials anew
	}
	return true
}

type tcpConn struct {
	*net.TCPConn
	forget func()
}

func (c *tcpConn) Close() error {
	c.forget()
	return c.TCPConn.Close()
}

type otherConn struct {
	net.Conn
	forget func()
}

func (c *otherConn) Close() error {
	c.forget()
	return c.Conn.Close()
}

// usefulness is a hook that gives up connections to a server of no use and
// tries once more what it refused.
type usefulness struct{ *connections }

var _ goredis.Hook = usefulness{}

// DialHook implements goredis.Hook.
func (usefulness) DialHook(next goredis.DialHook) goredis.DialHook { return next }

// ProcessHook implements goredis.Hook.
func (u usefulness) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		err := next(ctx, cmd)
		if useless(err) && u.giveUp() {
			cmd.SetErr(nil)
			err = next(ctx, cmd)
		}
		return err
	}
}

// ProcessPipelineHook implements goredis.Hook. Some of the commands may have
// been done: nothing is tried again.
func (u usefulness) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []goredis.Cmder) error {
		err := next(ctx, cmds)
		for _, cmd := range cmds {
			if useless(cmd.Err()) {
				u.giveUp()
				break
			}
		}
		return err
	}
}

// useless reports whether an error says that the server can't do its work and
// that another one may have taken its place.
func useless(err error) bool {
	if err == nil {
		return false
	}
	for _, prefix := range []string{"READONLY", "MASTERDOWN", "LOADING", "MISCONF", "NOREPLICAS", "NOAUTH"} {
		if goredis.HasErrorPrefix(err, prefix) {
			return true
		}
	}
	return false
}
