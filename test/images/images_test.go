package images_test

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// images are those that `make images` has built.
var images = []string{"client", "nginx", "api", "worker"}

// programs are the images that hold a single program.
var programs = []string{"api", "worker"}

const largest = 30_000_000 // bytes, of an image of a program

func TestProgramImages_AreSmall(t *testing.T) {
	t.Parallel()
	for _, name := range images {
		size, err := strconv.Atoi(docker.CLI(t, "image", "inspect", "--format", "{{.Size}}", docker.Image(name)))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("image %-6s %5.1f MB", name, float64(size)/1e6)
		if slices.Contains(programs, name) && size >= largest {
			t.Errorf("%s has %d bytes; docs/internals/images.md tells how to find out why", name, size)
		}
	}
}

func TestProgramImages_HoldTheProgramAndCertificatesOnly(t *testing.T) {
	t.Parallel()
	const certificates = "etc/ssl/certs/ca-certificates.crt"
	for _, program := range programs {
		files := filesOf(t, docker.Image(program))
		for name := range files {
			if name != program && name != certificates {
				t.Errorf("%s holds %s", program, name)
			}
		}
		if files[program] == nil {
			t.Errorf("%s does not hold its program", program)
		}
		trusted := 0
		for block, rest := pem.Decode(files[certificates]); block != nil; block, rest = pem.Decode(rest) {
			trusted++
		}
		if trusted < 50 {
			t.Errorf("%s trusts %d authorities", program, trusted)
		}
	}
}

// filesOf returns the files of an image that have any content: the engine adds empty ones.
func filesOf(t *testing.T, image string) map[string][]byte {
	t.Helper()
	id := docker.CLI(t, "create", image)
	defer docker.CLI(t, "rm", id)
	ctx, cancel := context.WithTimeout(t.Context(), testkit.HangTimeout)
	defer cancel()
	content, err := exec.CommandContext(ctx, "docker", "export", id).Output()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for archive := tar.NewReader(bytes.NewReader(content)); ; {
		entry, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		isLink := entry.Typeflag == tar.TypeSymlink && entry.Name != "etc/mtab" // made by the engine
		if entry.Typeflag == tar.TypeReg && entry.Size > 0 || isLink {
			if files[entry.Name], err = io.ReadAll(archive); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestImages_DoNotRunAsRoot(t *testing.T) {
	t.Parallel()
	for _, name := range images {
		user := docker.CLI(t, "image", "inspect", "--format", "{{.Config.User}}", docker.Image(name))
		uid, gid, _ := strings.Cut(user, ":")
		for _, id := range []string{uid, gid} {
			// A number, so that Kubernetes can verify that it is not root.
			if number, err := strconv.Atoi(id); err != nil || number == 0 {
				t.Errorf("%s runs as %q", name, user)
			}
		}
	}
}

// confined are the options of a container with as few rights as possible.
var confined = []string{"--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"}

func TestImages_WorkReadOnlyAndConfined(t *testing.T) {
	t.Parallel()
	network := docker.Network(t)
	startServers(t, network)
	started := map[string]*docker.Container{}
	start := func(name string, options ...string) {
		options = slices.Concat(confined, []string{"--network", network, "--network-alias", name}, options)
		started[name] = docker.Run(t, append(options, docker.Image(name))...)
	}
	start("api", serverSettings...)
	start("worker", serverSettings...)
	start("client", "--tmpfs", "/tmp")
	start("nginx", "--tmpfs", "/tmp", "--tmpfs", "/var/cache/nginx", "--publish", "127.0.0.1::8080")
	for name, container := range started {
		container.AwaitHealth("healthy")
		for i, process := range strings.Split(docker.CLI(t, "top", container.ID, "-eo", "pid,uid"), "\n")[1:] {
			if uid := strings.Fields(process)[1]; uid == "0" {
				t.Errorf("process %d of %s is root's", i, name)
			}
		}
	}
	c := pisano.NewClient(t, started["nginx"].Address(8080), "/api")
	if page := c.Want(http.StatusOK, http.MethodGet, "/", ""); !strings.Contains(page.Text, "<title>") {
		t.Errorf("the page is %.200q", page.Text)
	}
	c.MustSubmit(300)
	if v := c.Await(300); *v.Value != "222232244629420445529739893461909967206666939096499764990979600" {
		t.Errorf("F(300) is %s", *v.Value)
	}
}

// quickChecks makes the engine check health every 300 ms and act on one result.
var quickChecks = []string{"--health-start-period", "1ms", "--health-interval", "300ms", "--health-retries", "1"}

func TestHealthCheck_IsOfTheProgramAndNotOfItsServers(t *testing.T) {
	t.Parallel()
	network := docker.Network(t)
	started := map[string]*docker.Container{}
	for _, program := range programs {
		options := slices.Concat(quickChecks, []string{"--network", network}, serverSettings)
		started[program] = docker.Run(t, append(options, docker.Image(program))...)
	}
	for _, container := range started { // waiting for Postgres
		container.AwaitHealth("healthy")
	}
	backing := startServers(t, network)
	for program, container := range started {
		testkit.Eventually(t, program+" with Postgres and Redis", func() error {
			if log := container.Log(); !strings.Contains(log, "ready to serve") {
				return errors.New(log)
			}
			return nil
		})
	}
	for _, server := range backing {
		server.Kill()
	}
	without := time.Now().Add(2 * time.Second) // by then each program has noticed
	for program, container := range started {
		testkit.Eventually(t, program+" without Postgres and Redis: to restart it would not bring them back", func() error {
			return passedChecks(container, without, 3)
		})
		container.Signal("SIGSTOP")
	}
	for _, container := range started { // stopped, it does not answer
		container.AwaitHealth("unhealthy")
		container.Signal("SIGCONT")
		container.AwaitHealth("healthy")
	}
}

// passedChecks returns an error unless the container has passed so many health checks that began after a time.
func passedChecks(container *docker.Container, after time.Time, want int) error {
	checks := container.Inspect().State.Health.Log
	passed := 0
	for _, check := range checks {
		if check.Start.After(after) && check.ExitCode == 0 {
			passed++
		}
	}
	if passed < want {
		return fmt.Errorf("%d of the last %d health checks have passed since %s, not %d", passed, len(checks), after.Format(time.TimeOnly), want)
	}
	return nil
}

// serverSettings are the settings of programs beside the servers of startServers.
var serverSettings = []string{
	"--env", "PGHOST=postgres", "--env", "PGUSER=postgres", "--env", "PGPASSWORD=secret", "--env", "PGDATABASE=postgres",
	"--env", "PGSSLMODE=disable", "--env", "REDIS_HOST=redis",
}

// startServers starts Postgres and Redis on a network. It does not wait until they answer.
func startServers(t *testing.T, network string) []*docker.Container {
	t.Helper()
	return []*docker.Container{
		docker.Run(t, "--network", network, "--network-alias", "postgres", "--env", "POSTGRES_PASSWORD=secret", docker.ServerImage(t, docker.PostgresImage)),
		docker.Run(t, "--network", network, "--network-alias", "redis", docker.ServerImage(t, docker.RedisImage),
			"redis-server", "--protected-mode", "no", "--save", "", "--appendonly", "no"),
	}
}
