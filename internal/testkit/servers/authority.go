package servers

import (
	"crypto/x509"
	"net/netip"
	"os"
	"path/filepath"
	"sync"

	"github.com/pisano-dev/pisano/internal/testkit"
)

// authority is the certificate authority of one run of a test binary, with the certificate of its servers.
type authority struct {
	testkit.Certificate
	file string // of the authority's certificate, PEM
	pool *x509.CertPool
}

var issued = struct {
	sync.Mutex
	*authority
}{}

// certify returns the authority of this run, made at the first call, with a certificate for servers at that address.
func certify(host netip.Addr) (*authority, error) {
	issued.Lock()
	defer issued.Unlock()
	if issued.authority != nil {
		return issued.authority, nil
	}
	c, err := testkit.IssueCertificate("localhost", host.String())
	if err != nil {
		return nil, err
	}
	directory, err := os.MkdirTemp("", "pisano-test-ca-")
	if err != nil {
		return nil, err
	}
	issued.authority = &authority{c, filepath.Join(directory, "ca.pem"), x509.NewCertPool()}
	issued.pool.AppendCertsFromPEM(c.CA)
	return issued.authority, os.WriteFile(issued.file, c.CA, 0o600)
}

func removeAuthority() {
	issued.Lock()
	defer issued.Unlock()
	if issued.authority != nil {
		_ = os.RemoveAll(filepath.Dir(issued.file)) // if it fails, a worthless file is left in the temporary directory
	}
}
