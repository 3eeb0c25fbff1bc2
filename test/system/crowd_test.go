package system

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// arrival is an event or an answer about an index, and how long after its cause it reached a client.
type arrival struct {
	index core.Index
	kind  string
	after time.Duration
}

// connect sends a request on a connection of its own: with thousands of them a client needs more memory than the server under
// test.
func connect(t *testing.T, c *pisano.Client, request string) *bufio.Scanner {
	t.Helper()
	lines, err := tryToConnect(t, c, request)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// tryToConnect is connect for any goroutine.
func tryToConnect(t *testing.T, c *pisano.Client, request string) (*bufio.Scanner, error) {
	conn, err := c.Dial()
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(3 * testkit.HangTimeout)); err != nil { // longer than the test takes
		return nil, err
	}
	_, err = fmt.Fprintf(conn, "%s\r\nHost: localhost\r\n\r\n", request)
	return bufio.NewScanner(conn), err
}

// skipHeader reads an answer up to its body.
func skipHeader(t *testing.T, lines *bufio.Scanner) {
	if lines.Scan(); !strings.HasPrefix(lines.Text(), "HTTP/1.1 200 ") {
		t.Errorf("answered %q, %v", lines.Text(), lines.Err())
	}
	for lines.Scan() && lines.Text() != "" {
		continue
	}
}

// follow reports every event of a stream until it, or ctx, ends.
func follow(ctx context.Context, lines *bufio.Scanner, report chan<- arrival) {
	var kind string
	for lines.Scan() {
		if name, found := strings.CutPrefix(lines.Text(), "event: "); found {
			kind = name
		}
		data, found := strings.CutPrefix(lines.Text(), "data: ")
		if !found {
			continue
		}
		var event struct {
			Index core.Index
			At    time.Time
		}
		if err := json.Unmarshal([]byte(data), &event); err != nil {
			return // the connection was closed
		}
		select {
		case report <- arrival{event.Index, kind, time.Since(event.At)}:
		case <-ctx.Done():
			return
		}
	}
}

//nolint:paralleltest // The latencies are measured with nothing else running.
func TestIdleClients_FourThousandCostLittleAndAllAreNotified(t *testing.T) {
	const streams, waiting = 2000, 2000
	const awaited, other core.Index = 1_000_000, 1000
	s := newSystem(t)
	api, c := s.startAPI()
	before := api.Memory("VmRSS")
	collects := func(percent int) func() error {
		return testkit.True(func() bool {
			return strings.Contains(c.Get("/metrics").Text, fmt.Sprintf("\ngo_gc_gogc_percent %d\n", percent))
		})
	}
	testkit.Eventually(t, "garbage collection at 100 % without clients", collects(100))
	c.MustSubmit(awaited) // there is no worker yet

	heard := make(chan arrival, streams)
	answered := make(chan arrival, waiting)
	var clients sync.WaitGroup
	t.Cleanup(clients.Wait) // once their connections are closed
	for range streams {
		lines := connect(t, c, "GET /events HTTP/1.1")
		skipHeader(t, lines)
		clients.Go(func() { follow(t.Context(), lines, heard) })
	}
	for range waiting {
		request := fmt.Sprintf("GET /values/%d HTTP/1.1\r\nPrefer: wait=60\r\nConnection: close", awaited)
		lines := connect(t, c, request)
		clients.Go(func() {
			var value struct {
				State        string
				CalculatedAt time.Time
			}
			for value.State != "calculated" {
				lines.Scan()
				if strings.HasPrefix(lines.Text(), "HTTP/1.1 200 ") {
					for lines.Scan() && lines.Text() != "" {
						continue
					}
					lines.Scan()
					if err := json.Unmarshal(lines.Bytes(), &value); err != nil {
						t.Errorf("%s: %v", lines.Text(), err)
						return
					}
				} else if !strings.HasPrefix(lines.Text(), "HTTP/1.1 503 ") {
					t.Errorf("answered %q, %v", lines.Text(), lines.Err())
					return
				}
				if value.State != "calculated" { // the longest wait is over, or Postgres did not answer in time: the machine is slow
					time.Sleep(100 * time.Millisecond)
					var err error
					if lines, err = tryToConnect(t, c, request); err != nil {
						t.Error(err)
						return
					}
				}
			}
			answered <- arrival{awaited, value.State, time.Since(value.CalculatedAt)}
		})
	}
	testkit.Eventually(t, "all connections", testkit.True(func() bool { return api.Descriptors() > streams+waiting }))
	time.Sleep(5 * time.Second) // idle
	idle := api.Memory("VmRSS")
	testkit.Eventually(t, "garbage collection at 25 % with them", collects(25))

	begin := time.Now()
	a, err := c.TrySubmit(other)
	if err != nil || a.StatusCode != http.StatusAccepted {
		t.Fatalf("submitted among them: %d, %v", a.StatusCode, err)
	}
	submitted := time.Since(begin)
	seen := awaitAll(t, streams, heard, other, "seen")

	s.startWorker()
	calculated := awaitAll(t, streams, heard, awaited, "calculated")
	waited := awaitAll(t, waiting, answered, awaited, "calculated")
	most := api.Memory("VmHWM")
	if most >= 256<<20 { // a container of 320 MiB holds them, and the collector need not work harder; typical are 190 MiB
		t.Errorf("resident memory was %s", inMebibytes(most))
	}
	measured(t, "%d streams and %d waiting clients: resident memory from %s to %s, %s at most; a submission among them took %v; "+
		"the last stream heard of it after %v and of a value after %v, the last waiting client had it after %v", streams, waiting,
		inMebibytes(before), inMebibytes(idle), inMebibytes(most), submitted.Round(time.Millisecond),
		seen.Round(time.Millisecond), calculated.Round(time.Millisecond), waited.Round(time.Millisecond))
}

// awaitAll waits until an event has reached all clients and returns how long that took for the slowest. That an answer is held no
// longer than until the event, rather than until the next poll, is proved in core, where time is virtual.
func awaitAll(t *testing.T, clients int, arrivals <-chan arrival, n core.Index, kind string) (slowest time.Duration) {
	t.Helper()
	timeUp := time.After(testkit.HangTimeout)
	for reached := 0; reached < clients; {
		select {
		case a := <-arrivals:
			if a.index == n && a.kind == kind {
				reached++
				slowest = max(slowest, a.after)
			}
		case <-timeUp:
			t.Fatalf("%s of %d reached %d of %d clients", kind, n, reached, clients)
		}
	}
	return slowest
}
