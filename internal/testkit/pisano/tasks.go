package pisano

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// Programs does what programs come for, on a site where F(10007) has not been asked for.
func (s *Site) Programs(t testing.TB) {
	t.Helper()
	const n core.Index = 10_007
	path := fmt.Sprintf("/api/values/%d", n)
	want, err := fibonacci.Text(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	s.Want(t, http.StatusOK, http.MethodGet, "/api/readyz", nil)
	s.Want(t, http.StatusNotFound, http.MethodGet, path, nil)

	heard := s.Listen(t, n)
	accepted := s.Want(t, http.StatusAccepted, http.MethodPost, "/api/indices", map[string]any{"index": n})
	if to := accepted.Header.Get("Location"); to != strings.TrimPrefix(path, "/api/") {
		t.Errorf("what was accepted is to be found at %s", to)
	}
	v := s.Await(t, n)
	if v.DigitCount != int64(len(want)) || v.Trailing != want[len(want)-50:] {
		t.Errorf("F(%d) has %d digits and ends with %s", n, v.DigitCount, v.Trailing)
	}
	select {
	case <-heard:
	case <-time.After(servers.HangTimeout):
		t.Errorf("no event said that F(%d) is calculated", n)
	}
	s.Want(t, http.StatusOK, http.MethodPost, "/api/indices", map[string]any{"index": n})

	if all := s.Want(t, http.StatusOK, http.MethodGet, path+"/digits", nil); string(all.Body) != want {
		t.Errorf("the digits of F(%d) are %.100s", n, all.Body)
	}
	if some := s.Want(t, http.StatusPartialContent, http.MethodGet, path+"/digits", nil, "Range", "bytes=1000-1099"); string(some.Body) != want[1000:1100] {
		t.Errorf("digits 1000 to 1099 of F(%d) are %s", n, some.Body)
	}
	for list, name := range map[string]string{"/api/indices?limit=10": `"state":"calculated"`, "/api/values?limit=10": `"calculatedAt":`} {
		if a := s.Want(t, http.StatusOK, http.MethodGet, list, nil); !bytes.Contains(a.Body, fmt.Appendf(nil, `"index":%d`, n)) || !bytes.Contains(a.Body, []byte(name)) {
			t.Errorf("%s: %s", list, a.Body)
		}
	}

	s.wantProblem(t, http.StatusUnprocessableEntity, http.MethodPost, "/api/indices", map[string]any{"index": "abc"}, "index")
	s.wantProblem(t, http.StatusUnprocessableEntity, http.MethodPost, "/api/indices", map[string]any{"index": core.DefaultMaxIndex + 1}, "index")
	s.wantProblem(t, http.StatusNotFound, http.MethodGet, "/api/nothing", nil, "")
	s.wantProblem(t, http.StatusNotFound, http.MethodGet, "/api/metrics", nil, "")
	for page, kind := range map[string]string{"/": "text/html", "/otherpage": "text/html", "/api/docs": "text/html", "/api/openapi.json": "json"} {
		if a := s.Want(t, http.StatusOK, http.MethodGet, page, nil); !strings.Contains(a.Header.Get("Content-Type"), kind) || len(a.Body) == 0 {
			t.Errorf("%s: %s, %d bytes", page, a.Header.Get("Content-Type"), len(a.Body))
		}
	}
}

// wantProblem fails the test unless the answer is a problem that names the field.
func (s *Site) wantProblem(t testing.TB, status int, method, path string, body any, field string) {
	t.Helper()
	a := s.Want(t, status, method, path, body)
	var problem struct {
		Title, Detail string
		Status        int
	}
	err := json.Unmarshal(a.Body, &problem)
	if err != nil || a.Header.Get("Content-Type") != "application/problem+json" || problem.Status != status || problem.Detail == "" || !bytes.Contains(a.Body, []byte(field)) {
		t.Errorf("%s %s: %s %s %v", method, path, a.Header.Get("Content-Type"), a.Body, err)
	}
}

// People does in a browser what people come for: web/e2e/tasks.spec.ts.
func (s *Site) People(t testing.TB) {
	t.Helper()
	begin := time.Now()
	output, err := docker.Browser(t, "e2e:tasks", "PISANO_URL="+s.URL)
	if err != nil {
		t.Errorf("the browser: %v\n%s", err, output)
	}
	t.Logf("the browser's main tasks took %.1f s", time.Since(begin).Seconds())
}
