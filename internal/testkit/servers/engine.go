package servers

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

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
)

// ownerLabel marks the containers of this package with host name and process id of the test binary.
const ownerLabel = "pisano.test.owner"

var errNoEngine = errors.New("no Docker engine answers: run the tests by `make test`, which starts one, or start yours")

// engine is the Docker engine that the servers run on.
type engine struct {
	client *testcontainers.DockerClient
	host   netip.Addr // where the ports of containers are reached
}

var connected atomic.Bool

// theEngine connects at its first call, and removes what dead test binaries left.
var theEngine = sync.OnceValues(func() (*engine, error) {
	ctx, cancel := context.WithTimeout(context.Background(), HangTimeout)
	defer cancel()
	if err := LoadSettings(); err != nil {
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

func connect(ctx context.Context) (e *engine, err error) {
	// The library panics where it finds no engine at all.
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%v", fault)
		}
	}()
	docker, err := testcontainers.NewDockerClientWithOpts(ctx)
	if err != nil {
		return nil, err
	}
	provider, err := testcontainers.NewDockerProvider()
	if err != nil {
		return nil, err
	}
	defer provider.Close()
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
	return &engine{client: docker, host: address}, nil
}

func hostName() string {
	name, _ := os.Hostname() // an empty one marks as well
	return name
}

// OwnerLabel is the label, name=value, of what is to be removed once the test binary is gone: containers that a test starts
// by other means.
func OwnerLabel(t testing.TB) string {
	t.Helper()
	must(t, theEngine) // removes what others left
	return ownerLabel + "=" + owner()
}

func owner() string { return fmt.Sprintf("%s/%d", hostName(), os.Getpid()) }

// removeOrphans removes the containers of test binaries of this machine that are gone.
func (e *engine) removeOrphans(ctx context.Context) error {
	found, err := e.client.ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: client.Filters{}.Add("label", ownerLabel),
	})
	if err != nil {
		return err
	}
	for _, container := range found.Items {
		pid, ofThisHost := strings.CutPrefix(container.Labels[ownerLabel], hostName()+"/")
		if ofThisHost && !alive(pid) {
			// Another test binary may be at the same container.
			_ = e.remove(ctx, container.ID)
		}
	}
	return nil
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
	defer removeAuthority()
	if !connected.Load() {
		return nil
	}
	e, err := theEngine()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, HangTimeout)
	defer cancel()
	found, err := e.client.ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: client.Filters{}.Add("label", ownerLabel+"="+owner()),
	})
	if err != nil {
		return err
	}
	var wait sync.WaitGroup
	faults := make([]error, len(found.Items))
	for i, container := range found.Items {
		wait.Go(func() { faults[i] = e.remove(ctx, container.ID) })
	}
	wait.Wait()
	return errors.Join(faults...)
}

// remove kills a container and removes it with its data.
func (e *engine) remove(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, HangTimeout)
	defer cancel()
	_, err := e.client.ContainerRemove(ctx, id, client.ContainerRemoveOptions{RemoveVolumes: true, Force: true})
	return err
}
