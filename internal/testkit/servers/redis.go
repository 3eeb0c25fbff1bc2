package servers

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/testcontainers/testcontainers-go"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// RedisServer is a shared Redis, single or a Cluster. Each test uses a key prefix of its own.
type RedisServer struct {
	Addrs    []string    // host:port; several: the masters of a Cluster
	Username string      // "" if the default user needs no password
	Password string      // of that user
	TLS      *tls.Config // trusts the server's certificate; nil if the server has no TLS
	ca       string
}

// CAFile is the path of the certificate, in PEM, of the authority that signed the server's; "" if the server has no TLS.
func (s *RedisServer) CAFile() string { return s.ca }

// Redis returns the plain Redis that all tests of the test binary share.
func Redis(t testing.TB) *RedisServer {
	t.Helper()
	return must(t, sharedRedis)
}

// RedisTLS returns the shared Redis that requires TLS and one user with a password; the default user is off.
func RedisTLS(t testing.TB) *RedisServer {
	t.Helper()
	return must(t, sharedRedisTLS)
}

// StartRedis starts a Redis for one test. Arguments are those of redis-server: with "--save", "", "--appendonly", "no"
// a restart loses everything, with "--appendonly", "yes" nothing that was synced.
func StartRedis(t testing.TB, args ...string) *Server {
	t.Helper()
	e := must(t, connect)
	container, address, err := e.startRedis(t.Context(), redis.Options{}, nil, args...)
	if err != nil {
		t.Fatalf("starting Redis: %v", err)
	}
	return own(t, e, container, address)
}

// Replicate makes a server a replica of another one and returns when it has all of its data.
func Replicate(t testing.TB, replica, master *Server) {
	t.Helper()
	replica.Exec("redis-cli", "REPLICAOF", master.IP(), "6379")
	testkit.Eventually(t, replica.Addr()+" as a replica of "+master.Addr(), func() error {
		if info := replica.Exec("redis-cli", "INFO", "replication"); !strings.Contains(info, "master_link_status:up") {
			return errors.New(info)
		}
		return nil
	})
}

var sharedRedis = sync.OnceValues(func() (*RedisServer, error) {
	e, err := connect()
	if err != nil {
		return nil, err
	}
	_, address, err := e.startRedis(context.Background(), redis.Options{}, nil, "--save", "", "--appendonly", "no")
	return &RedisServer{Addrs: []string{address}}, err
})

var sharedRedisTLS = sync.OnceValues(func() (*RedisServer, error) {
	e, err := connect()
	if err != nil {
		return nil, err
	}
	ca, err := certify(e.Host)
	if err != nil {
		return nil, err
	}
	server := &RedisServer{
		Username: "pisano", Password: rand.Text(), TLS: &tls.Config{RootCAs: ca.pool, MinVersion: tls.VersionTLS12}, ca: ca.file,
	}
	_, address, err := e.startRedis(context.Background(),
		redis.Options{Username: server.Username, Password: server.Password, TLSConfig: server.TLS},
		map[string][]byte{"/tmp/ca.crt": ca.CA, "/tmp/server.crt": ca.Certificate.Certificate, "/tmp/server.key": ca.Key},
		"--save", "", "--appendonly", "no", "--port", "0", "--tls-port", "6379", "--tls-auth-clients", "no",
		"--tls-ca-cert-file", "/tmp/ca.crt", "--tls-cert-file", "/tmp/server.crt", "--tls-key-file", "/tmp/server.key",
		"--user", "default", "off", "--user", server.Username, "on", ">"+server.Password, "~*", "&*", "+@all",
	)
	server.Addrs = []string{address}
	return server, err
})

// startRedis starts a server that answers clients with these options.
func (e engine) startRedis(
	ctx context.Context, options redis.Options, files map[string][]byte, args ...string,
) (*testcontainers.DockerContainer, string, error) {
	var address string
	container, err := e.start(ctx, 1, func(ports []int) spec {
		address = e.address(ports[0])
		options.Addr = address
		return spec{
			image:   os.Getenv(docker.RedisImage),
			command: append([]string{"redis-server", "--protected-mode", "no"}, args...),
			files:   files,
			publish: map[int]int{6379: ports[0]},
			ready:   redisAnswers(options),
		}
	})
	return container, address, err
}

// redisAnswers waits for an answer to PING, or for any error but "still loading".
func redisAnswers(options redis.Options) answers {
	options.MaxRetries = -1
	options.DialTimeout = 2 * time.Second
	return func(ctx context.Context) error {
		client := redis.NewClient(&options)
		defer client.Close()
		err := client.Ping(ctx).Err()
		var reply redis.Error
		if errors.As(err, &reply) && !strings.HasPrefix(reply.Error(), "LOADING") {
			return nil
		}
		return err
	}
}
