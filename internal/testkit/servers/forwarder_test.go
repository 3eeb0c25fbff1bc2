package servers_test

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// echo starts a server that sends back what it gets, and returns its address.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = io.Copy(conn, conn)
			}()
		}
	}()
	return listener.Addr().String()
}

// dial connects to an address; no read waits longer than a hang.
func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(testkit.HangTimeout)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// wantEcho checks that text sent on conn comes back.
func wantEcho(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	wantReceived(t, conn, text)
}

func wantReceived(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	got := make([]byte, len(text))
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != text {
		t.Fatalf("received %q, %v, want %q", got, err, text)
	}
}

func TestForwarder_RefusesUntilItIsHealed(t *testing.T) {
	t.Parallel()
	f := servers.Forward(t, echo(t))
	conn := dial(t, f.Addr())
	wantEcho(t, conn, "before")
	f.Refuse()
	if n, err := conn.Read(make([]byte, 1)); err == nil {
		t.Errorf("an open connection has received %d bytes", n)
	}
	if refused, err := new(net.Dialer).DialContext(t.Context(), "tcp", f.Addr()); err == nil {
		_ = refused.Close()
		t.Error("a new connection is accepted")
	}
	f.Heal()
	wantEcho(t, dial(t, f.Addr()), "after")
}

func TestForwarder_DropsUntilItIsHealed(t *testing.T) {
	t.Parallel()
	f := servers.Forward(t, echo(t))
	old := dial(t, f.Addr())
	wantEcho(t, old, "before")
	f.Drop()
	for _, conn := range []net.Conn{old, dial(t, f.Addr())} {
		if _, err := io.WriteString(conn, "meanwhile"); err != nil {
			t.Fatal(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if n, err := conn.Read(make([]byte, 1)); err == nil {
			t.Errorf("%d bytes pass", n)
		}
		_ = conn.SetReadDeadline(time.Now().Add(testkit.HangTimeout))
		defer wantReceived(t, conn, "meanwhile")
	}
	f.Heal()
}

func TestForwarder_SendsNewConnectionsWhereItIsMoved(t *testing.T) {
	t.Parallel()
	a, b := servers.Forward(t, echo(t)), servers.Forward(t, echo(t))
	b.Replace("loud", "LOUD")
	f := servers.Forward(t, a.Addr())
	old := dial(t, f.Addr())
	wantEcho(t, old, "quiet")
	f.Move(b.Addr())
	moved := dial(t, f.Addr())
	if _, err := io.WriteString(moved, "loud"); err != nil {
		t.Fatal(err)
	}
	wantReceived(t, moved, "LOUD")
	wantEcho(t, old, "loud")
}
