package system

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

func TestLanes_AShortCalculationDoesNotWaitForALongOne(t *testing.T) {
	t.Parallel()
	const oneSlot = "PISANO_CONCURRENCY=1"
	for name, start := range map[string]func(*testing.T) *pisano.Client{
		"embedded": func(t *testing.T) *pisano.Client {
			_, c := startEmbedded(t, t.TempDir()+"/pisano.db", oneSlot)
			return c
		},
		"on servers": func(t *testing.T) *pisano.Client {
			s := newSystem(t)
			_, c := s.startAPI(longAccepted)
			s.startWorker(oneSlot)
			return c
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := start(t)
			c.MustSubmit(longest, longest-1)
			calculating(t, c, longest)
			for _, n := range []core.Index{10, 77, 100_000} {
				begin := time.Now()
				c.MustSubmit(n)
				c.Await(n)
				measured(t, "F(%d) calculated %v after its submission, while F(%d) had the only slot", n, time.Since(begin).Round(time.Millisecond), longest)
			}
			if err := c.Is(longest, "calculating")(); err != nil {
				t.Error(err)
			}
			if err := c.Is(longest-1, "pending")(); err != nil {
				t.Error(err)
			}
		})
	}
}
