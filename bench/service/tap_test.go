package service

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// tap forwards connections to a server and counts what passes. A round trip is a turn of a connection from the server's bytes, or from
// nothing, to the client's: a pipeline is one, and what a subscription delivers is none.
type tap struct {
	listener net.Listener
	to       string
	traffic
}

// traffic is what taps count.
type traffic struct{ roundTrips, sent, received atomic.Int64 }

// newTap starts a tap, which ends with the test.
func newTap(t testing.TB, to string) *tap {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &tap{listener: listener, to: to}
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { p.forward(ctx, client) })
		}
	})
	t.Cleanup(func() {
		cancel()
		_ = listener.Close()
		all.Wait()
	})
	return p
}

func (p *tap) address() string { return p.listener.Addr().String() }

func (p *tap) forward(ctx context.Context, client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := new(net.Dialer).DialContext(ctx, "tcp", p.to)
	if err != nil {
		return
	}
	defer context.AfterFunc(ctx, func() { _, _ = client.Close(), server.Close() })()
	var asking atomic.Bool
	go func() {
		defer func() { _ = server.Close() }()
		pass(server, client, func(bytes int) {
			p.sent.Add(int64(bytes))
			if !asking.Swap(true) {
				p.roundTrips.Add(1)
			}
		})
	}()
	pass(client, server, func(bytes int) {
		p.received.Add(int64(bytes))
		asking.Store(false)
	})
}

// pass copies until an end breaks off, and tells of each read before it passes on.
func pass(to io.Writer, from io.Reader, seen func(bytes int)) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			seen(n)
			if _, broken := to.Write(buffer[:n]); broken != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func TestTap_CountsRoundTripsAndBytes(t *testing.T) {
	t.Parallel()
	server, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	go func() {
		conn, err := server.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		question := make([]byte, 5)
		for {
			if _, err := io.ReadFull(conn, question); err != nil {
				return
			}
			if _, err := conn.Write([]byte("answer")); err != nil {
				return
			}
		}
	}()
	p := newTap(t, server.Addr().String())
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", p.address())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	answer := make([]byte, 6)
	for range 3 {
		if _, err := conn.Write([]byte("query")); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != "answer" {
			t.Fatalf("%s, %v", answer, err)
		}
	}
	if turns, sent, received := p.roundTrips.Load(), p.sent.Load(), p.received.Load(); turns != 3 || sent != 15 || received != 18 {
		t.Errorf("%d round trips, %d bytes sent, %d received", turns, sent, received)
	}
}
