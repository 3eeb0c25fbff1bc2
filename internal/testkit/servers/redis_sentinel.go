package servers

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"strconv"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// RedisSentinel is a Redis that requires a password, and the Sentinel that watches it, which requires another. The Sentinel
// knows the server by the name Master.
type RedisSentinel struct {
	Server   *Server
	Sentinel *Server
	Master   string
	Password string // of the server

	SentinelUsername string
	SentinelPassword string
}

// StartRedisSentinel starts a Redis and its Sentinel for one test.
func StartRedisSentinel(t testing.TB) RedisSentinel {
	t.Helper()
	e := must(t, connect)
	r := RedisSentinel{Master: "main", Password: rand.Text(), SentinelUsername: "watcher", SentinelPassword: rand.Text()}
	var ports []int // of the server and of the Sentinel, the same for each other as for the tests
	network, err := e.start(t.Context(), 2, func(chosen []int) spec {
		ports = chosen
		return spec{image: os.Getenv(docker.RedisImage), command: []string{"sleep", "infinity"}, publish: map[int]int{ports[0]: ports[0], ports[1]: ports[1]}}
	})
	if err != nil {
		t.Fatalf("starting the network of a Sentinel: %v", err)
	}
	docker.Own(t, e.Engine, network)
	start := func(port int, s spec) *Server {
		t.Helper()
		s.image, s.namespace = os.Getenv(docker.RedisImage), network.GetContainerID()
		container, err := e.start(t.Context(), 0, func([]int) spec { return s })
		if err != nil {
			t.Fatalf("starting a Redis with its Sentinel: %v", err)
		}
		return own(t, e, container, e.address(port))
	}
	r.Server = start(ports[0], spec{
		command: []string{"redis-server", "--port", strconv.Itoa(ports[0]), "--requirepass", r.Password, "--save", "", "--appendonly", "no"},
		ready:   redisAnswers(redis.Options{Addr: e.address(ports[0]), Password: r.Password}),
	})
	settings := fmt.Sprintf("port %d\nuser default off\nuser %s on >%s allchannels +@all\nsentinel monitor %s %s %d 1\nsentinel auth-pass %s %s\n",
		ports[1], r.SentinelUsername, r.SentinelPassword, r.Master, e.Host, ports[0], r.Master, r.Password)
	r.Sentinel = start(ports[1], spec{
		entrypoint: []string{"sh", "-c", "cp /tmp/given.conf /tmp/sentinel.conf && exec redis-server /tmp/sentinel.conf --sentinel"},
		files:      map[string][]byte{"/tmp/given.conf": []byte(settings)},
		ready:      r.knowsItsServer(e.address(ports[1])),
	})
	return r
}

// knowsItsServer waits until a Sentinel names the address of its server.
func (r RedisSentinel) knowsItsServer(address string) answers {
	return func(ctx context.Context) error {
		client := redis.NewSentinelClient(&redis.Options{Addr: address, Username: r.SentinelUsername, Password: r.SentinelPassword})
		defer client.Close()
		found, err := client.GetMasterAddrByName(ctx, r.Master).Result()
		if err == nil && net.JoinHostPort(found[0], found[1]) != r.Server.Addr() {
			return fmt.Errorf("it names %v", found)
		}
		return err
	}
}
