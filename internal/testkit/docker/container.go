package docker

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// Container is a container that a test runs. Its methods fail the test if they don't succeed and are to be called from
// the test's goroutine.
type Container struct {
	t  testing.TB
	ID string
}

// Run starts a container: the arguments are those of docker run, options, image and command. It is removed with the test,
// with its volumes, and shows the end of its log if the test failed.
func Run(t testing.TB, args ...string) *Container {
	t.Helper()
	id := CLI(t, append([]string{"run", "--detach", "--pull", "never", "--label", servers.OwnerLabel(t)}, args...)...)
	c := &Container{t, id}
	t.Cleanup(func() {
		c.logIfFailed()
		remove(t, "rm", "--force", "--volumes", id)
	})
	return c
}

// Of returns a container that the test has started by other means and will remove. It shows the end of its log if the test failed.
func Of(t testing.TB, nameOrID string) *Container {
	t.Helper()
	c := &Container{t, nameOrID}
	c.ID = c.Inspect("{{.Id}}")
	t.Cleanup(c.logIfFailed)
	return c
}

func (c *Container) logIfFailed() {
	if !c.t.Failed() {
		return
	}
	// What can't be shown is not what the test failed for.
	state, _ := Try(context.Background(), "docker", "inspect", "--format",
		"{{.Name}} of {{.Config.Image}} is {{.State.Status}}, exit code {{.State.ExitCode}}"+
			"{{with .State.Health}}, {{.Status}}: {{range .Log}}\n\t{{.ExitCode}} {{.Output}}{{end}}{{end}}", c.ID)
	log, _ := c.log("--tail", "30")
	c.t.Logf("%s\n%s", state, log)
}

// Log returns all that the container wrote, to standard output and to standard error.
func (c *Container) Log() string {
	c.t.Helper()
	log, err := c.log()
	if err != nil {
		c.t.Fatal(err)
	}
	return log
}

func (c *Container) log(options ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), servers.HangTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, "docker", append(append([]string{"logs"}, options...), c.ID)...)
	out, err := command.CombinedOutput()
	return string(out), err
}

// Inspect returns what docker inspect knows, by a Go template. The test fails if that is nothing.
func (c *Container) Inspect(format string) string {
	c.t.Helper()
	known := CLI(c.t, "inspect", "--format", format, c.ID)
	if known == "" || strings.Contains(known, "<no value>") {
		c.t.Fatalf("the engine does not know %s of the container %s: %q", format, c.ID, known)
	}
	return known
}

// Address is host:port of a port of the container as it is published on this machine.
func (c *Container) Address(port int) string {
	c.t.Helper()
	first, _, _ := strings.Cut(CLI(c.t, "port", c.ID, fmt.Sprintf("%d/tcp", port)), "\n")
	if first == "" {
		c.t.Fatalf("port %d of the container %s is not published: it has ended, or was started without it", port, c.ID)
	}
	return strings.Replace(first, "0.0.0.0:", "127.0.0.1:", 1)
}

// Exec runs a command in the container and returns what it printed.
func (c *Container) Exec(command ...string) string {
	c.t.Helper()
	return CLI(c.t, append([]string{"exec", c.ID}, command...)...)
}

// AwaitHealth waits until the engine calls the container healthy (or unhealthy, or whatever else), and returns how long that took.
func (c *Container) AwaitHealth(health string) time.Duration {
	c.t.Helper()
	return Eventually(c.t, "health of "+c.Inspect("{{.Name}}"), func() error {
		state := c.Inspect(`{{if .State.Health}}{{.State.Health.Status}}{{else}}without a check{{end}} {{.State.Status}}`)
		if is, _, _ := strings.Cut(state, " "); is != health {
			return fmt.Errorf("it is %s, not %s", state, health)
		}
		return nil
	})
}
