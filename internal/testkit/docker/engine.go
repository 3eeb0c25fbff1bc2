package docker

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"

	"github.com/pisano-dev/pisano/internal/testkit"
)

// ownerLabel marks containers and networks with the host name and the process id of the test binary that they belong to.
const ownerLabel = "pisano.test.owner"

var errNoEngine = errors.New("no Docker engine answers: run the tests by `make test`, which starts one, or start yours")

// Engine is the Docker engine that tests run containers on.
type Engine struct {
	*testcontainers.DockerProvider
	Host netip.Addr // where the published ports of containers are reached
}

var connected atomic.Bool

// Connect returns the engine. The first call connects, and removes the containers that dead test binaries left.
var Connect = sync.OnceValues(func() (*Engine, error) {
	ctx, cancel := context.WithTimeout(context.Background(), testkit.HangTimeout)
	defer cancel()
	if err := loadImages(); err != nil {
		return nil, err
	}
	log.SetDefault(log.NewNoopLogger())
	e, err := connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", errNoEngine, err)
	}
	connected.Store(true)
	return e, e.removeOrphans(ctx)
})

func connect(ctx context.Context) (e *Engine, err error) {
	// The library panics where it finds no engine at all.
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%v", fault)
		}
	}()
	provider, err := testcontainers.NewDockerProvider()
	if err != nil {
		return nil, err
	}
	if err := provider.Health(ctx); err != nil {
		return nil, err
	}
	host, err := provider.DaemonHost(ctx)
	if err != nil {
		return nil, err
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return nil, fmt.Errorf("servers are reached by IP address; set TESTCONTAINERS_HOST_OVERRIDE to the engine's: %w", err)
	}
	return &Engine{provider, address}, nil
}

func mustConnect(t testing.TB) *Engine {
	t.Helper()
	e, err := Connect()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Main runs the tests of a package and removes every container they started, also those of tests that failed. The containers
// of a test binary that was killed or ran into its timeout are removed by the next one. Then it calls atEnd.
//
// Before the tests it settles what the caller's environment would change: files that tests make are readable in containers,
// and pgx finds no settings but those it is given.
func Main(m *testing.M, atEnd ...func()) {
	syscall.Umask(0o022)
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "PG") {
			_ = os.Unsetenv(name) // does not fail for a name that exists
		}
	}
	code := m.Run()
	for _, f := range atEnd {
		f()
	}
	if err := removeOwn(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "test containers may be left:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// Labels are the labels of every container of this test binary.
func Labels() map[string]string { return map[string]string{ownerLabel: owner()} }

// OwnerLabel is the label, name=value, of containers and networks that a test starts by the Docker client.
func OwnerLabel(t testing.TB) string {
	t.Helper()
	mustConnect(t) // removes orphans
	return ownerLabel + "=" + owner()
}

func owner() string { return fmt.Sprintf("%s/%d", hostName(), os.Getpid()) }

func hostName() string {
	name, _ := os.Hostname() // an empty one is a valid mark, too
	return name
}

// removeOrphans removes the containers of test binaries of this machine that no longer run.
func (e *Engine) removeOrphans(ctx context.Context) error {
	found, err := e.labelled(ctx, ownerLabel)
	for _, c := range found {
		pid, ofThisHost := strings.CutPrefix(c.Labels[ownerLabel], hostName()+"/")
		if ofThisHost && !alive(pid) {
			_ = e.Remove(ctx, c.ID) // another test binary may be removing it, too
		}
	}
	return err
}

func alive(pid string) bool {
	var number int
	if _, err := fmt.Sscan(pid, &number); err != nil {
		return false
	}
	process, err := os.FindProcess(number)
	return err == nil && !errors.Is(process.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// removeOwn removes all containers of this test binary.
func removeOwn(ctx context.Context) error {
	if !connected.Load() {
		return nil
	}
	e, err := Connect()
	if err != nil {
		return err
	}
	found, err := e.labelled(ctx, ownerLabel+"="+owner())
	if err != nil {
		return err
	}
	var wait sync.WaitGroup
	faults := make([]error, len(found))
	for i, c := range found {
		wait.Go(func() { faults[i] = e.Remove(ctx, c.ID) })
	}
	wait.Wait()
	return errors.Join(faults...)
}

// labelled lists the containers that have a label, running or not.
func (e *Engine) labelled(ctx context.Context, label string) ([]container.Summary, error) {
	ctx, cancel := context.WithTimeout(ctx, testkit.HangTimeout)
	defer cancel()
	found, err := e.Client().ContainerList(ctx, client.ContainerListOptions{All: true, Filters: client.Filters{}.Add("label", label)})
	return found.Items, err
}

// Remove kills a container and removes it with its volumes.
func (e *Engine) Remove(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, testkit.HangTimeout)
	defer cancel()
	_, err := e.Client().ContainerRemove(ctx, id, client.ContainerRemoveOptions{RemoveVolumes: true, Force: true})
	return err
}
