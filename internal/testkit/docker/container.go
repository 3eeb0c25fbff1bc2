package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	tcexec "github.com/testcontainers/testcontainers-go/exec"

	"github.com/pisano-dev/pisano/internal/testkit"
)

// Container is a container of one test. It keeps its disk over Stop, Kill and Start, and its published ports where they were
// chosen when it was made. The methods fail the test if they do not succeed and are to be called from its goroutine.
type Container struct {
	ID     string
	t      testing.TB
	engine *Engine
	docker *testcontainers.DockerContainer
}

// Run starts a container: the arguments are those of docker run, options, image and command. It is removed with the test.
func Run(t testing.TB, args ...string) *Container {
	t.Helper()
	id := CLI(t, append([]string{"run", "--detach", "--pull", "never", "--label", OwnerLabel(t)}, args...)...)
	return existing(t, id).removedWithTest()
}

// Own gives a container that testcontainers started to a test: it is removed with the test.
func Own(t testing.TB, e *Engine, docker *testcontainers.DockerContainer) *Container {
	return (&Container{docker.GetContainerID(), t, e, docker}).removedWithTest()
}

// existing returns a container that was started by other means and is removed by them.
func existing(t testing.TB, id string) *Container {
	t.Helper()
	e := mustConnect(t)
	docker, err := e.ContainerFromType(t.Context(), container.Summary{ID: id})
	if err != nil {
		t.Fatal(err)
	}
	return &Container{id, t, e, docker}
}

// removedWithTest removes the container when the test ends, with its volumes, and shows the end of its log if the test failed.
func (c *Container) removedWithTest() *Container {
	c.t.Cleanup(func() {
		if c.t.Failed() {
			c.t.Log(c.summary())
		}
		if err := c.engine.Remove(context.Background(), c.ID); err != nil {
			c.t.Errorf("removing the container %s: %v", c.ID, err)
		}
	})
	return c
}

// summary tells the state of the container and the end of its log.
func (c *Container) summary() string {
	ctx, cancel := context.WithTimeout(context.Background(), testkit.HangTimeout)
	defer cancel()
	known, err := c.docker.Inspect(ctx)
	if err != nil {
		return fmt.Sprintf("the container %s: %v", c.ID, err)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s of %s is %s, exit code %d", known.Name, known.Config.Image, known.State.Status, known.State.ExitCode)
	if health := known.State.Health; health != nil {
		fmt.Fprintf(&text, ", %s", health.Status)
		for _, check := range health.Log {
			fmt.Fprintf(&text, "\n\t%d %s", check.ExitCode, check.Output)
		}
	}
	return text.String() + "\n" + LastLines(ctx, c.docker)
}

// LastLines returns the end of a container's log.
func LastLines(ctx context.Context, docker *testcontainers.DockerContainer) string {
	text, err := logOf(ctx, docker)
	lines := strings.Split(strings.TrimSpace(text), "\n")
	text = strings.Join(lines[max(0, len(lines)-30):], "\n")
	if err != nil {
		text += "\n" + err.Error()
	}
	return text
}

func logOf(ctx context.Context, docker *testcontainers.DockerContainer) (string, error) {
	log, err := docker.Logs(ctx)
	if err != nil {
		return "", err
	}
	defer log.Close()
	text, err := io.ReadAll(log)
	return string(text), err
}

// Stop ends the program in order, by the signal that its image names, and by force after 10 s.
func (c *Container) Stop() {
	c.t.Helper()
	c.do("stopping", func(ctx context.Context) error { return c.docker.Stop(ctx, nil) })
}

// Start starts a container that was stopped or killed. If it is one of a server, it returns when the server answers.
func (c *Container) Start() {
	c.t.Helper()
	c.do("starting", c.docker.Start)
}

// Restart is Stop and Start.
func (c *Container) Restart() {
	c.t.Helper()
	c.Stop()
	c.Start()
}

// Kill ends the program by SIGKILL.
func (c *Container) Kill() {
	c.t.Helper()
	c.Signal("SIGKILL")
}

// Signal sends a signal to the program.
func (c *Container) Signal(name string) {
	c.t.Helper()
	c.do(name+" to", func(ctx context.Context) error {
		_, err := c.engine.Client().ContainerKill(ctx, c.ID, client.ContainerKillOptions{Signal: name})
		return err
	})
}

// Pause freezes the container: connections stay, new ones are accepted, and nothing is answered.
func (c *Container) Pause() {
	c.t.Helper()
	c.do("pausing", func(ctx context.Context) error {
		_, err := c.engine.Client().ContainerPause(ctx, c.ID, client.ContainerPauseOptions{})
		return err
	})
}

// Unpause ends Pause.
func (c *Container) Unpause() {
	c.t.Helper()
	c.do("unpausing", func(ctx context.Context) error {
		_, err := c.engine.Client().ContainerUnpause(ctx, c.ID, client.ContainerUnpauseOptions{})
		return err
	})
}

// Exec runs a command in the container and returns what it printed, without white space at the end. Any exit code but 0 fails
// the test.
func (c *Container) Exec(command ...string) (output string) {
	c.t.Helper()
	c.do("exec in", func(ctx context.Context) (err error) {
		output, err = c.TryExec(ctx, command...)
		return err
	})
	return output
}

// TryExec is Exec for a command that may fail.
func (c *Container) TryExec(ctx context.Context, command ...string) (string, error) {
	return Exec(ctx, c.docker, command...)
}

// Exec runs a command in a container and returns what it printed, without white space at the end. Any exit code but 0 is an
// error.
func Exec(ctx context.Context, docker *testcontainers.DockerContainer, command ...string) (string, error) {
	code, output, err := docker.Exec(ctx, command, tcexec.Multiplexed())
	if err != nil {
		return "", err
	}
	bytes, err := io.ReadAll(output)
	text := strings.TrimSpace(string(bytes))
	if err == nil && code != 0 {
		err = fmt.Errorf("%q: exit code %d\n%s", command, code, text)
	}
	return text, err
}

// Log returns all that the container wrote, to standard output and to standard error.
func (c *Container) Log() (text string) {
	c.t.Helper()
	c.do("reading the log of", func(ctx context.Context) (err error) {
		text, err = logOf(ctx, c.docker)
		return err
	})
	return text
}

// Inspect returns what the engine knows of the container.
func (c *Container) Inspect() (known *container.InspectResponse) {
	c.t.Helper()
	c.do("inspecting", func(ctx context.Context) (err error) {
		known, err = c.docker.Inspect(ctx)
		return err
	})
	return known
}

// IP returns the IPv4 address of the container in its only network, where other containers reach it.
func (c *Container) IP() (address string) {
	c.t.Helper()
	c.do("finding", func(ctx context.Context) (err error) {
		if address, err = c.docker.ContainerIP(ctx); err == nil && address == "" {
			err = errors.New("it has no address, or is in several networks")
		}
		return err
	})
	return address
}

// Address returns host:port of a port of the container as it is published on this machine.
func (c *Container) Address(port uint16) string {
	c.t.Helper()
	published := c.Inspect().NetworkSettings.Ports[network.MustParsePort(fmt.Sprintf("%d/tcp", port))]
	if len(published) == 0 {
		c.t.Fatalf("port %d of the container %s is not published: it has ended, or was started without it", port, c.ID)
	}
	host := published[0].HostIP
	if host.IsUnspecified() {
		host = c.engine.Host
	}
	return net.JoinHostPort(host.String(), published[0].HostPort)
}

// AwaitHealth waits until the engine calls the container healthy (or unhealthy), and returns how long that took.
func (c *Container) AwaitHealth(health container.HealthStatus) time.Duration {
	c.t.Helper()
	return testkit.Eventually(c.t, "health of "+c.Inspect().Name, func() error {
		switch state := c.Inspect().State; {
		case state.Health == nil:
			return fmt.Errorf("it has no health check and is %s", state.Status)
		case state.Health.Status != health:
			return fmt.Errorf("it is %s and %s, not %s", state.Status, state.Health.Status, health)
		}
		return nil
	})
}

// do fails the test if the engine returns an error, or hangs.
func (c *Container) do(what string, call func(ctx context.Context) error) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), testkit.HangTimeout)
	defer cancel()
	if err := call(ctx); err != nil {
		c.t.Fatalf("%s the container %s: %v", what, c.ID, err)
	}
}
