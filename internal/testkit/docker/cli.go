// Package docker runs containers for tests: single ones, by the options of docker run, and whole Compose projects. A package
// that uses it has
//
//	func TestMain(m *testing.M) { docker.Main(m) }
//
// Every container is removed with its test, and those that a killed test binary left by the next one. Pisano's own images are
// built before, by `make images`; the images of servers are named by bin/test-images.env, which test/bases/prepare writes.
package docker

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
)

// buildTimeout bounds what builds images and programs, as [testkit.HangTimeout] bounds everything else: only a hang exceeds it.
const buildTimeout = 15 * time.Minute

// CLI runs the Docker client and returns what it printed. The test fails if it does not succeed.
func CLI(t testing.TB, args ...string) string {
	t.Helper()
	out, err := Try(t.Context(), "docker", args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Try runs a program in the root of the repository and returns what it printed on standard output, without white space
// at the end. The error holds what it printed on standard error.
func Try(ctx context.Context, program string, args ...string) (string, error) {
	return tryWithin(ctx, testkit.HangTimeout, program, args...)
}

func tryWithin(ctx context.Context, timeout time.Duration, program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("it has not ended within %v", timeout))
	defer cancel()
	command := exec.CommandContext(ctx, program, args...)
	command.Dir, command.WaitDelay = testkit.Root(), time.Second
	out, err := command.Output()
	if err != nil {
		if ctx.Err() != nil {
			err = errors.Join(context.Cause(ctx), err)
		}
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
		}
		err = fmt.Errorf("%s %s: %w", program, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), err
}

// Name returns a name that no other container, network or project of Compose has.
func Name(what string) string { return fmt.Sprintf("pisano-test-%s-%08x", what, rand.Uint32()) }

// Network makes a network with options of docker network create and returns its name. It is removed with the test.
func Network(t testing.TB, options ...string) string {
	t.Helper()
	label := OwnerLabel(t)
	removeOldNetworks()
	name := Name("network")
	CLI(t, slices.Concat([]string{"network", "create", "--label", label}, options, []string{name})...)
	t.Cleanup(func() {
		if _, err := Try(context.Background(), "docker", "network", "rm", name); err != nil {
			t.Error(err)
		}
	})
	return name
}

// Volume makes a volume with options of docker volume create and returns its name. It is removed with the test, after the containers
// that the test starts later.
func Volume(t testing.TB, options ...string) string {
	t.Helper()
	removeOldVolumes()
	name := Name("volume")
	CLI(t, slices.Concat([]string{"volume", "create"}, options, []string{name})...)
	t.Cleanup(func() {
		if _, err := Try(context.Background(), "docker", "volume", "rm", name); err != nil {
			t.Error(err)
		}
	})
	return name
}

// removeOldNetworks removes the networks that killed test binaries left: an engine has addresses for some thirty of them only.
func removeOldNetworks() {
	// Errors are left out: another test binary may be removing them, too.
	_, _ = Try(context.Background(), "docker", "network", "prune", "--force", "--filter", "label="+ownerLabel, "--filter", "until=1h")
}
