package servers

import (
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	tcexec "github.com/testcontainers/testcontainers-go/exec"
)

// Container is a server of one test's own. It keeps its address and its disk over all the methods below and is removed with
// the test. The methods fail the test if they don't succeed and are to be called from its goroutine.
type Container struct {
	t       testing.TB
	engine  *engine
	docker  *testcontainers.DockerContainer
	address string
	url     string // of Postgres
}

// own gives a container to a test: it ends with it and shows its log if the test failed.
func own(t testing.TB, e *engine, docker *testcontainers.DockerContainer, address string) *Container {
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the log of %s ends with\n%s", address, lastLines(docker))
		}
		if err := e.remove(context.Background(), docker.GetContainerID()); err != nil {
			t.Errorf("removing %s: %v", address, err)
		}
	})
	return &Container{t: t, engine: e, docker: docker, address: address}
}

// Addr is host:port of the server.
func (c *Container) Addr() string { return c.address }

// PostgresURL is the URL of the superuser's database, without TLS. Only containers of [StartPostgres] have it.
func (c *Container) PostgresURL() string { return c.url }

// Stop ends the server in order (SIGTERM; SIGINT for Postgres), within 10 s by force.
func (c *Container) Stop() {
	c.t.Helper()
	c.do("stopping", func(ctx context.Context) error { return c.docker.Stop(ctx, nil) })
}

// Start starts a server that was stopped or killed and returns when it answers.
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

// Kill ends the server by SIGKILL.
func (c *Container) Kill() {
	c.t.Helper()
	c.do("killing", func(ctx context.Context) error {
		_, err := c.engine.client.ContainerKill(ctx, c.docker.GetContainerID(), client.ContainerKillOptions{Signal: "SIGKILL"})
		return err
	})
}

// Pause freezes the server: connections stay, and are accepted, and nothing answers.
func (c *Container) Pause() {
	c.t.Helper()
	c.do("pausing", func(ctx context.Context) error {
		_, err := c.engine.client.ContainerPause(ctx, c.docker.GetContainerID(), client.ContainerPauseOptions{})
		return err
	})
}

// Unpause lets a paused server go on.
func (c *Container) Unpause() {
	c.t.Helper()
	c.do("unpausing", func(ctx context.Context) error {
		_, err := c.engine.client.ContainerUnpause(ctx, c.docker.GetContainerID(), client.ContainerUnpauseOptions{})
		return err
	})
}

// Exec runs a command in the container and returns what it printed. Any exit code but 0 fails the test.
func (c *Container) Exec(command ...string) string {
	c.t.Helper()
	var text []byte
	c.do("exec in", func(ctx context.Context) error {
		code, output, err := c.docker.Exec(ctx, command, tcexec.Multiplexed())
		if err != nil {
			return err
		}
		if text, err = io.ReadAll(output); err == nil && code != 0 {
			err = fmt.Errorf("%q: exit code %d\n%s", command, code, text)
		}
		return err
	})
	return string(text)
}

// do fails the test if the engine does not do it, or does not answer.
func (c *Container) do(what string, ask func(ctx context.Context) error) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), HangTimeout)
	defer cancel()
	c.check(what, ask(ctx))
}

func (c *Container) check(what string, err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatalf("%s %s: %v", what, c.address, err)
	}
}
