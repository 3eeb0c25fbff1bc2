package deploy

import (
	"bufio"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
)

// serve starts a proxy that answers for every host of AWS in the region, and returns the settings by which the AWS command line uses it.
// A host that is none of AWS is refused.
func serve(t *testing.T, handler http.Handler) []string {
	t.Helper()
	domain := region + ".amazonaws.com"
	certificate := testkit.NewCertificate(t, "*."+domain, "*.s3."+domain)
	identity, err := tls.X509KeyPair(certificate.Certificate, certificate.Key)
	if err != nil {
		t.Fatal(err)
	}
	authority := filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(authority, certificate.CA, 0o600); err != nil {
		t.Fatal(err)
	}
	inner := &tunnels{connections: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(inner) }() // it returns when the test ends
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, port, _ := net.SplitHostPort(r.Host)
		if r.Method != http.MethodConnect || port != "443" || !strings.HasSuffix(host, "."+domain) {
			http.Error(w, "no host of AWS in "+region, http.StatusForbidden)
			return
		}
		connection, buffer, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		if _, err := connection.Write([]byte("HTTP/1.1 200 OK\r\n\r\n")); err != nil {
			_ = connection.Close()
			return
		}
		inner.hand(tls.Server(buffered{connection, buffer.Reader}, &tls.Config{Certificates: []tls.Certificate{identity}, MinVersion: tls.VersionTLS12}))
	}))
	t.Cleanup(func() {
		proxy.Close()
		_ = server.Close() // what it serves belongs to programs that have ended
	})
	return []string{"HTTPS_PROXY=" + proxy.URL, "AWS_CA_BUNDLE=" + authority, "AWS_EC2_METADATA_DISABLED=true"}
}

// buffered is a connection of which something was read already.
type buffered struct {
	net.Conn
	reader *bufio.Reader
}

func (b buffered) Read(p []byte) (int, error) { return b.reader.Read(p) }

// tunnels is a listener for connections through the proxy.
type tunnels struct {
	connections chan net.Conn
	closed      chan struct{}
}

func (l *tunnels) hand(c net.Conn) {
	select {
	case l.connections <- c:
	case <-l.closed:
		_ = c.Close()
	}
}

func (l *tunnels) Accept() (net.Conn, error) {
	select {
	case c := <-l.connections:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *tunnels) Close() error {
	close(l.closed)
	return nil
}

func (l *tunnels) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
