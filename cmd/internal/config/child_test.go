package config_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/cmd/internal/config"
)

// A report is what a child process prints about its settings and environment.
type report struct {
	Error       string
	Port        int
	Data        string
	Servers     string
	MemoryLimit int64
	Environment []string // after the settings were read
	Answer      string   // to a request, if the child makes one
}

// childMarker makes the test binary print a report. requestMarker holds a URL that
// it requests first.
const (
	childMarker   = "CONFIG_TEST_CHILD"
	requestMarker = "CONFIG_TEST_REQUEST"
)

func TestMain(m *testing.M) {
	if os.Getenv(childMarker) == "" {
		os.Exit(m.Run())
	}
	settings, err := config.FromProcess(config.API)
	r := report{Port: settings.Port, Data: settings.Data, Servers: servers(settings), MemoryLimit: debug.SetMemoryLimit(-1), Environment: os.Environ()}
	if err != nil {
		r.Error = err.Error()
	}
	if url := os.Getenv(requestMarker); url != "" {
		r.Answer = get(url)
	}
	_ = json.NewEncoder(os.Stdout).Encode(r) // fails only if the parent is gone
}

// servers returns the addresses and options of the servers, without TLS.
func servers(settings config.Config) string {
	if settings.Servers == nil {
		return "none"
	}
	options := settings.Servers.Redis
	options.TLS = nil
	return fmt.Sprintf("%s %+v", settings.Servers.Postgres, options)
}

func get(url string) string {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		return err.Error()
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err.Error()
	}
	_ = answer.Body.Close()
	return answer.Status
}

// child runs the test binary with an environment and returns its report, or its
// standard error if it failed.
func child(t *testing.T, environment ...string) (r report, stderr string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append([]string{childMarker + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, environment...)
	var output, stderrText bytes.Buffer
	command.Stdout, command.Stderr = &output, &stderrText
	if err := command.Run(); err != nil {
		return r, stderrText.String()
	}
	if err := json.Unmarshal(output.Bytes(), &r); err != nil {
		t.Fatalf("%v: %s", err, output.String())
	}
	return r, ""
}

// variable returns the value of a variable in the environment of the process, and
// whether it is set.
func (r report) variable(name string) (value string, set bool) {
	for _, entry := range r.Environment {
		if value, is := strings.CutPrefix(entry, name+"="); is {
			return value, true
		}
	}
	return "", false
}
