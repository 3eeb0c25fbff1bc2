// Package pisano starts Pisano's programs for tests and calls their API: by clients/go, and by raw requests where a test sends
// what that client would not send, or checks what it does not return. Only tests import it.
package pisano

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	client "github.com/pisano-dev/pisano/clients/go"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/internal/testkit"
)

// Client calls the API of a server of one test. The methods without an error fail the test if they do not succeed, and are to be
// called from its goroutine.
type Client struct {
	*client.API
	URL  string // of the server, without a slash at its end
	Host string // what raw requests say

	t       testing.TB
	address string
	prefix  string
}

// NewClient returns a client of the server at host:port, whose API is below a prefix: "" or "/api".
func NewClient(t testing.TB, address, prefix string) *Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 200}
	t.Cleanup(transport.CloseIdleConnections)
	url := "http://" + address
	api, err := client.New(url+prefix, client.WithHTTPClient(&http.Client{Transport: transport}), client.WithRetry(0))
	if err != nil {
		t.Fatal(err)
	}
	return &Client{API: api, URL: url, Host: address, t: t, address: address, prefix: prefix}
}

// patient returns a context for calls that only a hang makes longer than [testkit.HangTimeout].
func (c *Client) patient() (context.Context, context.CancelFunc) {
	return context.WithTimeout(c.t.Context(), testkit.HangTimeout)
}

// TrySubmit submits an index by a raw request.
func (c *Client) TrySubmit(n core.Index) (Answer, error) {
	return c.Do(http.MethodPost, c.prefix+"/indices", fmt.Sprintf(`{"index":%d}`, n))
}

// MustSubmit submits indices, a thousand at a time, all of which must be accepted.
func (c *Client) MustSubmit(indices ...core.Index) {
	c.t.Helper()
	var batch []int64
	for i, n := range indices {
		if batch = append(batch, int64(n)); len(batch) < 1000 && i < len(indices)-1 {
			continue
		}
		testkit.Eventually(c.t, "acceptance", func() error { return c.submitBatch(batch) })
		batch = batch[:0]
	}
}

// submitBatch submits indices. It returns an error if the server's stores did not answer in time, because the machine is busy, and
// fails the test for any other.
func (c *Client) submitBatch(indices []int64) error {
	c.t.Helper()
	ctx, cancel := c.patient()
	defer cancel()
	_, err := c.SubmitAll(ctx, indices...)
	var problem *client.ProblemError
	if err != nil && (!errors.As(err, &problem) || problem.Kind != client.ProblemKindUnavailable) {
		c.t.Fatalf("submitting %d indices: %v", len(indices), err)
	}
	return err
}

// State returns the state of an index.
func (c *Client) State(n core.Index) (client.ValueState, error) {
	ctx, cancel := c.patient()
	defer cancel()
	r, err := c.GetValueWithResponse(ctx, int64(n), nil)
	switch {
	case err != nil:
		return client.ValueState{}, err
	case r.JSON200 == nil:
		return client.ValueState{}, errors.New(r.Status())
	}
	return *r.JSON200, nil
}

// Is returns a check that an index is in a state.
func (c *Client) Is(n core.Index, state client.State) func() error {
	return func() error {
		s, err := c.State(n)
		if err == nil && s.State != state {
			err = fmt.Errorf("F(%d) is %s", n, s.State)
		}
		return err
	}
}

// Await waits until an index that was submitted is calculated.
func (c *Client) Await(n core.Index) client.ValueState {
	c.t.Helper()
	ctx, cancel := c.patient()
	defer cancel()
	v, err := c.Wait(ctx, int64(n))
	if err != nil || v.State != client.StateCalculated {
		c.t.Fatalf("F(%d): %+v, %v", n, v, err)
	}
	return v
}

// States counts the indices submitted by their state.
func (c *Client) States() (map[client.State]int, error) {
	ctx, cancel := c.patient()
	defer cancel()
	counts := make(map[client.State]int)
	for seen, err := range c.Indices(ctx) {
		if err != nil {
			return nil, err
		}
		counts[seen.State]++
	}
	return counts, nil
}

// AwaitAll waits until count indices have been submitted and all are calculated, and returns how long that took.
func (c *Client) AwaitAll(count int) time.Duration {
	c.t.Helper()
	calculated := 0
	return testkit.Progress(c.t, "all values", func() (int, error) {
		counts, err := c.States()
		if err == nil {
			calculated = counts[client.StateCalculated]
			if len(counts) != 1 || calculated != count {
				err = fmt.Errorf("%v of %d", counts, count)
			}
		}
		return calculated, err
	})
}

// WantRight reads all digits of F(n) and compares them with what the library calculates in this process.
func (c *Client) WantRight(n core.Index) {
	c.t.Helper()
	ctx, cancel := c.patient()
	defer cancel()
	digits, err := c.Digits(ctx, int64(n))
	if err != nil {
		c.t.Errorf("digits of F(%d): %v", n, err)
		return
	}
	defer digits.Close()
	got := sha256.New()
	if _, err := io.Copy(got, digits); err != nil {
		c.t.Errorf("digits of F(%d): %v", n, err)
	}
	want, err := fibonacci.Text(ctx, n)
	if err != nil {
		c.t.Fatal(err)
	}
	if [sha256.Size]byte(got.Sum(nil)) != sha256.Sum256([]byte(strings.TrimPrefix(want, "-"))) {
		c.t.Errorf("F(%d) was served wrong", n)
	}
}

// Ready is a check that the server is ready. It is also for a worker, which serves nothing else of the API.
func (c *Client) Ready() error {
	ctx, cancel := c.patient()
	defer cancel()
	r, err := c.GetReadinessWithResponse(ctx)
	if err == nil && r.JSON200 == nil {
		err = fmt.Errorf("it is not ready: %s", r.Body)
	}
	return err
}

// Unready is a check that the server says that it is not ready.
func (c *Client) Unready() error {
	if status := c.StatusOf(c.prefix + "/readyz"); status != http.StatusServiceUnavailable {
		return fmt.Errorf("readiness is answered with %d", status)
	}
	return nil
}

// Parts returns the parts of the service by their names.
func (c *Client) Parts() map[client.PartName]client.Part {
	c.t.Helper()
	ctx, cancel := c.patient()
	defer cancel()
	status, err := c.Status(ctx)
	if err != nil || len(status.Parts) != 5 {
		c.t.Fatalf("status: %+v, %v", status, err)
	}
	parts := make(map[client.PartName]client.Part)
	for _, part := range status.Parts {
		parts[part.Name] = part
	}
	return parts
}

// Listen follows the events from when it returns. The channel is closed when an event tells that an index is calculated.
func (c *Client) Listen(n core.Index) <-chan struct{} {
	c.t.Helper()
	opened, heard := make(chan error, 1), make(chan struct{})
	go func() {
		for event, err := range c.Events(c.t.Context()) {
			if err != nil || event.Kind == client.EventRefetch {
				select {
				case opened <- err:
				default: // after a gap
				}
			}
			if err == nil && event.Kind == client.EventCalculated && event.Index == int64(n) {
				close(heard)
				return
			}
		}
	}()
	select {
	case err := <-opened:
		if err != nil {
			c.t.Fatalf("events: %v", err)
		}
	case <-time.After(testkit.HangTimeout):
		c.t.Fatalf("events: no answer after %v", testkit.HangTimeout)
	}
	return heard
}
