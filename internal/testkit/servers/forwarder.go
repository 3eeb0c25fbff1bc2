package servers

import (
	"bytes"
	"context"
	"io"
	"net"
	"sync"
	"testing"
)

// Forwarder is a TCP proxy whose server can be changed, as that of a virtual IP address or of a name whose record changes.
type Forwarder struct {
	listener net.Listener

	mu    sync.Mutex
	to    string
	conns map[net.Conn]struct{}
	all   sync.WaitGroup
	// rewrite changes what the server sends, if set.
	rewrite func([]byte) []byte
}

// Forward starts a Forwarder to a server. It ends with the test.
func Forward(t testing.TB, to string) *Forwarder {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &Forwarder{listener: listener, to: to, conns: make(map[net.Conn]struct{})}
	f.all.Go(f.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		f.Cut()
		f.all.Wait()
	})
	return f
}

// Addr is host:port of the Forwarder.
func (f *Forwarder) Addr() string { return f.listener.Addr().String() }

// Move sends new connections to another server. Open connections stay with their server.
func (f *Forwarder) Move(to string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.to = to
}

// Replace replaces bytes in what the server sends on new connections, with as many others.
func (f *Forwarder) Replace(old, with string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rewrite = func(p []byte) []byte { return bytes.ReplaceAll(p, []byte(old), []byte(with)) }
}

// Cut ends all connections.
func (f *Forwarder) Cut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for conn := range f.conns {
		_ = conn.Close()
	}
}

func (f *Forwarder) accept() {
	for {
		client, err := f.listener.Accept()
		if err != nil {
			return
		}
		f.all.Go(func() { f.forward(client) })
	}
}

func (f *Forwarder) forward(client net.Conn) {
	defer client.Close()
	f.mu.Lock()
	to, rewrite := f.to, f.rewrite
	f.mu.Unlock()
	server, err := new(net.Dialer).DialContext(context.Background(), "tcp", to)
	if err != nil {
		return
	}
	defer server.Close()
	f.keep(client, server)
	defer f.forget(client, server)
	f.all.Go(func() {
		_, _ = io.Copy(server, client) // either end may break off
		_ = server.Close()
	})
	if rewrite == nil {
		_, _ = io.Copy(client, server)
		return
	}
	for buffer := make([]byte, 64<<10); ; {
		n, err := server.Read(buffer)
		if _, broken := client.Write(rewrite(buffer[:n])); err != nil || broken != nil {
			return
		}
	}
}

func (f *Forwarder) keep(conns ...net.Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, conn := range conns {
		f.conns[conn] = struct{}{}
	}
}

func (f *Forwarder) forget(conns ...net.Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, conn := range conns {
		delete(f.conns, conn)
	}
}
