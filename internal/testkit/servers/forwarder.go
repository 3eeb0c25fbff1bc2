package servers

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
)

// Forwarder is a TCP proxy in front of a server. Its server can be changed, like that of a virtual IP address or of a name whose
// record changes, and it can fail as a network does.
type Forwarder struct {
	t    testing.TB
	addr string

	mu       sync.Mutex
	listener net.Listener // nil while connections are refused
	to       string
	conns    map[net.Conn]struct{}
	passing  chan struct{} // closed while data pass
	// rewrite changes what the server sends, if set.
	rewrite func([]byte) []byte

	all sync.WaitGroup
}

// Forward starts a Forwarder to a server. It ends with the test.
func Forward(t testing.TB, to string) *Forwarder {
	t.Helper()
	f := &Forwarder{t: t, to: to, conns: make(map[net.Conn]struct{}), passing: make(chan struct{})}
	close(f.passing)
	f.mu.Lock()
	defer f.mu.Unlock()
	testkit.Eventually(t, "a free port", func() error {
		f.addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(lowestPort+rand.IntN(portCount)))
		return f.listen()
	})
	t.Cleanup(func() {
		f.Refuse()
		f.pass()
		f.all.Wait()
	})
	return f
}

// listen accepts connections; f.mu is held.
func (f *Forwarder) listen() error {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", f.addr)
	if err != nil {
		return err
	}
	f.listener = listener
	f.all.Go(func() { f.accept(listener) })
	return nil
}

// Addr is host:port of the Forwarder.
func (f *Forwarder) Addr() string { return f.addr }

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

// Refuse ends all connections and refuses new ones, like a host without the server, until Heal is called.
func (f *Forwarder) Refuse() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.listener != nil {
		_ = f.listener.Close()
		f.listener = nil
	}
	for conn := range f.conns {
		_ = conn.Close()
	}
}

// Drop keeps connections open and lets nothing through, like a network that drops packets, until Heal is called. What is sent
// meanwhile arrives then, as it does by the retransmission of TCP.
func (f *Forwarder) Drop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.passing:
		f.passing = make(chan struct{})
	default:
	}
}

// Heal ends Refuse and Drop.
func (f *Forwarder) Heal() {
	f.t.Helper()
	f.pass()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.listener == nil {
		if err := f.listen(); err != nil {
			f.t.Fatal(err)
		}
	}
}

// pass lets data pass.
func (f *Forwarder) pass() {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.passing:
	default:
		close(f.passing)
	}
}

func (f *Forwarder) accept(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		f.all.Go(func() { f.forward(listener, client) })
	}
}

func (f *Forwarder) forward(listener net.Listener, client net.Conn) {
	defer client.Close()
	f.mu.Lock()
	to, rewrite := f.to, f.rewrite
	f.mu.Unlock()
	server, err := new(net.Dialer).DialContext(context.Background(), "tcp", to)
	if err != nil {
		return
	}
	defer server.Close()
	if !f.keep(listener, client, server) {
		return
	}
	defer f.forget(client, server)
	f.all.Go(func() {
		f.copy(server, client, nil)
		_ = server.Close()
	})
	f.copy(client, server, rewrite)
}

// copy copies what from sends until either end breaks off.
func (f *Forwarder) copy(to io.Writer, from io.Reader, rewrite func([]byte) []byte) {
	for buffer := make([]byte, 64<<10); ; {
		n, err := from.Read(buffer)
		f.mu.Lock()
		passing := f.passing
		f.mu.Unlock()
		<-passing
		data := buffer[:n]
		if rewrite != nil {
			data = rewrite(data)
		}
		if _, broken := to.Write(data); err != nil || broken != nil {
			return
		}
	}
}

// keep remembers connections that Refuse ends. It returns false if the listener they came by has been closed.
func (f *Forwarder) keep(listener net.Listener, conns ...net.Conn) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.listener != listener {
		return false
	}
	for _, conn := range conns {
		f.conns[conn] = struct{}{}
	}
	return true
}

func (f *Forwarder) forget(conns ...net.Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, conn := range conns {
		delete(f.conns, conn)
	}
}
