package servers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// engine starts containers of servers.
type engine struct{ *docker.Engine }

func connect() (engine, error) {
	e, err := docker.Connect()
	return engine{e}, err
}

// spec describes a container.
type spec struct {
	image      string
	entrypoint []string // nil: the image's
	command    []string
	env        map[string]string
	files      map[string][]byte // path in the container → content, readable by all
	publish    map[int]int       // port in the container → port of the host
	disk       *Disk             // what is at /disk in the container, nil for nothing
	namespace  string            // id of the container whose network this one lives in, "" for one of its own
	ready      wait.Strategy     // what to wait for after each start
}

// diskFolder is where a container has its disk.
const diskFolder = "/disk"

// start starts a container with that many ports of the host, which stay free for it while it is stopped: they are below the
// range of ephemeral ports.
func (e engine) start(ctx context.Context, ports int, describe func(ports []int) spec) (*testcontainers.DockerContainer, error) {
	const tries = 5
	for try := 1; ; try++ {
		chosen, err := e.freePorts(ports)
		if err != nil {
			return nil, err
		}
		started, err := e.run(ctx, describe(chosen))
		if err == nil {
			return started, nil
		}
		if started != nil {
			err = errors.Join(err, errors.New(docker.LastLines(ctx, started)), e.Remove(ctx, started.GetContainerID()))
		}
		if try == tries || !isPortTaken(err) {
			return nil, err
		}
	}
}

func (e engine) run(ctx context.Context, s spec) (*testcontainers.DockerContainer, error) {
	if s.image == "" {
		return nil, errors.New("no image is named for the container: PISANO_POSTGRES_IMAGE and PISANO_REDIS_IMAGE name those of the servers")
	}
	ctx, cancel := context.WithTimeout(ctx, testkit.HangTimeout)
	defer cancel()
	var exposed []string
	bindings := network.PortMap{}
	for inside, outside := range s.publish {
		port := network.MustParsePort(strconv.Itoa(inside) + "/tcp")
		exposed = append(exposed, port.String())
		bindings[port] = []network.PortBinding{{HostIP: e.publishOn(), HostPort: strconv.Itoa(outside)}}
	}
	var files []testcontainers.ContainerFile
	for path, content := range s.files {
		files = append(files, testcontainers.ContainerFile{
			Reader: bytes.NewReader(content), ContainerFilePath: path, FileMode: 0o644,
		})
	}
	options := []testcontainers.ContainerCustomizer{
		testcontainers.WithLabels(docker.Labels()),
		testcontainers.WithExposedPorts(exposed...),
		testcontainers.WithEnv(s.env),
		testcontainers.WithFiles(files...),
		testcontainers.WithCmd(s.command...),
		testcontainers.WithHostConfigModifier(func(host *container.HostConfig) {
			host.PortBindings = bindings
			if s.disk != nil {
				host.Binds = []string{s.disk.folder + ":" + diskFolder}
			}
			if s.namespace != "" {
				host.NetworkMode = container.NetworkMode("container:" + s.namespace)
			}
		}),
	}
	if s.entrypoint != nil {
		options = append(options, testcontainers.WithEntrypoint(s.entrypoint...))
	}
	if s.ready != nil {
		options = append(options, testcontainers.WithWaitStrategyAndDeadline(testkit.HangTimeout, s.ready))
	}
	return testcontainers.Run(ctx, s.image, options...)
}

// publishOn returns the address for published ports: loopback if the engine is on this machine.
func (e engine) publishOn() netip.Addr {
	if e.Host.IsLoopback() {
		return e.Host
	}
	return netip.IPv4Unspecified()
}

func (e engine) address(port int) string {
	return net.JoinHostPort(e.Host.String(), strconv.Itoa(port))
}

// Ports are chosen below those that a system chooses by itself, so that nothing takes one while its server is stopped.
const lowestPort, portCount = 20000, 12000

func (e engine) freePorts(n int) ([]int, error) {
	var listen net.ListenConfig
	ports := make([]int, 0, n)
	for range 1000 {
		if len(ports) == n {
			return ports, nil
		}
		port := lowestPort + rand.IntN(portCount)
		held, err := listen.Listen(context.Background(), "tcp", net.JoinHostPort(e.publishOn().String(), strconv.Itoa(port)))
		if err != nil {
			continue
		}
		defer held.Close() // not before all are chosen: no port twice
		ports = append(ports, port)
	}
	return nil, fmt.Errorf("no free ports from %d to %d", lowestPort, lowestPort+portCount-1)
}

func isPortTaken(err error) bool {
	return strings.Contains(err.Error(), "port is already allocated") || strings.Contains(err.Error(), "address already in use")
}

// answers is a [wait.Strategy]: the server answers when the function returns nil.
type answers func(ctx context.Context) error

func (ask answers) WaitUntilReady(ctx context.Context, target wait.StrategyTarget) error {
	ctx, cancel := context.WithTimeout(ctx, testkit.HangTimeout)
	defer cancel()
	for {
		err := ask(ctx)
		if err == nil {
			return nil
		}
		if state, stateErr := target.State(ctx); stateErr == nil && !state.Running {
			return fmt.Errorf("the server ended with exit code %d", state.ExitCode)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w", err)
		case <-time.After(25 * time.Millisecond):
		}
	}
}
