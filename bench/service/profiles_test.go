package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// addProfiles has the programs built with testdata/profile.go.
func addProfiles() error {
	overlay := map[string]map[string]string{"Replace": {}}
	for _, program := range []string{"api", "worker"} {
		overlay["Replace"][root("cmd/"+program+"/bench_profile.go")] = root("bench/service/testdata/profile.go")
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(root("bin/profiles"), 0o755); err != nil {
		return err
	}
	file := root("bin/profiles/overlay.json")
	return errors.Join(os.WriteFile(file, text, 0o600), os.Setenv("GOFLAGS", strings.TrimSpace(os.Getenv("GOFLAGS")+" -overlay="+file)))
}

// socket returns where a program is to serve its profiles.
func (b *bench) socket() string {
	b.t.Helper()
	folder, err := os.MkdirTemp("", "pprof") // short: the path of a socket has 107 bytes at most
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return filepath.Join(folder, "socket")
}

var notInNames = regexp.MustCompile(`[^0-9A-Za-z]+`)

// profileTime is how long a profile takes.
const profileTime = 3 * time.Second

// profile takes a profile and writes it to bin/profiles. The function that it returns waits for its end.
func (b *bench) profile(name, socket string) (wait func()) {
	b.t.Helper()
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}}
	done := make(chan error, 1)
	go func() {
		done <- func() error {
			url := fmt.Sprintf("http://program/debug/pprof/profile?seconds=%d", int(profileTime.Seconds()))
			request, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, url, nil)
			if err != nil {
				return err
			}
			response, err := client.Do(request)
			if err != nil {
				return err
			}
			defer func() { _ = response.Body.Close() }()
			text, err := io.ReadAll(response.Body)
			if err != nil {
				return err
			}
			file := strings.Trim(notInNames.ReplaceAllString(name, "-"), "-") + ".pb.gz"
			return os.WriteFile(root("bin/profiles/"+file), text, 0o600)
		}()
	}()
	return func() {
		if err := <-done; err != nil {
			b.t.Errorf("profile of %s: %v", name, err)
		}
	}
}
