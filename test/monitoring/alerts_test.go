package monitoring

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// background calls a function again and again until the test ends.
func background(t *testing.T, call func()) {
	t.Helper()
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
				call()
			}
		}
	}()
	t.Cleanup(func() { close(stop); <-done })
}

func from(first core.Index, count int) []core.Index {
	indices := make([]core.Index, count)
	for i := range indices {
		indices[i] = first + core.Index(i)
	}
	return indices
}

func TestAlerts_AHealthySystemRaisesNone(t *testing.T) {
	t.Parallel()
	api := pisano.Start(t, "api", "PISANO_DATA="+filepath.Join(t.TempDir(), "pisano.db"))
	p := start(t, targets{"pisano-api": {reachable(t, api)}, "front-door": {"http://" + reachable(t, api) + "/api/readyz"}})
	c := api.Client("/api")
	n := core.Index(0)
	background(t, func() { _, _ = c.TrySubmit(n); n++ })
	begin := time.Now()
	testkit.Eventually(t, "an evaluation after more than the longest interval", func() error {
		var data struct {
			Groups []struct{ LastEvaluation time.Time }
		}
		if err := testkit.AskPrometheus(t.Context(), p.address, "rules", &data); err != nil {
			return err
		}
		if last := data.Groups[0].LastEvaluation; last.Before(begin.Add(16 * minute)) {
			return fmt.Errorf("the last one was at %v", last)
		}
		return nil
	})
	testkit.Eventually(t, "no alert", func() error { // answers that a busy machine delays raise one for a moment
		all, err := p.alerts()
		for _, a := range all {
			if a.State == "firing" {
				err = errors.Join(err, fmt.Errorf("%+v", a))
			}
		}
		return err
	})
}

func TestAlerts_OfWorkersThatHang(t *testing.T) {
	t.Parallel()
	redis := servers.StartRedis(t)
	settings := []string{"DATABASE_URL=" + servers.Postgres(t).NewDatabase(t), "REDIS_HOST=" + redis.Addr()}
	api := pisano.Start(t, "api", settings...)
	strict := pisano.Start(t, "api", append(settings, "PISANO_MAX_BACKLOG=1s")...)
	worker := pisano.Start(t, "worker", append(settings, "PISANO_CONCURRENCY=1", "GOMAXPROCS=1")...)
	p := start(t, targets{"pisano-api": {reachable(t, api), reachable(t, strict)}, "pisano-worker": {reachable(t, worker)}})
	c := api.Client("")
	lost := from(5_000_000, 200)
	c.MustSubmit(lost...)
	c.AwaitAll(len(lost))

	redis.Exec("redis-cli", "FLUSHALL")
	testkit.Eventually(t, "the recovery of lost values", func() error {
		status, err := c.GetStatusWithResponse(t.Context())
		if err == nil && (status.JSON200 == nil || status.JSON200.Recovery.Waiting == nil || *status.JSON200.Recovery.Waiting == 0) {
			err = errors.New(string(status.Body))
		}
		return err
	})
	if err := worker.Command.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	c.MustSubmit(from(90_000_000, 20)...) // more than a second of work
	refused, n := strict.Client(""), core.Index(80_000_000)
	background(t, func() { _, _ = refused.TrySubmit(n); n++ })
	p.awaitAlert("PisanoNoWorkers", "severity", "critical")
	p.awaitAlert("PisanoRefusing", "severity", "warning")
	p.awaitAlert("PisanoRecoveryLong", "severity", "warning")
	p.awaitAlert("PisanoStalled", "severity", "critical")

	if err := worker.Command.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	p.awaitEnd("PisanoNoWorkers")
	p.awaitEnd("PisanoStalled")
}

func TestAlerts_OfIndicesThatFailAndOfAProgramThatDies(t *testing.T) {
	t.Parallel()
	settings := []string{"PISANO_DATA=" + filepath.Join(t.TempDir(), "pisano.db"), "PISANO_CACHE_BYTES=1MiB"}
	api := pisano.Start(t, "api", settings...)
	p := start(t, targets{"pisano-api": {reachable(t, api)}})
	api.Client("/api").MustSubmit(20_000_000) // its value takes more than a mebibyte
	p.awaitAlert("PisanoIndicesFail", "severity", "warning")

	settings = append(settings, "PORT="+port(api))
	for deaths := 1; p.firing("PisanoRestarts", "job", "pisano-api")() != nil; deaths++ {
		api.Kill()
		api = pisano.Start(t, "api", settings...)
		p.await(fmt.Sprintf("changes(process_start_time_seconds[1h]) >= %d", deaths))
	}
	api.Kill()
	p.awaitAlert("PisanoUnmeasured", "severity", "critical")
}

func TestAlerts_OfAPostgresThatIsSlowAndGoes(t *testing.T) {
	t.Parallel()
	database, err := url.Parse(servers.Postgres(t).NewDatabase(t))
	if err != nil {
		t.Fatal(err)
	}
	way := servers.Forward(t, database.Host)
	database.Host = way.Addr()
	api := pisano.Start(t, "api", "DATABASE_URL="+database.String(), "REDIS_HOST="+servers.StartRedis(t).Addr())
	p := start(t, targets{"pisano-api": {reachable(t, api)}, "front-door": {"http://" + reachable(t, api) + "/readyz"}})
	c := api.Client("")

	slow := p.firing("PisanoSlow", "route", "/indices")
	for n := core.Index(0); slow() != nil; n++ {
		way.Drop()
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			_, _ = c.TrySubmit(n)
		}()
		time.Sleep(3 * time.Second / 2)
		way.Heal()
		<-answered
	}
	way.Refuse()
	n := core.Index(1000)
	background(t, func() { _, _ = c.TrySubmit(n); n++ })
	p.awaitAlert("PisanoErrors", "severity", "critical")
	p.awaitAlert("PisanoUnavailable", "job", "front-door")
	p.awaitAlert("PisanoDependencyFails", "port", "IndexStore")
	way.Heal()
	p.awaitEnd("PisanoUnavailable")
}

// The exporter has the disk as in docker-compose.production.yml: read-only, below /host.
func TestAlerts_OfADiskAndOfACertificate(t *testing.T) {
	t.Parallel()
	disk := docker.Volume(t, "--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", "o=size=1m")
	writer := docker.Run(t, "--volume", disk+":/disk", "--user=0", "--entrypoint=sleep", docker.ServerImage(t, docker.RedisImage), "infinity")
	machine := docker.Run(t, "--volume", disk+":/host/data:ro", docker.ServerImage(t, docker.NodeExporterImage), "--path.rootfs=/host")
	p := start(t, targets{"machine": {machine.IP() + ":9100"}, "certificate": {serveTLS(t)}})
	p.await(`node_filesystem_avail_bytes{mountpoint="/data"}`)
	p.await(`probe_success{job="certificate"} == 1`)
	writer.Exec("sh", "-c", "head -c 1000000 /dev/zero >/disk/full")
	p.awaitAlert("PisanoDiskFull", "mountpoint", "/data")
	writer.Exec("rm", "/disk/full")
	p.await(`absent(ALERTS{alertname="PisanoDiskFull", mountpoint="/data"})`)
	p.awaitAlert("PisanoCertificateExpires", "job", "certificate")
}

// The exporters are frozen, so that no other container gets their addresses.
func TestAlerts_OfATLSServerWithoutCertificateAndOfExportersThatDoNotAnswer(t *testing.T) {
	t.Parallel()
	machine := docker.Run(t, docker.ServerImage(t, docker.NodeExporterImage))
	p := start(t, targets{"machine": {machine.IP() + ":9100"}, "certificate": {refuseTLS(t)}})
	p.awaitAlert("PisanoUnavailable", "job", "certificate")
	machine.Pause()
	p.awaitAlert("PisanoUnmeasured", "job", "machine")
	p.prober.Pause()
	p.awaitAlert("PisanoUnmeasured", "job", "certificate")
	p.awaitEnd("PisanoUnavailable")
}

// listen returns a listener, and its host:port for containers.
func listen(t *testing.T) (net.Listener, string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener, fmt.Sprintf("%s:%d", docker.HostAddress(t), listener.Addr().(*net.TCPAddr).Port)
}

// refuseTLS closes each connection, as a server does that has no certificate yet, and returns host:port for containers.
func refuseTLS(t *testing.T) string {
	t.Helper()
	listener, address := listen(t)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return // the test has ended
			}
			_ = connection.Close()
		}
	}()
	return address
}

// serveTLS serves with a certificate that is valid for a day, and returns host:port for containers.
func serveTLS(t *testing.T) string {
	t.Helper()
	listener, address := listen(t)
	certificate := testkit.NewCertificate(t, "pisano.test")
	pair, err := tls.X509KeyPair(certificate.Certificate, certificate.Key)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	_ = s.Listener.Close() // on loopback, which containers do not reach
	s.Listener, s.TLS = listener, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return address
}
