package images_test

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
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
var images = []string{"pisano", "client", "nginx", "api", "worker"}

// onServers are the programs that work on servers, programs the images that hold a single program.
var (
	onServers = []string{"api", "worker"}
	programs  = append([]string{"pisano"}, onServers...)
)

// largest is the size in bytes that the image of a program must stay below. The API draws pictures of numbers, with fonts.
var largest = map[string]int{"pisano": 30_000_000, "api": 33_000_000, "worker": 30_000_000}

func TestProgramImages_AreSmall(t *testing.T) {
	t.Parallel()
	for _, i := range built(t) {
		size := 0
		for _, content := range filesOf(t, i) {
			size += len(content)
		}
		t.Logf("image %-6s %s %5.1f MB", i.name, i.architecture, float64(size)/1e6)
		if slices.Contains(programs, i.name) && size >= largest[i.name] {
			t.Errorf("%v has %d bytes; docs/internals/images.md tells how to find out why", i, size)
		}
	}
}

func TestPrograms_NameTheirVersionAndRevision(t *testing.T) {
	t.Parallel()
	const labels = `{{index .Config.Labels "org.opencontainers.image.version"}}, revision {{index .Config.Labels "org.opencontainers.image.revision"}}`
	for _, i := range ofPrograms(t) {
		tag := i.tag
		if i.foreign {
			tag = i.emulated(t)
		}
		line := docker.CLI(t, slices.Concat([]string{"run", "--rm"}, i.platform(), []string{tag, "--version"})...)
		want := "Pisano " + i.inspect(t, labels) + ","
		if !strings.HasPrefix(line, want) || !strings.HasSuffix(line, " linux/"+i.architecture) {
			t.Errorf("%v prints %q, not %s", i, line, want)
		}
	}
}

func TestImages_SayWhatTheyAre(t *testing.T) {
	t.Parallel()
	titles := map[string]string{}
	for _, i := range built(t) {
		var labels map[string]string
		if err := json.Unmarshal([]byte(i.inspect(t, "{{json .Config.Labels}}")), &labels); err != nil {
			t.Fatal(err)
		}
		for _, label := range []string{"title", "description", "source", "licenses", "version", "revision"} {
			if labels["org.opencontainers.image."+label] == "" {
				t.Errorf("%v has no label %s", i, label)
			}
		}
		title := labels["org.opencontainers.image.title"]
		if other := titles[title]; other != "" && other != i.name {
			t.Errorf("%s and %s are both called %s", other, i.name, title)
		}
		titles[title] = i.name
	}
}

func TestProgramImages_HoldTheProgramAndCertificatesOnly(t *testing.T) {
	t.Parallel()
	const certificates = "etc/ssl/certs/ca-certificates.crt"
	for _, i := range ofPrograms(t) {
		files := filesOf(t, i)
		for name := range files {
			if name != i.name && name != certificates {
				t.Errorf("%v holds %s", i, name)
			}
		}
		if files[i.name] == nil {
			t.Errorf("%v does not hold its program", i)
		}
		trusted := 0
		for block, rest := pem.Decode(files[certificates]); block != nil; block, rest = pem.Decode(rest) {
			trusted++
		}
		if trusted < 50 {
			t.Errorf("%v trusts %d authorities", i, trusted)
		}
	}
}

// filesOf returns the files of an image that have any content: the engine adds empty ones.
func filesOf(t *testing.T, i image) map[string][]byte {
	t.Helper()
	id := docker.CLI(t, slices.Concat([]string{"create"}, i.platform(), []string{i.tag})...)
	defer docker.CLI(t, "rm", "--volumes", id)
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
	for _, i := range built(t) {
		user := i.inspect(t, "{{.Config.User}}")
		uid, gid, _ := strings.Cut(user, ":")
		for _, id := range []string{uid, gid} {
			// A number, so that Kubernetes can verify that it is not root.
			if number, err := strconv.Atoi(id); err != nil || number == 0 {
				t.Errorf("%v runs as %q", i, user)
			}
		}
	}
}

// confined are the options of a container with as few rights as possible.
var confined = []string{"--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"}

func TestImages_WorkReadOnlyAndConfined(t *testing.T) {
	t.Parallel()
	for _, architecture := range architectures(t) {
		t.Run(architecture, func(t *testing.T) {
			t.Parallel()
			workConfined(t, architecture)
		})
	}
}

// workConfined starts the programs for an architecture, between nginx and servers for the engine's, and lets them calculate.
func workConfined(t *testing.T, architecture string) {
	t.Helper()
	network := docker.Network(t)
	startServers(t, network)
	started := map[string]*docker.Container{}
	start := func(name string, options ...string) {
		options = slices.Concat(confined, []string{"--network", network, "--network-alias", name}, options)
		i := imageFor(t, name, "")
		if slices.Contains(programs, name) {
			i = imageFor(t, name, architecture)
		}
		started[name] = i.run(t, options...)
	}
	start("api", serverSettings...)
	start("worker", serverSettings...)
	start("client", "--tmpfs", "/tmp")
	start("nginx", "--tmpfs", "/tmp", "--tmpfs", "/var/cache/nginx", "--publish", "127.0.0.1::8080")
	for name, container := range started {
		container.AwaitHealth("healthy")
		for number, process := range strings.Split(docker.CLI(t, "top", container.ID, "-eo", "pid,uid"), "\n")[1:] {
			if uid := strings.Fields(process)[1]; uid == "0" {
				t.Errorf("process %d of %s is root's", number, name)
			}
		}
	}
	c := pisano.NewClient(t, started["nginx"].Address(8080), "/api")
	if page := c.Want(http.StatusOK, http.MethodGet, "/", ""); !strings.Contains(page.Text, "<title>") {
		t.Errorf("the page is %.200q", page.Text)
	}
	c.MustSubmit(300)
	if v := c.Await(300); v.Value != "222232244629420445529739893461909967206666939096499764990979600" {
		t.Errorf("F(300) is %s", v.Value)
	}
}

// quickChecks makes the engine check health every 300 ms and act on one result.
var quickChecks = []string{"--health-start-period", "1ms", "--health-interval", "300ms", "--health-retries", "1"}

func TestHealthCheck_IsOfTheProgramAndNotOfItsServers(t *testing.T) {
	t.Parallel()
	network := docker.Network(t)
	started := map[string]*docker.Container{}
	for _, program := range onServers {
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

// passedChecks returns an error unless the container has passed the wanted number of health checks that began after a time.
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
