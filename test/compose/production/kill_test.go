package production

import (
	"fmt"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// death is the time from the kill of a container until the engine saw it dead.
type death struct{ killed, dead time.Time }

// kill kills the program of a container with SIGKILL from another container, as the kernel does when memory is short, so that the
// engine takes it for a crash. It returns when the engine has restarted the container and it is healthy.
func kill(t *testing.T, c *docker.Container) death {
	t.Helper()
	d := death{killed: time.Now()}
	known := c.Inspect()
	if known.State.Pid == 0 {
		t.Fatalf("%s does not run", known.Name)
	}
	docker.Run(t, "--pid=host", "--user=0", "--entrypoint=sh", docker.ServerImage(t, docker.RedisImage),
		"-c", fmt.Sprintf("kill -KILL %d", known.State.Pid))
	testkit.Eventually(t, "the restart", func() error {
		if known = c.Inspect(); !known.State.Running || known.RestartCount != 1 {
			return fmt.Errorf("it is %s after %d restarts", known.State.Status, known.RestartCount)
		}
		return nil
	})
	var err error
	if d.dead, err = time.Parse(time.RFC3339Nano, known.State.FinishedAt); err != nil {
		t.Fatal(err)
	}
	c.AwaitHealth("healthy")
	t.Logf("%s was killed, restarted by the engine and healthy after %.1f s", known.Name, time.Since(d.killed).Seconds())
	return d
}
