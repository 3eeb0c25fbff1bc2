package system

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// client speaks with an API as a program would. Requests fail with an error
// only where there was no answer.
type client struct {
	base string
	http *http.Client
}

// clientOf returns a client of an API that serves at /.
func clientOf(p *process) *client {
	return &client{base: p.url, http: &http.Client{
		Timeout:   servers.HangTimeout,
		Transport: &http.Transport{MaxIdleConnsPerHost: 200},
	}}
}

// answer is what came back, whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// state is what the answers about an index share.
type state struct {
	Index       int64
	State       string
	Progress    float64
	Reason      string
	Submissions int64
	DigitCount  int64
	Value       string
}

func (c *client) do(method, path string, body any, headers ...string) (answer, error) {
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, c.base+path, reader)
	if err != nil {
		return answer{}, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, text}, err
}

func (c *client) submit(n core.Index) (answer, error) {
	return c.do(http.MethodPost, "/indices", map[string]any{"index": n})
}

// mustSubmit submits indices, a thousand at a time, all of which are accepted.
func (c *client) mustSubmit(t *testing.T, indices ...core.Index) {
	t.Helper()
	for len(indices) > 0 {
		batch := indices[:min(1000, len(indices))]
		indices = indices[len(batch):]
		a, err := c.do(http.MethodPost, "/indices", map[string]any{"indices": batch})
		if err != nil || a.status != http.StatusAccepted && a.status != http.StatusOK {
			t.Fatalf("submitted: %d %s %v", a.status, a.body, err)
		}
	}
}

// get asks for JSON and returns the status of the answer.
func (c *client) get(path string, into any) (int, error) {
	a, err := c.do(http.MethodGet, path, nil)
	if err != nil || a.status != http.StatusOK {
		return a.status, err
	}
	return a.status, json.Unmarshal(a.body, into)
}

// state returns where an index stands.
func (c *client) state(n core.Index) (s state, err error) {
	status, err := c.get("/values/"+n.String(), &s)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("status %d", status)
	}
	return s, err
}

// is returns a test for the state of an index.
func (c *client) is(n core.Index, state string) func() bool {
	return func() bool {
		s, err := c.state(n)
		return err == nil && s.State == state
	}
}

// states counts the indices submitted by their state, page by page.
func (c *client) states() (map[string]int, error) {
	counts := make(map[string]int)
	var page struct {
		Items      []state
		NextCursor string
	}
	for cursor := ""; ; cursor = page.NextCursor {
		page.NextCursor, page.Items = "", nil
		status, err := c.get("/indices?limit=200&cursor="+url.QueryEscape(cursor), &page)
		if err != nil || status != http.StatusOK {
			return nil, errors.Join(err, fmt.Errorf("status %d", status))
		}
		for _, item := range page.Items {
			counts[item.State]++
		}
		if page.NextCursor == "" {
			return counts, nil
		}
	}
}

// awaitAll waits until count indices are there and all calculated, and returns how long that took.
func (c *client) awaitAll(t *testing.T, count int) time.Duration {
	t.Helper()
	calculated := 0
	return progressing(t, "all values", func() (int, bool) {
		counts, err := c.states()
		if err == nil {
			calculated = counts["calculated"]
		}
		return calculated, err == nil && len(counts) == 1 && calculated == count
	})
}

// wantRight reads all digits of F(n) and compares them with what the library
// calculates in this process.
func (c *client) wantRight(t *testing.T, n core.Index) {
	t.Helper()
	a, err := c.do(http.MethodGet, "/values/"+n.String()+"/digits", nil)
	if err != nil || a.status != http.StatusOK {
		t.Errorf("digits of F(%d): %d, %v", n, a.status, err)
		return
	}
	want, err := fibonacci.Text(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	if sha256.Sum256(a.body) != sha256.Sum256([]byte(strings.TrimPrefix(want, "-"))) {
		t.Errorf("F(%d) was served wrong", n)
	}
}
