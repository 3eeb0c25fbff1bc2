// Package beanstalk starts what Elastic Beanstalk would start, from the bundle that it would get, beside a Postgres and a Redis
// that are as strict as RDS and ElastiCache.
package beanstalk

import (
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

func TestMain(m *testing.M) { docker.Main(m) }
