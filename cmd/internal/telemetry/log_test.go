package telemetry_test

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/cmd/internal/telemetry"
)

// lines is a log in JSON, as the programs write it.
type lines struct {
	sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.text.Write(p)
}

func newLog() (*slog.Logger, *lines) {
	l := new(lines)
	return slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{ReplaceAttr: telemetry.Milliseconds})), l
}

// read returns the lines that were written so far.
func (l *lines) read(t *testing.T) []map[string]any {
	t.Helper()
	l.Lock()
	defer l.Unlock()
	var all []map[string]any
	decoder := json.NewDecoder(strings.NewReader(l.text.String()))
	for {
		var line map[string]any
		err := decoder.Decode(&line)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
}

func TestLog_HasDurationsInMilliseconds(t *testing.T) {
	t.Parallel()
	log, lines := newLog()
	log.Info("calculated", "duration", 1500*time.Microsecond, "digits", 7)
	if line := lines.read(t)[0]; line["durationMs"] != 1.5 || line["duration"] != nil || line["digits"] != 7.0 {
		t.Errorf("the line is %v", line)
	}
}

func TestAccessLog_HasALineForEachRequestButHealthChecks(t *testing.T) {
	t.Parallel()
	log, lines := newLog()
	watch := telemetry.New("pisano-test")
	watch.LogRequests(log)
	routes := http.NewServeMux()
	routes.HandleFunc("GET /values/{index}", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte("12345"))
	})
	routes.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	routes.HandleFunc("GET /cut", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	server := httptest.NewServer(watch.Handler(routes))
	for _, path := range []string{"/healthz", "/values/7?secret=x", "/nowhere\n", "/cut"} {
		if request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+strings.ReplaceAll(path, "\n", "%0a"), nil); err != nil {
			t.Fatal(err)
		} else if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close() // it was not read
		}
	}
	server.Close() // waits for the requests
	all := lines.read(t)
	if len(all) != 3 {
		t.Fatalf("the lines are %v", all)
	}
	for i, want := range []map[string]any{
		{"msg": "request", "method": "GET", "path": "/values/7", "route": "/values/{index}", "status": "202", "bytes": 5.0},
		{"msg": "request", "method": "GET", "path": "/nowhere\n", "route": "none", "status": "404"},
		{"msg": "request", "method": "GET", "path": "/cut", "route": "/cut", "status": "aborted", "bytes": 0.0},
	} {
		for key, value := range want {
			if all[i][key] != value {
				t.Errorf("line %d has %s %v, want %v", i, key, all[i][key], value)
			}
		}
		if took, is := all[i]["durationMs"].(float64); !is || took < 0 || !strings.HasPrefix(all[i]["client"].(string), "127.0.0.1") {
			t.Errorf("line %d is %v", i, all[i])
		}
	}
	if strings.Contains(lines.text.String(), "secret") {
		t.Error("the query is logged")
	}
}
