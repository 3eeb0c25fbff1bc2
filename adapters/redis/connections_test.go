package redis

import (
	"context"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// refusal is a reply of Redis that refuses a command.
type refusal string

func (r refusal) Error() string { return string(r) }
func (refusal) RedisError()     {}

// breaks returns how often a connection is broken off that is always made again,
// while a command is refused every 100 ms, and the longest time between two.
func breaks(t *testing.T, c *connections, err error, period time.Duration) (count int, longest time.Duration) {
	t.Helper()
	var broken, last = dialed(t, c), time.Now()
	for begin := time.Now(); time.Since(begin) < period; time.Sleep(100 * time.Millisecond) {
		c.closeOnRefusal(err)
		synctest.Wait()
		select {
		case <-broken:
			count++
			longest = max(longest, time.Since(last))
			broken, last = dialed(t, c), time.Now()
		default:
		}
	}
	return count, longest
}

// dialed returns a channel that is closed when the new connection is.
func dialed(t *testing.T, c *connections) <-chan struct{} {
	t.Helper()
	conn, err := c.Dial(t.Context(), "tcp", "redis:6379")
	if err != nil {
		t.Fatal(err)
	}
	broken := make(chan struct{})
	go func() {
		defer close(broken)
		_, _ = io.ReadAll(conn)
	}()
	return broken
}

// piped returns connections whose server says nothing.
func piped(t *testing.T) *connections {
	t.Helper()
	c := newConnections(nil)
	c.dial = func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		t.Cleanup(func() { _, _ = near.Close(), far.Close() })
		return near, nil
	}
	return c
}

func TestConnections_AreClosedEverMoreSeldomByALastingRefusal(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"MISCONF Redis is configured to save RDB snapshots", "NOREPLICAS Not enough good replicas to write.",
		"OOM command not allowed when used memory > 'maxmemory'.",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := piped(t)
				count, longest := breaks(t, c, refusal(text), 10*time.Minute)
				t.Logf("%d times in ten minutes, at most %v apart", count, longest)
				// At 0, 1, 3, 7, 15, 31 s, and every 30 s from then on.
				if count != 6+18 || longest != maxClosePeriod {
					t.Errorf("%d times in ten minutes, at most %v apart", count, longest)
				}
				time.Sleep(maxClosePeriod)
				if count, _ := breaks(t, c, refusal(text), 10*time.Second); count != 4 { // at 0, 1, 3, 7 s
					t.Errorf("after a rest they are broken off %d times in 10 s", count)
				}
			})
		})
	}
}

func TestConnections_LeaveAReplacedServerWithinASecond(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"READONLY You can't write against a read only replica.", "MASTERDOWN Link with MASTER is down", "LOADING Redis is loading", "NOAUTH Authentication required."} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := piped(t)
				// Also after refusals that lasted.
				breaks(t, c, refusal("MISCONF"), 10*time.Minute)
				if count, longest := breaks(t, c, refusal(text), time.Minute); count < 59 || longest > closePeriod {
					t.Errorf("%d times in a minute, at most %v apart", count, longest)
				}
			})
		})
	}
}

func TestConnections_StayOpenAfterFaultsThatAreNotOfTheServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, err := range []error{nil, context.DeadlineExceeded, io.EOF, refusal("WRONGTYPE"), refusal("NOSCRIPT"), refusal("ERR value")} {
			if count, _ := breaks(t, piped(t), err, time.Minute); count != 0 {
				t.Errorf("%v: %d times", err, count)
			}
		}
	})
}
