package redis_test

import (
	"testing"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestNew_AuthenticatesAtTheSentinel(t *testing.T) {
	t.Parallel()
	s := servers.StartRedisSentinel(t)
	options := redis.Options{
		Addrs: []string{s.Sentinel.Addr()}, MasterName: s.Master, Password: s.Password,
		SentinelUsername: s.SentinelUsername, SentinelPassword: s.SentinelPassword,
	}
	ping := func(o redis.Options) error {
		c, err := redis.New(o)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.Ping(t.Context())
	}
	if err := ping(options); err != nil {
		t.Error(err)
	}
	options.SentinelPassword = "another"
	if ping(options) == nil {
		t.Error("the password of the Sentinel does not matter")
	}
}
