package beanstalk

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// site is what the outside sees.
type site struct {
	t   *testing.T
	url string
}

type value struct {
	State, Value, Trailing string
	DigitCount             int64
}

func (s site) do(ctx context.Context, method, path string, header map[string]string, body any) (*http.Response, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, s.url+path, content)
	if err != nil {
		return nil, err
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return http.DefaultClient.Do(request)
}

// ask returns the status and the text of an answer.
func (s site) ask(method, path string, header map[string]string, body any) (int, string) {
	s.t.Helper()
	answer, err := s.do(s.t.Context(), method, path, header, body)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer.StatusCode, string(text)
}

func (s site) submit(body any) {
	s.t.Helper()
	if status, text := s.ask(http.MethodPost, "/api/indices", nil, body); status != http.StatusAccepted && status != http.StatusOK {
		s.t.Fatalf("submitted: %d %s", status, text)
	}
}

// await returns a value when it is calculated.
func (s site) await(n core.Index) value {
	s.t.Helper()
	for end := time.Now().Add(time.Minute); ; {
		status, text := s.ask(http.MethodGet, fmt.Sprintf("/api/values/%d", n), map[string]string{"Prefer": "wait=20"}, nil)
		var v value
		if err := json.Unmarshal([]byte(text), &v); err != nil || status != http.StatusOK && status != http.StatusAccepted {
			s.t.Fatalf("F(%d): %d %s %v", n, status, text, err)
		}
		if v.State == "calculated" {
			return v
		}
		if v.State == "failed" || time.Now().After(end) {
			s.t.Fatalf("F(%d): %s", n, text)
		}
	}
}

// mainTasks does what people and programs come for.
func (s site) mainTasks() {
	s.t.Helper()
	for path, want := range map[string]int{
		"/": 200, "/otherpage": 200, "/api/healthz": 200, "/api/readyz": 200, "/api/nothing": 404, "/api/metrics": 404,
	} {
		if status, text := s.ask(http.MethodGet, path, nil, nil); status != want {
			s.t.Errorf("%s: %d, not %d: %s", path, status, want, text)
		}
	}
	want, err := fibonacci.Text(s.t.Context(), 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	heard := s.listen(1000)
	s.submit(map[string]any{"index": 1000})
	if v := s.await(1000); v.Value != want {
		s.t.Errorf("F(1000) is %s", v.Value)
	}
	if status, digits := s.ask(http.MethodGet, "/api/values/1000/digits", map[string]string{"Range": "bytes=0-9"}, nil); status != http.StatusPartialContent || digits != want[:10] {
		s.t.Errorf("the first digits: %d %s", status, digits)
	}
	select {
	case <-heard:
	case <-time.After(10 * time.Second):
		s.t.Error("no event told that F(1000) was calculated")
	}
	if status, text := s.ask(http.MethodPost, "/api/indices", nil, map[string]any{"index": core.DefaultMaxIndex + 1}); status != http.StatusUnprocessableEntity {
		s.t.Errorf("more than is accepted: %d %s", status, text)
	}
}

// listen follows the events to their end, from when it returns; the channel is closed when the index is calculated.
func (s site) listen(n core.Index) <-chan struct{} {
	s.t.Helper()
	calculated, opened := make(chan struct{}), make(chan error, 1)
	go func() {
		answer, err := s.do(s.t.Context(), http.MethodGet, "/api/events", nil, nil)
		if err != nil {
			opened <- err
			return
		}
		defer func() { _ = answer.Body.Close() }()
		if answer.StatusCode != http.StatusOK {
			opened <- errors.New(answer.Status)
			return
		}
		opened <- nil
		var kind string
		tell := sync.OnceFunc(func() { close(calculated) })
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			if name, found := strings.CutPrefix(lines.Text(), "event: "); found {
				kind = name
			}
			var event struct{ Index core.Index }
			if data, found := strings.CutPrefix(lines.Text(), "data: "); found && kind == "calculated" &&
				json.Unmarshal([]byte(data), &event) == nil && event.Index == n {
				tell()
			}
		}
	}()
	if err := <-opened; err != nil {
		s.t.Fatalf("events: %v", err)
	}
	return calculated
}

// download reads all digits of a value by several clients at once and returns how long they took.
func (s site) download(n core.Index, digits int64, clients int) time.Duration {
	s.t.Helper()
	begin := time.Now()
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			answer, err := s.do(s.t.Context(), http.MethodGet, fmt.Sprintf("/api/values/%d/digits", n), map[string]string{"Accept-Encoding": "identity"}, nil)
			if err != nil {
				s.t.Error(err)
				return
			}
			defer func() { _ = answer.Body.Close() }()
			if size, err := io.Copy(io.Discard, answer.Body); err != nil || size != digits {
				s.t.Errorf("%d of %d digits of F(%d): %s %v", size, digits, n, answer.Status, err)
			}
		})
	}
	all.Wait()
	return time.Since(begin)
}
