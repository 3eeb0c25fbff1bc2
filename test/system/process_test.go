package system

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// keptLines is how many of its last log lines a failed test shows.
const keptLines = 30

// process is a program under test. It ends with the test at the latest.
type process struct {
	t       *testing.T
	name    string
	url     string // where it serves HTTP
	command *exec.Cmd
	exited  chan struct{}
	ended   time.Time // once exited is closed

	mu         sync.Mutex
	log        []string
	faulty     []string
	calculated int
	deliveries map[core.Index]int // at which each value was calculated last
	listening  chan string
	ready      chan struct{} // closed when the start is over
}

// start starts a program and waits until its start is over.
func start(t *testing.T, program string, settings ...string) *process {
	t.Helper()
	p := launch(t, program, settings...)
	p.awaitListening()
	select {
	case <-p.ready:
	case <-p.exited:
		t.Fatalf("%s ended instead of serving:\n%s", program, p.tail())
	case <-time.After(servers.HangTimeout):
		t.Fatalf("%s listens and does not become ready:\n%s", program, p.tail())
	}
	return p
}

// launch starts a program that may take its time, or die, before it is ready.
func launch(t *testing.T, program string, settings ...string) *process {
	t.Helper()
	return launchCommand(t, program, exec.CommandContext(t.Context(), filepath.Join(programs, program)), settings...)
}

func launchCommand(t *testing.T, program string, command *exec.Cmd, settings ...string) *process {
	t.Helper()
	p := &process{
		t: t, name: program, command: command,
		exited: make(chan struct{}), listening: make(chan string, 1), ready: make(chan struct{}), deliveries: make(map[core.Index]int),
	}
	// Nothing else from the environment: it may name somebody's database.
	// What the tests call long takes long with plain Go on every machine.
	command.Env = append([]string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "PORT=0", "PISANO_ENGINE=purego"}, settings...)
	output, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.exited)
		p.follow(output)
		_ = command.Wait() // the state tells how it ended
		p.ended = time.Now()
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("the last of %s:\n%s", program, p.tail())
		}
	})
	return p
}

func (p *process) follow(output io.Reader) {
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
			p.calculated++
			p.deliveries[entry.Index] = entry.Delivery
		}
		if entry.Level == "" || entry.Level == "ERROR" || strings.Contains(entry.Msg, "panic") {
			p.faulty = append(p.faulty, lines.Text())
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

func (p *process) awaitListening() {
	p.t.Helper()
	select {
	case p.url = <-p.listening:
	case <-p.exited:
		p.t.Fatalf("%s ended instead of serving:\n%s", p.name, p.tail())
	case <-time.After(servers.HangTimeout):
		p.t.Fatalf("%s does not serve after %v:\n%s", p.name, servers.HangTimeout, p.tail())
	}
}

// calculations returns how many values the process has calculated.
func (p *process) calculations() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calculated
}

// delivery returns at which delivery the process has calculated a value, 0 if it has not.
func (p *process) delivery(n core.Index) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.deliveries[n]
}

// faults returns the lines of the log that no right program writes: errors,
// panics, and what the logger did not write.
func (p *process) faults() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.faulty)
}

func (p *process) tail() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.log[max(0, len(p.log)-keptLines):], "\n")
}

// kill ends the process as a power cut would.
func (p *process) kill() {
	_ = p.command.Process.Kill() // or it has ended already
	select {
	case <-p.exited:
	case <-time.After(servers.HangTimeout):
		p.t.Errorf("%s was killed and has not ended after %v", p.name, servers.HangTimeout)
	}
}

// terminate asks the process to end, and returns its exit code and the time it
// took.
func (p *process) terminate() (code int, took time.Duration) {
	p.t.Helper()
	begin := time.Now()
	p.askToEnd()
	return p.awaitEnd(), p.ended.Sub(begin)
}

// askToEnd asks the process to end.
func (p *process) askToEnd() {
	p.t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
}

// awaitEnd waits until the process has ended and returns its exit code.
func (p *process) awaitEnd() (code int) {
	p.t.Helper()
	select {
	case <-p.exited:
	case <-time.After(servers.HangTimeout):
		p.t.Fatalf("%s does not end after %v:\n%s", p.name, servers.HangTimeout, p.tail())
	}
	return p.command.ProcessState.ExitCode()
}

// eventually waits for something to become true and returns how long it took.
func eventually(t *testing.T, what string, is func() bool) time.Duration {
	t.Helper()
	return progressing(t, what, func() (int, bool) { return 0, is() })
}

// progressing waits until a count of what is done is complete and returns how long that took. The test fails when the count
// stands still for so long that only a hang can be the reason.
func progressing(t *testing.T, what string, look func() (count int, complete bool)) time.Duration {
	t.Helper()
	begin := time.Now()
	last, moved := 0, begin
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, 250*time.Millisecond) {
		count, complete := look()
		if complete {
			return time.Since(begin)
		}
		if count != last {
			last, moved = count, time.Now()
		}
		if still := time.Since(moved); still > servers.HangTimeout {
			t.Fatalf("%s: not after %v, and nothing new for %v", what, time.Since(begin).Round(time.Second), still.Round(time.Second))
		}
		time.Sleep(pause)
	}
}

// measured prints the figure that a promise was kept with.
func measured(t *testing.T, format string, args ...any) {
	t.Helper()
	t.Logf("measured: %s", fmt.Sprintf(format, args...))
}
