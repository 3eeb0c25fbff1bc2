package docker

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"
)

// Browser runs a script of web/package.json that has a browser open a site, with the environment and these settings
// (name=value), and returns what it printed.
func Browser(t testing.TB, script string, settings ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), stackTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, "npm", "--prefix", "web", "run", "--silent", script, "--", "--output", t.TempDir())
	command.Dir, command.Env, command.WaitDelay = Root(), append(os.Environ(), settings...), time.Second
	output, err := command.CombinedOutput()
	if ctx.Err() != nil {
		err = fmt.Errorf("it has not ended within %v: %w", stackTimeout, err)
	}
	return string(output), err
}
