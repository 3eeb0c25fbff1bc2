// Package docker runs Pisano's own images for tests, by the Docker client, as whoever operates them does: images,
// networks, containers, their health. It is imported by tests only; a package that uses it has
//
//	func TestMain(m *testing.M) { servers.Main(m) }
//
// Everything it starts is removed with the test, and what a killed run left by the next one. Images are built by
// `make images` before.
package docker

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// stackTimeout bounds what builds images and programs, as servers.HangTimeout bounds everything else: only a hang exceeds it.
const stackTimeout = 15 * time.Minute

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
	return tryWithin(ctx, servers.HangTimeout, program, args...)
}

func tryWithin(ctx context.Context, timeout time.Duration, program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("it has not ended within %v", timeout))
	defer cancel()
	command := exec.CommandContext(ctx, program, args...)
	command.Dir, command.WaitDelay = Root(), time.Second
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

// Root is the directory of the repository.
func Root() string {
	_, source, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(source), "../../..")
}

// Name returns a name that no other container, network or project of Compose has.
func Name(what string) string { return fmt.Sprintf("pisano-test-%s-%08x", what, rand.Uint32()) }

// Image is the image of client, nginx, api or worker that is tested: PISANO_REGISTRY and PISANO_TAG say which.
func Image(program string) string {
	return fmt.Sprintf("%s/pisano-%s:%s", setting("PISANO_REGISTRY", "pisanodev"), program, setting("PISANO_TAG", "latest"))
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

// Postgres and Redis are the images of the servers to test with.
func Postgres(t testing.TB) string { return prepared(t, "PISANO_POSTGRES_IMAGE") }

// Redis is described at [Postgres].
func Redis(t testing.TB) string { return prepared(t, "PISANO_REDIS_IMAGE") }

func prepared(t testing.TB, name string) string {
	t.Helper()
	if err := servers.LoadSettings(); err != nil {
		t.Fatal(err)
	}
	image := os.Getenv(name)
	if image == "" {
		t.Fatalf("%s names no image: make test sets it", name)
	}
	return image
}

// Network makes a network of the test's own and returns its name.
func Network(t testing.TB) string {
	t.Helper()
	label := servers.OwnerLabel(t)
	removeOldNetworks(label)
	name := Name("network")
	CLI(t, "network", "create", "--label", label, name)
	t.Cleanup(func() { remove(t, "network", "rm", name) })
	return name
}

// removeOldNetworks removes those that killed runs left: an engine has no more than some thirty of them to give.
func removeOldNetworks(label string) {
	name, _, _ := strings.Cut(label, "=")
	// Another test binary may be at the same.
	_, _ = Try(context.Background(), "docker", "network", "prune", "--force", "--filter", "label="+name, "--filter", "until=1h")
}

// remove runs the Docker client at the end of a test, when its context is over.
func remove(t testing.TB, args ...string) {
	if _, err := Try(context.Background(), "docker", args...); err != nil {
		t.Error(err)
	}
}

// Eventually asks until the answer is nil and returns how long that took. The test fails with the last answer when only a hang
// can be the reason.
func Eventually(t testing.TB, what string, ask func() error) time.Duration {
	t.Helper()
	for begin := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		err := ask()
		took := time.Since(begin)
		if err == nil {
			return took
		}
		if took > servers.HangTimeout {
			t.Fatalf("%s: not after %v: %v", what, took.Round(time.Second), err)
		}
	}
}
