// Package beanstalk starts the containers of the bundle as Elastic Beanstalk does, with a Postgres and a Redis that are as strict as
// RDS and ElastiCache.
package beanstalk

import (
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

func TestMain(m *testing.M) { docker.Main(m) }
