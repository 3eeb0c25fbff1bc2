package porttest

import (
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// The parts of contracts that are about clocks which are set, for
// implementations that take theirs from a function.

// TestWorkQueueClock checks that setting the clock loses no task, and no claim of a
// worker that renews it. open returns a queue that holds
// nothing and measures leases by now; subtests call it in parallel.
func TestWorkQueueClock(t *testing.T, open func(t *testing.T, lease time.Duration, now func() time.Time) core.WorkQueue) {
	for name, test := range map[string]func(t *testing.T, q core.WorkQueue, c *clock){
		"set back/a claim expires a lease after it is noticed": claimBeforeSetBack,
		"set back/a claim that is renewed is kept":             keptWhenSetBack,
		"set back/released tasks can be claimed at once":       releasedBeforeSetBack,
		"set ahead/a claim that is lost by it can be returned": lostWhenSetAhead,
		"drifting/a claim that is renewed is kept":             keptWhileDrifting,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			test(t, open(t, clockLease, c.now), c)
		})
	}
}

// TestWorkerRegistryClock does the same for a registry, which measures
// announcements by now.
func TestWorkerRegistryClock(t *testing.T, open func(t *testing.T, now func() time.Time) core.WorkerRegistry) {
	for name, test := range map[string]func(t *testing.T, r core.WorkerRegistry, c *clock){
		"set back/the dead do not come to life":              deadWhenSetBack,
		"set back/a worker is alive once it announces again": aliveWhenSetBack,
		"a ttl is bounded by MaxAnnouncement":                boundedAnnouncement,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			test(t, open(t, c.now), c)
		})
	}
}

// clockLease is a lease by a clock that moves only when a test sets it.
const clockLease = 10 * time.Second

// clock is a clock that stands still until it is set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Now().Round(0)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// set moves the clock.
func (c *clock) set(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(by)
}

// wantClaimed checks that the task of 1 is claimed and can't be claimed again.
func wantClaimed(t *testing.T, q core.WorkQueue) {
	t.Helper()
	wantNone(t, q)
	jobs, err := q.Jobs(t.Context(), 1)
	must(t, err)
	if !jobs[1].Claimed {
		t.Errorf("the job is %+v, it must be claimed", jobs[1])
	}
}

func claimBeforeSetBack(t *testing.T, q core.WorkQueue, c *clock) {
	for _, by := range []time.Duration{time.Hour, clockLease + time.Millisecond, 365 * 24 * time.Hour} {
		enqueue(t, q, 1)
		claim(t, q, 1)
		c.set(-by)
		wantClaimed(t, q) // its lease starts with this look
		c.set(clockLease - time.Millisecond)
		wantClaimed(t, q)
		c.set(2 * time.Millisecond)
		again := claim(t, q, 1)
		if again.Delivery != 2 {
			t.Errorf("delivery %d after one whose lease has expired", again.Delivery)
		}
		must(t, q.Acknowledge(t.Context(), again))
	}
}

func keptWhenSetBack(t *testing.T, q core.WorkQueue, c *clock) {
	enqueue(t, q, 1)
	held := claim(t, q, 1)
	for range 10 {
		c.set(-time.Hour)
		for range 5 {
			wantClaimed(t, q)
			c.set(clockLease / 2)
			wantLost(t, q, []core.Claim{held}, nil)
		}
	}
	wantClaimed(t, q)
}

func releasedBeforeSetBack(t *testing.T, q core.WorkQueue, c *clock) {
	enqueue(t, q, 1)
	must(t, q.Release(t.Context(), claim(t, q, 1)))
	c.set(-time.Hour)
	must(t, q.Release(t.Context(), claim(t, q, 1)))
	if again := claim(t, q, 1); again.Delivery != 1 {
		t.Errorf("delivery %d after two that were released", again.Delivery)
	}
}

// lostWhenSetAhead has the clock set ahead again and again: each time another
// worker may get the task, but none of it may count against the task.
func lostWhenSetAhead(t *testing.T, q core.WorkQueue, c *clock) {
	enqueue(t, q, 1)
	held := claim(t, q, 1)
	for range 2 * core.MaxDeliveries {
		c.set(time.Hour)
		next := claim(t, q, 1)
		wantLost(t, q, []core.Claim{held, next}, []core.Claim{held})
		must(t, q.Release(t.Context(), held))
		held = next
	}
	jobs, err := q.Jobs(t.Context(), 1)
	must(t, err)
	if jobs[1].Deliveries != 1 {
		t.Errorf("%d deliveries count, all but one were given back", jobs[1].Deliveries)
	}
}

// keptWhileDrifting has the clock run at half and at twice the speed of the
// worker that renews every quarter of a lease.
func keptWhileDrifting(t *testing.T, q core.WorkQueue, c *clock) {
	enqueue(t, q, 1)
	held := claim(t, q, 1)
	for _, step := range []time.Duration{clockLease / 8, clockLease / 2} {
		for range 20 {
			c.set(step)
			wantLost(t, q, []core.Claim{held}, nil)
			wantClaimed(t, q)
		}
	}
}

func deadWhenSetBack(t *testing.T, r core.WorkerRegistry, c *clock) {
	announce(t, r, "dead", 1, 10*time.Second)
	c.set(-time.Hour)
	wantWorkers(t, nil, r)
	announce(t, r, "alive", 2, 10*time.Second)
	wantWorkers(t, []core.WorkerInfo{{Name: "alive", Memory: 2}}, r)
	c.set(time.Hour) // it is set right
	wantWorkers(t, nil, r)
}

func aliveWhenSetBack(t *testing.T, r core.WorkerRegistry, c *clock) {
	for range 3 {
		announce(t, r, "one", 1, 10*time.Second)
		c.set(9 * time.Second)
		wantWorkers(t, []core.WorkerInfo{{Name: "one", Memory: 1}}, r)
		c.set(2 * time.Second)
		wantWorkers(t, nil, r)
		c.set(-time.Hour)
	}
}

func boundedAnnouncement(t *testing.T, r core.WorkerRegistry, c *clock) {
	want := []core.WorkerInfo{{Name: "one", Memory: 1}}
	announce(t, r, "one", 1, 48*time.Hour)
	wantWorkers(t, want, r)
	c.set(core.MaxAnnouncement - time.Millisecond)
	wantWorkers(t, want, r)
	c.set(2 * time.Millisecond)
	wantWorkers(t, nil, r)
}
