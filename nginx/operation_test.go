package nginx

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/containers"
)

func TestStoppingLetsAnswersFinish(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{})
	api := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(asked)
		time.Sleep(700 * time.Millisecond)
		_, _ = w.Write([]byte("finished"))
	})
	d := openBetween(t, api, echoing("client"))
	done := make(chan answer)
	go func() { done <- d.try(http.MethodGet, "/api/x", "") }()
	<-asked
	began := time.Now()
	containers.Docker(t, "stop", d.ID)
	if a := <-done; a.err != nil || a.text != "finished" {
		t.Errorf("the answer: %q, %v", a.text, a.err)
	}
	if code, took := d.Inspect("{{.State.ExitCode}}"), time.Since(began); code != "0" || took > 5*time.Second {
		t.Errorf("exit code %s after %v", code, took)
	}
}

func TestLogHasALineOfJSONForEachRequestAndNothingSecret(t *testing.T) {
	t.Parallel()
	d := openBetween(t, echoing("api"), echoing("client"))
	d.get("/api/values/10?token=secret", "X-Request-Id: first", "Authorization: Bearer secret", "Cookie: secret", `User-Agent: "secret`)
	d.get("/healthz")
	d.get("/api/metrics", "X-Request-Id: last")
	var lines []string
	containers.Eventually(t, 5*time.Second, "the log", func() error {
		lines = strings.Split(strings.TrimSpace(d.Log()), "\n")
		if last := lines[len(lines)-1]; !strings.Contains(last, `"last"`) {
			return fmt.Errorf("it ends with %q", last)
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
	if got := strings.Join(names, ", "); got != "first /api/values/10, last /api/metrics" {
		t.Errorf("in the log: %s", got)
	}
}

func TestFrontDoorIsHealthyAndNotRoot(t *testing.T) {
	t.Parallel()
	d := openDoor(t, "--cap-drop", "ALL", "--health-interval", "300ms", "--security-opt", "no-new-privileges")
	d.AwaitHealth("healthy", 15*time.Second)
	if user := d.Exec("id", "-u"); user != "101" {
		t.Errorf("it runs as user %s", user)
	}
}
