package telemetry_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/cmd/internal/telemetry"
)

// wantMetrics compares samples, named as Prometheus writes them.
func wantMetrics(t *testing.T, watch *telemetry.Telemetry, want map[string]float64) {
	t.Helper()
	w := httptest.NewRecorder()
	watch.Serve(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	got := make(map[string]float64)
	for line := range strings.Lines(w.Body.String()) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), " "); found && !strings.HasPrefix(line, "#") {
			// A label may hold a space; none of those compared does.
			got[name], _ = strconv.ParseFloat(value, 64)
		}
	}
	for name, value := range want {
		if count, there := got[name]; !there || count != value {
			t.Errorf("%s is %v (there: %v), want %v", name, count, there, value)
		}
	}
}

// get makes a request and returns the status of the response, 0 if none came
// whole.
func get(t *testing.T, method, url string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return 0
	}
	return response.StatusCode
}

func TestRequests_AreCountedByRouteNotByPath(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /values/{index}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("index") == "13" {
			_, _ = io.WriteString(w, "1")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(http.StatusConflict)
	})
	mux.HandleFunc("GET /silent", func(http.ResponseWriter, *http.Request) {})
	watch := telemetry.New("test")
	server := httptest.NewUnstartedServer(watch.Handler(mux))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	defer server.Close()
	for i := range 5 {
		get(t, http.MethodGet, fmt.Sprintf("%s/values/%d", server.URL, i))
		get(t, http.MethodGet, fmt.Sprintf("%s/nothing/%d", server.URL, i))
		get(t, fmt.Sprintf("METHOD%d", i), server.URL+"/values/1")
	}
	if status := get(t, http.MethodGet, server.URL+"/values/13"); status != 0 {
		t.Errorf("an aborted answer arrived as %d", status)
	}
	get(t, http.MethodGet, server.URL+"/silent")
	const count = "pisano_http_request_duration_seconds_count"
	wantMetrics(t, watch, map[string]float64{
		count + `{method="GET",route="/values/{index}",status="409"}`:     5,
		count + `{method="GET",route="/values/{index}",status="aborted"}`: 1,
		count + `{method="GET",route="none",status="404"}`:                5,
		count + `{method="other",route="none",status="405"}`:              5,
		count + `{method="GET",route="/silent",status="200"}`:             1,
	})
}

func TestEventStreams_AreCountedWhileTheyLast(t *testing.T) {
	t.Parallel()
	end := make(chan struct{})
	watch := telemetry.New("test")
	server := httptest.NewServer(watch.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, ": hello\n\n")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		select {
		case <-end:
		case <-r.Context().Done():
		}
	})))
	defer server.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	wantMetrics(t, watch, map[string]float64{"pisano_http_event_streams": 1})
	close(end)
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	server.Close() // the handler is over
	wantMetrics(t, watch, map[string]float64{"pisano_http_event_streams": 0})
}
