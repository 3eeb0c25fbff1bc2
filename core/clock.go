package core

import (
	"sync"
	"time"
)

// moment is a point in time by both clocks. The monotonic one stands still while
// the machine is suspended, the wall clock may be set.
type moment struct {
	at   time.Time // with a monotonic reading
	wall time.Time
}

func (m moment) isZero() bool { return m.at.IsZero() }

// clock measures time for a Worker.
type clock struct {
	wall  func() time.Time
	start moment

	mu       sync.Mutex
	ahead    time.Duration // of the monotonic clock, since start, when last compared
	jumpedAt time.Time     // when the wall clock was last seen to have jumped ahead
}

func newClock(wall func() time.Time) *clock {
	if wall == nil {
		wall = time.Now
	}
	c := &clock{wall: wall}
	c.start = c.now()
	return c
}

func (c *clock) now() moment { return moment{time.Now(), c.wall().Round(0)} }

// since returns the time since m by whichever clock says more: one that is too
// long has a lease renewed early, one that is too short has it expire.
func (c *clock) since(m moment) time.Duration {
	return max(time.Since(m.at), c.wall().Round(0).Sub(m.wall))
}

// maxDrift is how far the clocks may part unnoticed between two looks.
const maxDrift = time.Second

// jumped reports whether the wall clock jumped ahead of the monotonic one within
// the last period: the machine was suspended, or the clock was set. Leases of
// others may then have expired without their fault.
func (c *clock) jumped(period time.Duration) bool {
	now := c.now()
	ahead := now.wall.Sub(c.start.wall) - now.at.Sub(c.start.at)
	c.mu.Lock()
	defer c.mu.Unlock()
	if ahead-c.ahead > maxDrift {
		c.jumpedAt = now.at
	}
	c.ahead = ahead
	return !c.jumpedAt.IsZero() && now.at.Sub(c.jumpedAt) < period
}
