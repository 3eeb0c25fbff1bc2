package httpapi_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

func TestRefusal_IsFoundInTheLogByItsInstance(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	s := newTestServer(t, nil)
	s.calculated(10)
	logger := slog.New(httpapi.LogHandler(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	s.url = serve(t, httpapi.New(s.service, software, httpapi.Options{}, logger))
	for _, r := range []struct {
		method, target, body string
		fields               []string
		status               int
	}{
		{"GET", "/values/77?token=secret", "", nil, 404},
		{"GET", "/nothing/here", "", nil, 404},
		{"PUT", "/indices", "", nil, 405},
		{"GET", "/values/007", "", nil, 422},
		{"GET", "/indices?cursor=secret", "", nil, 422},
		{"POST", "/indices", `{"index": 1.5}`, nil, 422},
		{"POST", "/indices", `{"index": "secret"}`, nil, 422},
		{"POST", "/indices", "secret", nil, 400},
		{"POST", "/indices", `{"index": 1}` + strings.Repeat(" ", 64<<10), nil, 413},
		{"POST", "/indices", `{"index": 1}`, []string{"Content-Encoding: gzip", "Authorization: secret"}, 415},
		{"GET", "/values/10/digits", "", []string{"Range: bytes=9-"}, 416},
		{"GET", "/values/10/digits", "", []string{`If-Match: "secret"`}, 412},
		{"GET", "/values/77", "", []string{`X-Request-Id: odd"name`}, 404},
		{"GET", "/" + strings.Repeat("x", 5000), "", nil, 404},
	} {
		fields := append([]string{"Content-Type: application/json", "Cookie: secret"}, r.fields...)
		p := s.ask(r.method, r.target, r.body, fields...).problem(r.status)
		var found []string
		for line := range strings.Lines(log.String()) {
			var l struct {
				Level, Msg, Instance, Method, Path, Detail string
				Status                                     int
			}
			if err := json.Unmarshal([]byte(line), &l); err != nil {
				t.Fatal(err)
			}
			if l.Instance != p.Instance {
				continue
			}
			found = append(found, line)
			path, _, _ := strings.Cut(r.target, "?")
			if l.Level != "DEBUG" || l.Status != r.status || l.Method != r.method || l.Detail != p.Detail || l.Path != path[:min(len(path), 200)] {
				t.Errorf("%s %.50s: %s", r.method, r.target, line)
			}
		}
		if len(found) != 1 {
			t.Errorf("%s %.50s: the log has %d records of %s", r.method, r.target, len(found), p.Instance)
		}
	}
	if strings.Contains(log.String(), "secret") {
		t.Errorf("the log reveals secrets: %s", log.String())
	}
	lines := strings.Count(log.String(), "\n")
	s.get("/values/10").want(http.StatusOK)
	if n := strings.Count(log.String(), "\n"); n != lines {
		t.Errorf("a successful request logged %d lines", n-lines)
	}
}
