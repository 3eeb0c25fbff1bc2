package servers

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/testcontainers/testcontainers-go"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

const masters = 3

// cluster is a Redis Cluster. Its masters share the network of one more container, which publishes their ports, so that
// they have the same addresses for each other as for the tests.
type cluster struct {
	network   *testcontainers.DockerContainer
	nodes     []*testcontainers.DockerContainer
	addresses []string
}

// RedisCluster returns the Cluster of three masters that all tests of the test binary share.
func RedisCluster(t testing.TB) *RedisServer {
	t.Helper()
	return must(t, sharedRedisCluster)
}

// StartRedisCluster starts a Cluster for one test, of three masters without replicas, each with a third of the slots
// and with its data in an append-only file. A node that does not answer for 2 s counts as failed, and by default the
// Cluster refuses commands then. Arguments are those of redis-server, for every node.
func StartRedisCluster(t testing.TB, args ...string) []*Server {
	t.Helper()
	e := must(t, connect)
	c, err := e.startCluster(t.Context(), args...)
	if err != nil {
		t.Fatalf("starting a Redis Cluster: %v", err)
	}
	docker.Own(t, e.Engine, c.network)
	nodes := make([]*Server, masters)
	for i, node := range c.nodes {
		nodes[i] = own(t, e, node, c.addresses[i])
	}
	return nodes
}

var sharedRedisCluster = sync.OnceValues(func() (*RedisServer, error) {
	e, err := connect()
	if err != nil {
		return nil, err
	}
	// No test stops a node, and none is to count as failed because the machine or its disk is busy.
	c, err := e.startCluster(context.Background(), "--cluster-node-timeout", "60000", "--appendonly", "no")
	return &RedisServer{Addrs: c.addresses}, err
})

// startCluster returns when every node knows that all slots are served.
func (e engine) startCluster(ctx context.Context, args ...string) (cluster, error) {
	var c cluster
	var ports []int // of the nodes, then of their bus
	holder, err := e.start(ctx, 2*masters, func(chosen []int) spec {
		ports = chosen
		s := spec{image: os.Getenv(docker.RedisImage), command: []string{"sleep", "infinity"}, publish: map[int]int{}}
		for _, port := range ports {
			s.publish[port] = port
		}
		return s
	})
	if err != nil {
		return c, err
	}
	c.network = holder
	for _, port := range ports[:masters] {
		c.addresses = append(c.addresses, e.address(port))
	}
	c.nodes = make([]*testcontainers.DockerContainer, masters)
	faults := make([]error, masters)
	var wait sync.WaitGroup
	for i := range masters {
		wait.Go(func() {
			c.nodes[i], faults[i] = e.start(ctx, 0, func([]int) spec {
				return e.node(c, ports[i], ports[masters+i], args)
			})
		})
	}
	wait.Wait()
	for _, err := range faults {
		if err != nil {
			return c, err
		}
	}
	return c, c.join(ctx)
}

func (e engine) node(c cluster, port, bus int, args []string) spec {
	return spec{
		image: os.Getenv(docker.RedisImage),
		command: append([]string{
			"redis-server", "--protected-mode", "no", "--port", strconv.Itoa(port), "--appendonly", "yes",
			"--cluster-enabled", "yes", "--cluster-port", strconv.Itoa(bus), "--cluster-node-timeout", "2000",
			"--cluster-announce-ip", e.Host.String(),
		}, args...),
		namespace: c.network.GetContainerID(),
		ready:     redisAnswers(redis.Options{Addr: e.address(port)}),
	}
}

// join makes one cluster of the nodes.
func (c cluster) join(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, HangTimeout)
	defer cancel()
	command := append([]string{"redis-cli", "--cluster-yes", "--cluster", "create"}, c.addresses...)
	if _, err := docker.Exec(ctx, c.nodes[0], command...); err != nil {
		return err
	}
	for i, node := range c.nodes {
		if err := clusterServes(c.addresses[i]).WaitUntilReady(ctx, node); err != nil {
			return err
		}
	}
	return nil
}

// clusterServes waits until a node reports that all slots are served.
func clusterServes(address string) answers {
	return func(ctx context.Context) error {
		client := redis.NewClient(&redis.Options{Addr: address})
		defer client.Close()
		info, err := client.ClusterInfo(ctx).Result()
		if err != nil {
			return err
		}
		if !strings.Contains(info, "cluster_state:ok") {
			return fmt.Errorf("the Cluster isn't ready: %s", info)
		}
		return nil
	}
}
