package system

import (
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestCluster_SpreadsKeysAndLosesNothingWithAMaster(t *testing.T) {
	t.Parallel()
	const count = 300
	s := newSystem(t)
	masters := servers.StartRedisCluster(t)
	var addrs []string
	for _, master := range masters {
		addrs = append(addrs, master.Addr())
	}
	cluster := "REDIS_HOST=" + strings.Join(addrs, ",")
	_, c := s.startAPI(cluster)
	s.startWorker(cluster)
	c.MustSubmit(from(1000, count)...)
	c.AwaitAll(count)
	var keys []int64
	for _, addr := range addrs {
		held, err := dial(t, addr).DBSize(t.Context()).Result()
		if err != nil || held == 0 {
			t.Errorf("a master holds %d keys, %v", held, err)
		}
		keys = append(keys, held)
	}
	measured(t, "keys on the masters: %v", keys)

	masters[1].Stop()
	c.MustSubmit(from(5000, count)...)
	time.Sleep(3 * time.Second)
	masters[1].Start()
	took := c.AwaitAll(2 * count)
	measured(t, "all %d values %v after the master's return", 2*count, took.Round(time.Millisecond))
	for n := range from(0, count) {
		if n%10 == 0 {
			c.WantRight(from(1000, count)[n])
			c.WantRight(from(5000, count)[n])
		}
	}
}
