package docker

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
)

// Browser runs a script of web/package.json that opens a site in a browser, with the environment and these settings
// (name=value), and returns what the script printed.
func Browser(t testing.TB, script string, settings ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), buildTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, "npm", "--prefix", "web", "run", "--silent", script, "--", "--output", t.TempDir())
	command.Dir, command.Env, command.WaitDelay = testkit.Root(), append(os.Environ(), settings...), time.Second
	output, err := command.CombinedOutput()
	if ctx.Err() != nil {
		err = fmt.Errorf("it has not ended within %v: %w", buildTimeout, err)
	}
	return string(output), err
}
