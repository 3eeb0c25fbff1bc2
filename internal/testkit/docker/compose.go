package docker

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Stack is a project of Compose that a test runs: all its containers, networks and volumes, which are removed with the test.
// Its methods fail the test if they don't succeed and are to be called from the test's goroutine.
type Stack struct {
	t        testing.TB
	name     string
	settings []string // of the environment of Compose
	command  []string // Compose, with its options
}

// Compose prepares a stack of a file as it is, with settings (name=value) for the variables of the file. The file .env beside it
// is not read; the environment is.
func Compose(t testing.TB, what, file string, settings ...string) *Stack {
	t.Helper()
	mustConnect(t) // names the images of servers, and removes orphans
	removeOldVolumes()
	s := &Stack{t: t, name: Name(what)}
	// By default Compose 1 waits no longer than a minute for an answer of the engine.
	timeout := fmt.Sprintf("COMPOSE_HTTP_TIMEOUT=%.0f", buildTimeout.Seconds())
	s.settings = slices.Concat(settings, []string{timeout})
	s.command = slices.Concat(composer(t), []string{"--project-name", s.name, "--env-file", write(t, "none.env", nil), "--file", file})
	s.command = append(s.command, "--file", write(t, "labels.yml", s.labels()))
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(s.logs())
		}
		if _, err := s.run(context.Background(), "down", "--volumes", "--timeout", "3"); err != nil {
			t.Error(err)
		}
	})
	return s
}

// composer returns the command of Compose 2 or newer, else that of Compose 1.
func composer(t testing.TB) []string {
	t.Helper()
	if _, err := Try(t.Context(), "docker", "compose", "version"); err == nil {
		return []string{"docker", "compose"}
	}
	if path, err := exec.LookPath("docker-compose"); err == nil {
		return []string{path}
	}
	t.Fatal("Neither docker compose nor docker-compose is installed: make compose installs it.")
	return nil
}

// labels is a second file, which adds the label by which everything is removed if this test binary is killed.
func (s *Stack) labels() []byte {
	s.t.Helper()
	removeOldNetworks()
	label := map[string]any{"labels": Labels()}
	services := map[string]any{}
	for service := range strings.FieldsSeq(s.compose("config", "--services")) {
		services[service] = label
	}
	text, err := json.Marshal(map[string]any{"services": services, "networks": map[string]any{"door": label, "servers": label}})
	if err != nil {
		s.t.Fatal(err)
	}
	return text // JSON is YAML
}

// write writes a temporary file and returns its name.
func write(t testing.TB, name string, text []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// removeOldVolumes removes the volumes that killed test binaries left.
func removeOldVolumes() {
	ctx := context.Background()
	// Errors are left out: another test binary may be removing them, too.
	names, _ := Try(ctx, "docker", "volume", "ls", "--quiet", "--filter", "dangling=true", "--filter", "name=pisano-test-")
	for name := range strings.FieldsSeq(names) {
		created, _ := Try(ctx, "docker", "volume", "inspect", "--format", "{{.CreatedAt}}", name)
		if since, err := time.Parse(time.RFC3339, created); err == nil && time.Since(since) > time.Hour {
			_, _ = Try(ctx, "docker", "volume", "rm", name)
		}
	}
}

// Up starts or changes the stack, with the arguments of docker compose up.
func (s *Stack) Up(args ...string) {
	s.t.Helper()
	s.compose(append([]string{"up", "--detach"}, args...)...)
}

// Set changes settings of the stack (name=value), for what is called next.
func (s *Stack) Set(settings ...string) { s.settings = append(s.settings, settings...) }

// Command returns the command of Compose for this stack, as a line of shell.
func (s *Stack) Command() string {
	return strings.Join(slices.Concat([]string{"env"}, s.settings, s.command), " ")
}

// CommandWith returns the command of Compose for this stack, as a line of shell, with the settings of a file and of its environment in the
// place of the stack's own.
func (s *Stack) CommandWith(file string) string {
	command := slices.Clone(s.command)
	command[slices.Index(command, "--env-file")+1] = file
	return strings.Join(command, " ")
}

// Script runs a script of the repository on the stack instead of the production system of this machine.
func (s *Stack) Script(command ...string) (string, error) {
	s.t.Helper()
	return tryWithin(s.t.Context(), buildTimeout, "env", slices.Concat([]string{"PISANO_COMPOSE=" + s.Command()}, command)...)
}

// Discard removes the containers of a service and a volume with its data.
func (s *Stack) Discard(service, volume string) {
	s.t.Helper()
	s.compose("rm", "--force", "--stop", "-v", service)
	CLI(s.t, "volume", "rm", s.name+"_"+volume)
}

// Build builds the images that the file has a Dockerfile for.
func (s *Stack) Build() {
	s.t.Helper()
	s.compose("build")
}

// Containers returns the containers of a service, running or not.
func (s *Stack) Containers(service string) []*Container {
	s.t.Helper()
	found := CLI(s.t, "ps", "--all", "--quiet", "--filter", "label=com.docker.compose.project="+s.name,
		"--filter", "label=com.docker.compose.service="+service)
	var all []*Container
	for id := range strings.FieldsSeq(found) {
		all = append(all, existing(s.t, id))
	}
	return all
}

// Only returns the container of a service that has one.
func (s *Stack) Only(service string) *Container {
	s.t.Helper()
	all := s.Containers(service)
	if len(all) != 1 {
		s.t.Fatalf("%s has %d containers", service, len(all))
	}
	return all[0]
}

func (s *Stack) compose(args ...string) string {
	s.t.Helper()
	out, err := s.run(s.t.Context(), args...)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

func (s *Stack) run(ctx context.Context, args ...string) (string, error) {
	return tryWithin(ctx, buildTimeout, "env", slices.Concat(s.settings, s.command, args)...)
}

// logs returns the end of what the containers wrote.
func (s *Stack) logs() string {
	log, err := s.run(context.Background(), "logs", "--tail", "20", "--no-color")
	if err != nil {
		return err.Error()
	}
	return log
}
