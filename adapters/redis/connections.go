package redis

import (
	"context"
	"crypto/tls"
	"maps"
	"net"
	"slices"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// connections are the connections of a Client. All are closed when the server
// refuses to work, for example because it became a replica: a new connection to
// the same address may reach the master. go-redis closes only the connection that
// got the error, not the others and not the subscriptions.
type connections struct {
	dial func(ctx context.Context, network, addr string) (net.Conn, error)

	mu      sync.Mutex
	all     map[net.Conn]struct{}
	closed  time.Time     // when all were last closed
	refused time.Time     // when the last lasting refusal was received
	pause   time.Duration // after closed, until a lasting refusal closes all again
}

const (
	// closePeriod is the least time between two closings, so that a server that
	// refuses to work for minutes is not dialled for every command.
	closePeriod = time.Second
	// maxClosePeriod bounds the time between two closings, which doubles for
	// lasting refusals: the right server may refuse writes and still serve reads
	// and subscriptions, which each closing interrupts.
	maxClosePeriod = 30 * time.Second
)

func newConnections(config *tls.Config) *connections {
	return &connections{
		dial: goredis.NewDialer(&goredis.Options{DialTimeout: dialTimeout, TLSConfig: config}),
		all:  make(map[net.Conn]struct{}),
	}
}

// Dial makes a connection. If the connection is a syscall.Conn, so is the result:
// go-redis needs that to notice that the server closed an idle connection.
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

// closeOnRefusal closes all connections if err is the refusal of a server that
// can't do its work, unless they were closed a short time ago. It reports whether
// it closed them.
func (c *connections) closeOnRefusal(err error) bool {
	replaced, lasts := hasPrefix(err, replacedPrefixes), hasPrefix(err, lastingPrefixes)
	if !replaced && !lasts || !c.due(lasts) {
		return false
	}
	c.mu.Lock()
	all := slices.Collect(maps.Keys(c.all))
	c.mu.Unlock()
	for _, conn := range all {
		_ = conn.Close() // its user meets an error and dials again
	}
	return true
}

// due reports whether connections may be closed again, and records that they are.
func (c *connections) due(lasts bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	pause := closePeriod
	if lasts {
		if now.Sub(c.refused) >= maxClosePeriod { // an earlier one is over
			c.pause = 0
		}
		c.refused, pause = now, max(closePeriod, c.pause)
	}
	if now.Sub(c.closed) < pause {
		return false
	}
	c.closed = now
	if lasts {
		c.pause = min(max(closePeriod, 2*c.pause), maxClosePeriod)
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

// refusalHook is a hook that closes the connections to a server that refuses to
// work, and retries the refused command once.
type refusalHook struct{ *connections }

var _ goredis.Hook = refusalHook{}

// DialHook implements goredis.Hook.
func (refusalHook) DialHook(next goredis.DialHook) goredis.DialHook { return next }

// ProcessHook implements goredis.Hook.
func (h refusalHook) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		err := next(ctx, cmd)
		if h.closeOnRefusal(err) {
			cmd.SetErr(nil)
			err = next(ctx, cmd)
		}
		return err
	}
}

// ProcessPipelineHook implements goredis.Hook. It retries nothing, because some
// of the commands may have taken effect.
func (h refusalHook) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []goredis.Cmder) error {
		err := next(ctx, cmds)
		for _, cmd := range cmds {
			if h.closeOnRefusal(cmd.Err()) {
				break
			}
		}
		return err
	}
}

// The prefixes of refusals. After one of them, another server may have taken over
// at the address.
var (
	// From a replica, from a server that is starting, or from one with another
	// password: it does no work at all.
	replacedPrefixes = []string{"READONLY", "MASTERDOWN", "LOADING", "NOAUTH"}
	// Lasting refusals: the right server may refuse writes for hours, and still
	// serve reads.
	lastingPrefixes = []string{"MISCONF", "NOREPLICAS", "OOM"}
)

func hasPrefix(err error, prefixes []string) bool {
	return err != nil && slices.ContainsFunc(prefixes, func(prefix string) bool { return goredis.HasErrorPrefix(err, prefix) })
}
