package servers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// RedisSentinel is a Redis that requires a password, its replica, and the Sentinel that watches them, which requires another.
// The Sentinel knows the server by the name Master, and promotes the replica once the server has not answered for five seconds.
type RedisSentinel struct {
	Server   *Server
	Replica  *Server
	Sentinel *Server
	Master   string
	Password string // of the server

	SentinelUsername string
	SentinelPassword string
}

// StartRedisSentinel starts a Redis, its replica and its Sentinel for one test. The Sentinel knows all of them.
func StartRedisSentinel(t testing.TB) RedisSentinel {
	t.Helper()
	e := must(t, connect)
	r := RedisSentinel{Master: "main", Password: rand.Text(), SentinelUsername: "watcher", SentinelPassword: rand.Text()}
	var ports []int // of the server, the Sentinel and the replica, the same for each other as for the tests
	network, err := e.start(t.Context(), 3, func(chosen []int) spec {
		ports = chosen
		s := spec{image: os.Getenv(docker.RedisImage), command: []string{"sleep", "infinity"}, publish: map[int]int{}}
		for _, port := range ports {
			s.publish[port] = port
		}
		return s
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
	server := func(port int, args ...string) *Server {
		return start(port, spec{
			command: append([]string{
				"redis-server", "--port", strconv.Itoa(port), "--requirepass", r.Password, "--masterauth", r.Password,
				"--replica-announce-ip", e.Host.String(), "--repl-diskless-sync-delay", "0", "--save", "", "--appendonly", "no",
			}, args...),
			ready: redisAnswers(redis.Options{Addr: e.address(port), Password: r.Password}),
		})
	}
	r.Server = server(ports[0])
	r.Replica = server(ports[2], "--replicaof", e.Host.String(), strconv.Itoa(ports[0]))
	testkit.Eventually(t, "the replica has the data of its master", func() error {
		if info := r.Replica.Exec("redis-cli", "-p", strconv.Itoa(ports[2]), "-a", r.Password, "INFO", "replication"); !strings.Contains(info, "master_link_status:up") {
			return errors.New(info)
		}
		return nil
	})
	settings := fmt.Sprintf("port %d\nuser default off\nuser %s on >%s allchannels +@all\nsentinel monitor %s %s %d 1\nsentinel auth-pass %s %s\n"+
		"sentinel down-after-milliseconds %s 5000\nsentinel failover-timeout %s 5000\n",
		ports[1], r.SentinelUsername, r.SentinelPassword, r.Master, e.Host, ports[0], r.Master, r.Password, r.Master, r.Master)
	r.Sentinel = start(ports[1], spec{
		entrypoint: []string{"sh", "-c", "cp /tmp/given.conf /tmp/sentinel.conf && exec redis-server /tmp/sentinel.conf --sentinel"},
		files:      map[string][]byte{"/tmp/given.conf": []byte(settings)},
		ready:      r.isKnownTo(e.address(ports[1])),
	})
	return r
}

// isKnownTo waits until a Sentinel names the address of the server, and knows the replica.
func (r RedisSentinel) isKnownTo(address string) answers {
	return func(ctx context.Context) error {
		client := redis.NewSentinelClient(&redis.Options{Addr: address, Username: r.SentinelUsername, Password: r.SentinelPassword})
		defer client.Close()
		found, err := client.GetMasterAddrByName(ctx, r.Master).Result()
		if err == nil && net.JoinHostPort(found[0], found[1]) != r.Server.Addr() {
			return fmt.Errorf("it names %v", found)
		}
		if err != nil {
			return err
		}
		replicas, err := client.Replicas(ctx, r.Master).Result()
		if err == nil && (len(replicas) != 1 || replicas[0]["flags"] != "slave" || replicas[0]["master-link-status"] != "ok") {
			return fmt.Errorf("the replicas it knows are %v", replicas)
		}
		return err
	}
}
