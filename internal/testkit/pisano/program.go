package pisano

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// programs is the folder of the programs that Main built.
var programs string

// Main builds the programs and runs the tests of a package, as [servers.Main] does.
func Main(m *testing.M) {
	folder, err := os.MkdirTemp("", "pisano-programs-")
	if err == nil {
		programs = folder
		err = errors.Join(os.Chmod(folder, 0o755), build(folder))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	servers.Main(m, func() { _ = os.RemoveAll(programs) })
}

func build(folder string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*testkit.HangTimeout) // with the race detector, from nothing
	defer cancel()
	for _, program := range []string{"api", "worker"} {
		file := filepath.Join(folder, program)
		command := exec.CommandContext(ctx, "go", "build", "-o", file, "github.com/pisano-dev/pisano/cmd/"+program)
		command.Dir = testkit.Root() // with the versions of the main module, whichever module the tests are of
		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("building %s: %w\n%s", program, err, output)
		}
		if err := os.Chmod(file, 0o755); err != nil { // other users run it, too, whatever the umask is
			return err
		}
	}
	return nil
}

// Path returns the file of a program, api or worker, that Main built.
func Path(program string) string { return filepath.Join(programs, program) }

// keptLines is how many of its last log lines a failed test shows.
const keptLines = 30

// Program is a process of a test, which ends with the test at the latest. Its methods fail the test if they do not succeed.
type Program struct {
	Name    string
	URL     string // where it serves HTTP, once it listens
	Command *exec.Cmd
	Exited  chan struct{} // closed when the process has ended
	Ended   time.Time     // when it ended, once Exited is closed
	// StartTimeout bounds AwaitListening.
	StartTimeout time.Duration

	t          testing.TB
	mu         sync.Mutex
	log        []string
	faults     []string
	deliveries map[core.Index]int // of each value, when it was calculated last
	listening  chan string
	ready      chan struct{} // closed when the start is over
}

// Start starts a program with settings (NAME=value) and waits until it is ready to serve.
func Start(t testing.TB, program string, settings ...string) *Program {
	t.Helper()
	p := Launch(t, program, settings...)
	p.AwaitListening()
	select {
	case <-p.ready:
	case <-p.Exited:
		t.Fatalf("%s ended instead of serving:\n%s", program, p.Tail())
	case <-time.After(testkit.HangTimeout):
		t.Fatalf("%s listens and does not become ready:\n%s", program, p.Tail())
	}
	return p
}

// Launch is Start without waiting, for a program that may end before it is ready.
func Launch(t testing.TB, program string, settings ...string) *Program {
	t.Helper()
	return LaunchCommand(t, program, exec.CommandContext(t.Context(), Path(program)), settings...)
}

// LaunchCommand is Launch for a command that becomes, or runs, the program. If the command leads a process group, signals go to
// the group.
func LaunchCommand(t testing.TB, name string, command *exec.Cmd, settings ...string) *Program {
	t.Helper()
	p := &Program{
		Name: name, Command: command, Exited: make(chan struct{}), StartTimeout: testkit.HangTimeout,
		t: t, listening: make(chan string, 1), ready: make(chan struct{}), deliveries: make(map[core.Index]int),
	}
	if command.Env == nil {
		// Nothing else of the environment, which may name a database in use. With the engine in plain Go and two processors, what
		// the tests call long takes long on every machine.
		command.Env = []string{
			"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "PORT=0", "PISANO_ENGINE=purego", "GOMAXPROCS=2",
		}
	}
	command.Env = append(command.Env, settings...)
	command.Cancel = func() error { return p.signal(syscall.SIGKILL) }
	output, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stdout = command.Stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.Exited)
		p.follow(output)
		_ = command.Wait() // ProcessState tells how it ended
		p.Ended = time.Now()
	}()
	t.Cleanup(func() {
		p.Kill()
		if t.Failed() {
			t.Logf("the last lines of %s:\n%s", name, p.Tail())
		}
	})
	return p
}

func (p *Program) follow(output io.Reader) {
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var entry struct {
			Level, Msg, URL string
			Index           core.Index
			Delivery        int
		}
		_ = json.Unmarshal(lines.Bytes(), &entry) // a crash writes other lines
		p.mu.Lock()
		p.log = append(p.log, lines.Text())
		if len(p.log) > 10*keptLines {
			p.log = slices.Clone(p.log[len(p.log)-keptLines:])
		}
		if entry.Msg == "calculated" {
			p.deliveries[entry.Index] = entry.Delivery
		}
		if entry.Level == "" || entry.Level == "ERROR" || strings.Contains(entry.Msg, "panic") {
			p.faults = append(p.faults, lines.Text())
		}
		p.mu.Unlock()
		if entry.Msg == "listening" {
			p.listening <- entry.URL
		}
		if entry.Msg == "ready to serve" {
			close(p.ready)
		}
	}
}

// AwaitListening waits until the program listens, which it does before it is ready.
func (p *Program) AwaitListening() {
	p.t.Helper()
	select {
	case p.URL = <-p.listening:
	case <-p.Exited:
		p.t.Fatalf("%s ended instead of serving:\n%s", p.Name, p.Tail())
	case <-time.After(p.StartTimeout):
		p.t.Fatalf("%s does not listen after %v:\n%s", p.Name, p.StartTimeout, p.Tail())
	}
}

// Client returns a client of the program, whose API is below a prefix: "" or "/api".
func (p *Program) Client(prefix string) *Client {
	p.t.Helper()
	return NewClient(p.t, strings.TrimPrefix(p.URL, "http://"), prefix)
}

// Calculations returns how many values the process has calculated. It asks the metrics: a busy process does not log each.
func (p *Program) Calculations() int {
	p.t.Helper()
	text := p.Client("").Want(http.StatusOK, http.MethodGet, "/metrics", "").Text
	_, rest, found := strings.Cut(text, "\npisano_calculation_duration_seconds_count{outcome=\"ok\"} ")
	if !found {
		return 0
	}
	line, _, _ := strings.Cut(rest, "\n")
	count, err := strconv.ParseFloat(line, 64) // 1e+06 is a million
	if err != nil {
		p.t.Fatalf("%s counts %q calculations", p.Name, line)
	}
	return int(count)
}

// Delivery returns the delivery at which the process has calculated a value, 0 if it has not, or has calculated more than ten
// values in that second: it does not log all of them.
func (p *Program) Delivery(n core.Index) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.deliveries[n]
}

// Faults returns the log lines that a correct program does not write: errors, panics, and lines that are not JSON.
func (p *Program) Faults() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.faults)
}

// Log returns the last lines of the log: 30 at least, if there are as many.
func (p *Program) Log() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.log)
}

// Tail returns the last 30 lines of the log.
func (p *Program) Tail() string {
	log := p.Log()
	return strings.Join(log[max(0, len(log)-keptLines):], "\n")
}

// Kill ends the process by SIGKILL, as a power failure would.
func (p *Program) Kill() {
	_ = p.signal(syscall.SIGKILL) // fails if it has ended already
	select {
	case <-p.Exited:
	case <-time.After(testkit.HangTimeout):
		p.t.Errorf("%s was killed and has not ended after %v", p.Name, testkit.HangTimeout)
	}
}

// Pause stops the process for a time, as a machine that sleeps does.
func (p *Program) Pause(d time.Duration) {
	p.t.Helper()
	p.Suspend()
	time.Sleep(d)
	p.Resume()
}

// Suspend stops the process by SIGSTOP until Resume.
func (p *Program) Suspend() {
	p.t.Helper()
	p.mustSignal(syscall.SIGSTOP)
}

// Resume ends Suspend.
func (p *Program) Resume() {
	p.t.Helper()
	p.mustSignal(syscall.SIGCONT)
}

// Stop is Terminate and AwaitExit, and returns also how long they took.
func (p *Program) Stop() (code int, took time.Duration) {
	p.t.Helper()
	begin := time.Now()
	p.Terminate()
	return p.AwaitExit(), p.Ended.Sub(begin)
}

// Terminate sends SIGTERM.
func (p *Program) Terminate() {
	p.t.Helper()
	p.mustSignal(syscall.SIGTERM)
}

func (p *Program) mustSignal(s syscall.Signal) {
	p.t.Helper()
	if err := p.signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// AwaitExit waits until the process has ended and returns its exit code.
func (p *Program) AwaitExit() (code int) {
	p.t.Helper()
	select {
	case <-p.Exited:
	case <-time.After(testkit.HangTimeout):
		p.t.Fatalf("%s does not end after %v:\n%s", p.Name, testkit.HangTimeout, p.Tail())
	}
	return p.Command.ProcessState.ExitCode()
}

// WantExit waits until the process has ended, which must be with this code and say each of the words, and returns the end of its
// log.
func (p *Program) WantExit(code int, words ...string) string {
	p.t.Helper()
	if got := p.AwaitExit(); got != code {
		p.t.Errorf("%s: exit code %d, want %d", p.Name, got, code)
	}
	log := p.Tail()
	for _, word := range words {
		if !strings.Contains(log, word) {
			p.t.Errorf("%s does not say %q:\n%s", p.Name, word, log)
		}
	}
	return log
}

func (p *Program) signal(s syscall.Signal) error {
	select {
	case <-p.Exited:
		return os.ErrProcessDone
	default:
	}
	if attributes := p.Command.SysProcAttr; attributes != nil && attributes.Setpgid {
		return syscall.Kill(-p.Command.Process.Pid, s)
	}
	return p.Command.Process.Signal(s)
}

// Memory returns a figure of the memory of the process in bytes: VmRSS, what is resident, or VmHWM, the most that ever was.
func (p *Program) Memory(figure string) int64 {
	p.t.Helper()
	file := fmt.Sprintf("/proc/%d/status", p.Command.Process.Pid)
	status, err := os.ReadFile(file)
	if err != nil {
		p.t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, figure+":"); found {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			if err != nil {
				p.t.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	p.t.Fatalf("%s has no %s", file, figure)
	return 0
}

// Descriptors returns how many files and connections the process has open.
func (p *Program) Descriptors() int {
	p.t.Helper()
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.Command.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	return len(open)
}
