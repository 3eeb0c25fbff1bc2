package pisano_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	pisano "github.com/pisano-dev/pisano/clients/go"
)

// hangTimeout bounds every wait. Only a hang exceeds it, even on a slow and busy machine.
const hangTimeout = 3 * time.Minute

// program is the server under test: the one that PISANO_BIN names, or one built
// from this repository.
var program = os.Getenv("PISANO_BIN")

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if program == "" {
		folder, err := os.MkdirTemp("", "pisano")
		if err != nil {
			panic(err)
		}
		defer func() { _ = os.RemoveAll(folder) }()
		program = filepath.Join(folder, "api")
		ctx, cancel := context.WithTimeout(context.Background(), 5*hangTimeout) // with an empty build cache
		defer cancel()
		build := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/api")
		build.Dir = "../.."
		if output, err := build.CombinedOutput(); err != nil {
			fmt.Printf("the server can't be built: %v\n%s", err, output)
			return 1
		}
	}
	return m.Run()
}

// server is a running server in one-file mode.
type server struct {
	t       *testing.T
	file    string
	url     string
	command *exec.Cmd
}

// start starts a server and returns a client of it. The server ends with the test.
func start(t *testing.T, settings ...string) (*server, *pisano.API) {
	t.Helper()
	s := &server{t: t, file: t.TempDir() + "/pisano.db"}
	s.run(freePort(t), settings...)
	t.Cleanup(s.stop)
	return s, client(t, s.url+"/api")
}

// freePort returns a port below those that a system chooses by itself, so that
// nothing takes it while a server starts again.
func freePort(t *testing.T) string {
	t.Helper()
	for range 1000 {
		port := strconv.Itoa(20000 + rand.IntN(12000))
		if listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", ":"+port); err == nil {
			_ = listener.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return ""
}

// client returns a client of the API at an address.
func client(t *testing.T, address string, options ...pisano.ClientOption) *pisano.API {
	t.Helper()
	api, err := pisano.New(address, options...)
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// run starts the program on a port and waits until it serves.
func (s *server) run(port string, settings ...string) {
	s.t.Helper()
	s.command = exec.CommandContext(context.Background(), program)
	// With the engine in plain Go and two processors, what tests call long takes long on every machine.
	s.command.Env = append([]string{
		"PORT=" + port, "PISANO_DATA=" + s.file, "HOME=" + filepath.Dir(s.file), "PISANO_ENGINE=purego", "GOMAXPROCS=2",
	}, settings...)
	output, err := s.command.StderrPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.command.Start(); err != nil {
		s.t.Fatal(err)
	}
	listening, ended := make(chan string, 1), make(chan string, 1)
	go func() {
		last := "no output"
		for lines := bufio.NewScanner(output); lines.Scan(); last = lines.Text() {
			var entry struct{ Msg, URL string }
			if json.Unmarshal(lines.Bytes(), &entry) == nil && entry.Msg == "listening" {
				listening <- entry.URL
			}
		}
		ended <- last
	}()
	select {
	case s.url = <-listening:
	case last := <-ended:
		s.t.Fatalf("the server ended instead of serving: %s", last)
	case <-time.After(hangTimeout):
		s.t.Fatalf("the server does not serve after %v", hangTimeout)
	}
	s.awaitReady()
}

// awaitReady waits until the server is ready. It listens before it is.
func (s *server) awaitReady() {
	s.t.Helper()
	api := client(s.t, s.url+"/api")
	for began := time.Now(); time.Since(began) < hangTimeout; time.Sleep(10 * time.Millisecond) {
		if ready, err := api.GetReadinessWithResponse(s.t.Context()); err == nil && ready.JSON200 != nil {
			return
		}
	}
	s.t.Fatalf("the server is not ready after %v", hangTimeout)
}

// stop ends the program at once.
func (s *server) stop() {
	_ = s.command.Process.Kill() // fails if the program has ended already
	_ = s.command.Wait()         // reports the kill as an error
}

// restart kills the program and starts it on the same port.
func (s *server) restart() {
	s.t.Helper()
	address, err := url.Parse(s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	s.stop()
	s.run(address.Port())
}

// calculated submits an index and waits for its value.
func calculated(t *testing.T, api *pisano.API, index int64) pisano.ValueState {
	t.Helper()
	ctx := callContext(t)
	if _, err := api.Submit(ctx, index); err != nil {
		t.Fatal(err)
	}
	value, err := api.Wait(ctx, index)
	if err != nil || value.State != pisano.StateCalculated {
		t.Fatalf("F(%d) is %v, %v", index, value.State, err)
	}
	return value
}
