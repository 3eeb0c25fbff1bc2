// Package pisano does with a running Pisano, behind its front door, what people and programs come for. It is imported by tests
// only.
package pisano

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// Site is an address that a front door serves at.
type Site struct {
	URL  string // without a slash at its end
	http *http.Client
}

// New returns the site at host:port.
func New(address string) *Site {
	return &Site{URL: "http://" + address, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 50}}}
}

// Answer is what came back, whole.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do asks for a path. A body that is not nil is sent as JSON, headers are pairs of a name and a value. There is an error only
// where there was no answer.
func (s *Site) Do(ctx context.Context, method, path string, body any, headers ...string) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, servers.HangTimeout)
	defer cancel()
	response, err := s.open(ctx, method, path, body, headers...)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return Answer{response.StatusCode, response.Header, text}, err
}

func (s *Site) open(ctx context.Context, method, path string, body any, headers ...string) (*http.Response, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, s.URL+path, content)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return s.http.Do(request)
}

// Want asks for a path and fails the test unless the answer has the status.
func (s *Site) Want(t testing.TB, status int, method, path string, body any, headers ...string) Answer {
	t.Helper()
	a, err := s.Do(t.Context(), method, path, body, headers...)
	if err != nil || a.Status != status {
		t.Fatalf("%s %s: %d, not %d: %.500s %v", method, path, a.Status, status, a.Body, err)
	}
	return a
}

// Value is what is known of an index.
type Value struct {
	Index      core.Index
	State      string
	Reason     string
	DigitCount int64
	Value      string
	Trailing   string
}

// Await returns the value of an index that was submitted, once it is calculated.
func (s *Site) Await(t testing.TB, n core.Index) Value {
	t.Helper()
	var v Value
	for end := time.Now().Add(servers.HangTimeout); v.State != "calculated"; {
		a, err := s.Do(t.Context(), http.MethodGet, fmt.Sprintf("/api/values/%d", n), nil, "Prefer", "wait=20")
		if err == nil {
			err = json.Unmarshal(a.Body, &v)
		}
		if err != nil || v.State == "failed" || time.Now().After(end) {
			t.Fatalf("F(%d): %d %.500s %v", n, a.Status, a.Body, err)
		}
	}
	return v
}
