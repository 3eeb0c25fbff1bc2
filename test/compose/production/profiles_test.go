package production

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// Grafana is left out: not every machine that runs the tests can have it.
func TestProfiles_ServeHTTPSAndMeasure(t *testing.T) {
	t.Parallel()
	docker.LetRead(t, "deploy/https", "deploy/monitoring") // as scripts/compose does
	stack := docker.Compose(t, "profiles", "docker-compose.production.yml", "COMPOSE_PROFILES=https,watch", "PISANO_PORT=127.0.0.1:0",
		"PISANO_HTTP_PORT=0", "PISANO_HTTPS_PORT=0", "PISANO_PROMETHEUS_PORT=127.0.0.1:0", "PISANO_TRUSTED_PROXIES=172.16.0.0/12,192.168.0.0/16",
		"POSTGRES_PASSWORD=production-postgres", "REDIS_PASSWORD=production-redis")
	stack.Up("caddy", "worker", "prometheus", "blackbox-exporter", "node-exporter")
	site := openSite(t, stack.Only("caddy"))
	site.wantPageAndAPI()
	site.wantEventsAtOnce()
	site.wantRedirect()
	prometheus := stack.Only("prometheus")
	wantMeasured(t, prometheus)
	wantAlertWithout(t, prometheus, stack.Only("caddy"))
}

// site is what a browser sees that trusts Caddy's own authority.
type site struct {
	t     *testing.T
	caddy *docker.Container
	*http.Client
}

func openSite(t *testing.T, caddy *docker.Container) *site {
	t.Helper()
	var authority string
	testkit.Eventually(t, "the certificate of Caddy's authority", func() (err error) {
		authority, err = caddy.TryExec(t.Context(), "cat", "/data/caddy/pki/authorities/local/root.crt")
		return err
	})
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(authority)) {
		t.Fatalf("no certificate: %s", authority)
	}
	transport := &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, caddy.Address(443))
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	s := &site{t, caddy, &http.Client{Transport: transport}}
	testkit.Eventually(t, "an answer of Caddy", func() error {
		response, err := s.Do(s.request(http.MethodHead, "/", ""))
		if err == nil {
			_ = response.Body.Close()
		}
		return err
	})
	return s
}

// request makes a request with header fields (name: value).
func (s *site) request(method, target, body string, fields ...string) *http.Request {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, "https://localhost"+target, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		request.Header.Set(name, value)
	}
	return request
}

// wantText sends a request, whose answer must have this status, and returns its header and text.
func (s *site) wantText(status int, request *http.Request) (http.Header, string) {
	s.t.Helper()
	response, err := s.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != status || response.ProtoMajor != 2 {
		s.t.Errorf("%s %s: %s %s %s, %v", request.Method, request.URL, response.Proto, response.Status, text, err)
	}
	return response.Header, string(text)
}

func (s *site) submission(n int) *http.Request {
	s.t.Helper()
	return s.request(http.MethodPost, "/api/indices", fmt.Sprintf(`{"index":%d}`, n), "Content-Type: application/json")
}

func (s *site) wantPageAndAPI() {
	s.t.Helper()
	header, page := s.wantText(http.StatusOK, s.request(http.MethodGet, "/", ""))
	if !strings.HasPrefix(header.Get("Content-Type"), "text/html") || !strings.Contains(page, "Pisano") {
		s.t.Errorf("the page: %v %s", header, page)
	}
	if header.Get("Strict-Transport-Security") == "" {
		s.t.Error("nginx does not know of HTTPS: it sends no Strict-Transport-Security")
	}
	s.wantText(http.StatusAccepted, s.submission(1000))
	_, value := s.wantText(http.StatusOK, s.request(http.MethodGet, "/api/values/1000", "", "Prefer: wait=60"))
	if !strings.Contains(value, `"state":"calculated"`) {
		s.t.Errorf("F(1000): %s", value)
	}
}

// wantEventsAtOnce counts heartbeats before an event: a proxy that buffers sends it with the heartbeats after it.
func (s *site) wantEventsAtOnce() {
	s.t.Helper()
	events, err := s.Do(s.request(http.MethodGet, "/api/events", "", "Accept: text/event-stream", "Accept-Encoding: gzip"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer events.Body.Close()
	lines := bufio.NewScanner(events.Body)
	await := func(want string) (heartbeats int) {
		s.t.Helper()
		for lines.Scan() {
			switch {
			case strings.Contains(lines.Text(), want):
				return heartbeats
			case strings.HasPrefix(lines.Text(), ":"):
				heartbeats++
			}
		}
		s.t.Fatalf("the stream ended before %q: %v", want, lines.Err())
		return 0
	}
	await("retry:")
	for n := range 5 {
		begin := time.Now()
		s.wantText(http.StatusAccepted, s.submission(n))
		if heartbeats := await(fmt.Sprintf(`{"index":%d,`, n)); heartbeats > 1 { // one may come at the same moment
			s.t.Errorf("F(%d): its event came after %d heartbeats", n, heartbeats)
		}
		s.t.Logf("F(%d): %v from its submission to its event", n, time.Since(begin).Round(time.Millisecond))
	}
}

func (s *site) wantRedirect() {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://"+s.caddy.Address(80)+"/values/10?a=b", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Host = "localhost"
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	if to := response.Header.Get("Location"); response.StatusCode != http.StatusPermanentRedirect || to != "https://localhost/values/10?a=b" {
		s.t.Errorf("HTTP: %s, Location: %s", response.Status, to)
	}
}

// wantAlertWithout stops Caddy, of which nothing is measured any more, and waits until Prometheus has noticed.
func wantAlertWithout(t *testing.T, prometheus, caddy *docker.Container) {
	t.Helper()
	const alert = `ALERTS{alertname="PisanoUnavailable"}`
	testkit.AwaitResult(t, prometheus.Address(9090), "absent("+alert+")")
	caddy.Stop()
	testkit.AwaitResult(t, prometheus.Address(9090), alert)
}

// wantMeasured waits until Prometheus has an answer of each server, and the end of the certificate.
func wantMeasured(t *testing.T, prometheus *docker.Container) {
	t.Helper()
	for _, expression := range []string{
		`up{job="pisano-api"} == 1`, `up{job="pisano-worker"} == 1`, `node_memory_MemAvailable_bytes{job="machine"}`,
		`probe_success{job="front-door"} == 1`, `probe_ssl_earliest_cert_expiry{job="certificate"} > time()`,
	} {
		testkit.AwaitResult(t, prometheus.Address(9090), expression)
	}
}
