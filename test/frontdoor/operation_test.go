package frontdoor

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

func TestStop_LetsAnswersFinish(t *testing.T) {
	t.Parallel()
	asked, finish := make(chan struct{}), make(chan struct{})
	api := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		select {
		case <-finish:
			_, _ = w.Write([]byte("finished"))
		case <-r.Context().Done():
		}
	})
	proxy := startProxyBetween(t, api, echoing("client"))
	done := make(chan outcome, 1)
	go func() { done <- proxy.try(http.MethodGet, "/api/x", "") }()
	select {
	case <-asked:
	case a := <-done:
		t.Fatalf("the API was not asked: %q, %v", a.Text, a.err)
	}
	began := time.Now()
	stopped := make(chan error, 1)
	go func() {
		// The engine kills it only if it hangs, which the exit code would show.
		_, err := docker.Try(t.Context(), "docker", "stop", "-t", "120", proxy.ID)
		stopped <- err
	}()
	testkit.Eventually(t, "no new requests", func() error {
		if a := proxy.try(http.MethodGet, "/healthz", ""); a.err == nil {
			return errors.New("they are still answered")
		}
		return nil
	})
	close(finish)
	if a := <-done; a.err != nil || a.Text != "finished" {
		t.Errorf("the answer: %q, %v", a.Text, a.err)
	}
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	if code := proxy.Inspect().State.ExitCode; code != 0 {
		t.Errorf("exit code %d", code)
	}
	t.Logf("it ended %v after docker stop, with an answer in flight", time.Since(began).Round(time.Millisecond))
}

func TestLog_HasALineOfJSONForEachRequestAndNoSecret(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, echoing("api"), echoing("client"))
	proxy.Get("/api/values/10?token=secret", "X-Request-Id: first", "Authorization: Bearer secret", "Cookie: secret", `User-Agent: "secret`)
	proxy.Get("/healthz")
	proxy.Get("/api/metrics", "X-Request-Id: last")
	var lines []string
	testkit.Eventually(t, "the log", func() error {
		log := strings.TrimSpace(proxy.Log())
		lines = strings.Split(log, "\n")
		// The processes of nginx write a line after the answer, in any order.
		if !strings.Contains(log, `"first"`) || !strings.Contains(log, `"last"`) {
			return fmt.Errorf("it is %q", log)
		}
		return nil
	})
	type line struct {
		Time, Level, Msg, Method, Path, Client, Upstream string
		RequestID                                        string `json:"request_id"`
		Status                                           int
	}
	var names []string
	for _, text := range lines {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("no JSON: %s", text)
		}
		if strings.Contains(text, "secret") {
			t.Errorf("secrets: %s", text)
		}
		if _, err := time.Parse(time.RFC3339, l.Time); err != nil || l.Level != "INFO" || l.Msg != "request" || l.Method != http.MethodGet || l.Client == "" {
			t.Errorf("%s", text)
		}
		names = append(names, l.RequestID+" "+l.Path)
		if l.RequestID == "first" && (l.Status != http.StatusOK || l.Upstream == "") {
			t.Errorf("%s", text)
		}
	}
	slices.Sort(names)
	if got := strings.Join(names, ", "); got != "first /api/values/10, last /api/metrics" {
		t.Errorf("in the log: %s", got)
	}
}

// The processes of nginx write many lines at once to one pipe.
func TestLog_KeepsLinesWhole(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, echoing("api"), echoing("client"))
	const clients, requests = 8, 100
	path := "/api/" + strings.Repeat("x", 500)
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for range requests {
				if a := proxy.try(http.MethodGet, path, ""); a.err != nil {
					t.Error(a.err)
				}
			}
		})
	}
	all.Wait()
	testkit.Eventually(t, "the log", func() error {
		whole := 0
		for text := range strings.Lines(proxy.Log()) {
			var line struct{ Path string }
			if json.Unmarshal([]byte(text), &line) == nil && line.Path == path {
				whole++
			}
		}
		if whole != clients*requests {
			return fmt.Errorf("it has %d whole lines of %d requests", whole, clients*requests)
		}
		return nil
	})
}

func TestProxy_IsHealthyAndNotRoot(t *testing.T) {
	t.Parallel()
	proxy := startProxy(t, "--cap-drop", "ALL", "--health-interval", "300ms", "--security-opt", "no-new-privileges")
	proxy.AwaitHealth("healthy")
	if user := proxy.Exec("id", "-u"); user != "101" {
		t.Errorf("it runs as user %s", user)
	}
}
