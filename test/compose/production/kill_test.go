package production

import (
	"errors"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// death is between when a container was told to be killed and when the engine saw it dead.
type death struct{ killed, dead time.Time }

// kill kills the program of a container with SIGKILL, from outside, as the kernel does when memory is short, so that the engine
// takes it for a crash. It returns when the engine has started the container again and it is healthy.
func kill(t *testing.T, c *docker.Container) death {
	t.Helper()
	d := death{killed: time.Now()}
	pid := c.Inspect("{{.State.Pid}}")
	if pid == "0" {
		t.Fatalf("%s does not run", c.Inspect("{{.Name}}"))
	}
	docker.Run(t, "--pid=host", "--user=0", "--entrypoint=sh", docker.Redis(t),
		"-c", "kill -KILL "+pid)
	docker.Eventually(t, "the start after the end", func() error {
		if state := c.Inspect("{{.State.Status}} {{.RestartCount}}"); state != "running 1" {
			return errors.New("it is " + state)
		}
		return nil
	})
	var err error
	if d.dead, err = time.Parse(time.RFC3339Nano, c.Inspect("{{.State.FinishedAt}}")); err != nil {
		t.Fatal(err)
	}
	c.AwaitHealth("healthy")
	t.Logf("%s was killed, started again by the engine and healthy after %.1f s", c.Inspect("{{.Name}}"), time.Since(d.killed).Seconds())
	return d
}
