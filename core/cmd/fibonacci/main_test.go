package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// runCommand runs the command with the arguments, separated by spaces.
func runCommand(t *testing.T, args string) (code int, stdout, stderr string) {
	t.Helper()
	var out, problems bytes.Buffer
	code = run(t.Context(), strings.Fields(args), &out, &problems, false)
	return code, out.String(), problems.String()
}

func TestCommand_PrintsWhatTheOptionsSelect(t *testing.T) {
	t.Parallel()
	thousand, err := fibonacci.Text(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	tenThousand, err := fibonacci.Text(t.Context(), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"10":                     "55",
		"0":                      "0",
		"-10":                    "-55",
		"−9":                     "34",
		"1_000":                  thousand,
		"1,000":                  thousand,
		"-- 7":                   "13",
		"1000 --digits":          "209",
		"--digits 1000000000000": "208987640250",
		"--mod 1000 -8":          "979",
		"-8 --mod=1000":          "979",
		"--leading 5 1000":       thousand[:5],
		"--leading 999 -10":      "55",
		"--trailing=7 1000":      thousand[len(thousand)-7:],
		"--trailing 500 1000":    thousand,
		"--leading 2000 10000":   tenThousand[:2000],
		"--trailing 2000 -10000": tenThousand[len(tenThousand)-2000:],

		// Of numbers that are too long to be calculated.
		"--leading 20 1000000000000":     "42584226889958835886",
		"--trailing 10 1000000000000":    fmt.Sprintf("%010d", fibonacci.Mod(1_000_000_000_000, 10_000_000_000)),
		"--trailing 4 -9007199254740991": fmt.Sprintf("%04d", fibonacci.Mod(core.MaxIndex, 10_000)),
	} {
		if code, got, problems := runCommand(t, args); code != succeeded || got != want+"\n" || problems != "" {
			t.Errorf("fibonacci %s: %d, %q, %q; want %q", args, code, got, problems, want)
		}
	}
}

func TestCommand_RefusesWrongArguments(t *testing.T) {
	t.Parallel()
	for args, reason := range map[string]string{
		"":                    "missing index",
		"ten":                 "not an index",
		"1.5":                 "not an index",
		"1 2":                 "more than one index",
		"9007199254740992":    "is not between",
		"--mod 0 5":           "between 1 and",
		"--mod 5":             "missing index",
		"5 --mod":             "needs a value",
		"--leading -3 5":      "number of digits",
		"--digits=2 5":        "takes no value",
		"--digits --mod 3 5":  "can't be combined",
		"--race soon":         "a positive time such as",
		"--race 1s 5":         "takes no index",
		"--version 5":         "takes no index",
		"--trailing 1e3 1000": "number of digits",
		"--verbose 5":         "unknown option --verbose",
		"-- --digits 5":       `"--digits" is not an index`,
		"-- --help":           `"--help" is not an index`,
	} {
		code, out, problems := runCommand(t, args)
		if code != misused || out != "" || !strings.Contains(problems, reason) || !strings.Contains(problems, "--help") {
			t.Errorf("fibonacci %s: %d, %q, %q; want %q", args, code, out, problems, reason)
		}
	}
}

func TestCommand_PrintsHelpAndVersion(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"--help", "-h", "10 --help"} {
		if code, out, problems := runCommand(t, args); code != succeeded || out != usage || problems != "" {
			t.Errorf("fibonacci %s: %d, %q, %q", args, code, out, problems)
		}
	}
	if code, out, _ := runCommand(t, "--version"); code != succeeded || out != "fibonacci "+buildVersion()+", engine "+fibonacci.Engine()+"\n" {
		t.Errorf("fibonacci --version: %d, %q", code, out)
	}
}

func TestCommand_RefusesNumbersThatExceedMemory(t *testing.T) {
	t.Parallel()
	indices := []core.Index{core.MaxIndex}
	if availableMemory() < 1<<40 { // it is known
		indices = append(indices, 1_000_000_000_000)
	}
	for _, index := range indices {
		if code, out, problems := runCommand(t, index.String()); code != failed || out != "" || !strings.Contains(problems, "digits") {
			t.Errorf("F(%d): %d, %q, %q", index, code, out, problems)
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestCommand_FailsWhenItCannotWrite(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"10", "-10", "--digits 10", "--mod 7 10", "--leading 2 100", "--version", "--help"} {
		var problems bytes.Buffer
		if code := run(t.Context(), strings.Fields(args), brokenWriter{}, &problems, false); code != failed || !strings.Contains(problems.String(), "disk is full") {
			t.Errorf("fibonacci %s: %d, %q", args, code, problems.String())
		}
	}
}

func TestCommand_ExitsWhenInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range []string{"50000000", "--race 1s"} {
		if code := run(ctx, strings.Fields(args), io.Discard, io.Discard, true); code != interrupted {
			t.Errorf("fibonacci %s: %d", args, code)
		}
	}
}

// The command runs in a process of its own, which is this test.
// startChild starts the test that calls it in a process of its own, in which variable is set.
func startChild(ctx context.Context, t *testing.T, variable string) (cmd *exec.Cmd, out io.Reader) {
	t.Helper()
	cmd = exec.CommandContext(ctx, os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), variable+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, out
}

func TestCommand_ExitsWithTheNumberOfTheSignal(t *testing.T) {
	t.Parallel()
	const child = "TEST_COMMAND_CHILD"
	if os.Getenv(child) != "" {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGINT, syscall.SIGTERM) // until main does, they have no effect
		fmt.Println("ready")
		os.Args = []string{"fibonacci", "--race", "200ms"}
		main()
	}
	for sig, want := range map[syscall.Signal]int{syscall.SIGINT: interrupted, syscall.SIGTERM: terminated} {
		cmd, out := startChild(t.Context(), t, child)
		if _, err := out.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = io.Copy(io.Discard, out)
			_ = cmd.Wait() // its error is the exit code
		}()
		for running := true; running; {
			_ = cmd.Process.Signal(sig) // fails if the process has ended
			select {
			case <-ended:
				running = false
			case <-time.After(10 * time.Millisecond):
			}
		}
		if got := cmd.ProcessState.ExitCode(); got != want {
			t.Errorf("after the signal %q the exit code is %d, want %d", sig, got, want)
		}
	}
}

// A reader that has stopped reading does not keep the command from ending.
func TestCommand_EndsBySignalsWhileItWrites(t *testing.T) {
	t.Parallel()
	const child = "TEST_COMMAND_WRITER"
	if os.Getenv(child) != "" {
		os.Args = []string{"fibonacci", "3000000"} // more digits than a pipe holds
		main()
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // only a hang takes that long
	defer cancel()
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		cmd, out := startChild(ctx, t, child)
		if _, err := io.ReadFull(out, make([]byte, 100)); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // its error is the signal
		if status, _ := cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != sig {
			t.Errorf("after the signal %q the command ended with %v", sig, cmd.ProcessState)
		}
	}
}

func TestCommand_RaceStaysWithinTheTime(t *testing.T) {
	t.Parallel()
	var progress bytes.Buffer
	var out bytes.Buffer
	if code := run(t.Context(), []string{"--race", "50ms"}, &out, &progress, true); code != succeeded ||
		!strings.HasPrefix(out.String(), "F(") || !strings.Contains(out.String(), fibonacci.Engine()) {
		t.Errorf("%d, %q", code, out.String())
	}
	if !strings.Contains(progress.String(), "Lap 8 of 8") || !strings.HasSuffix(progress.String(), "\r\x1b[K") {
		t.Errorf("progress: %q", progress.String())
	}
	t.Log(out.String())
}

// A lap that was stopped was once reported as calculated in no time: four times the
// limit overflowed.
func TestCommand_RaceCountsOnlyWhatWasCalculatedWithinALongTime(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	for _, limit := range []time.Duration{1_000_000 * time.Hour, math.MaxInt64} {
		if l, err := timed(ctx, 50_000_000, limit); err == nil {
			t.Errorf("a lap of %v: F(%d) in %v although it was stopped", limit, l.index, l.took)
		}
	}
}

func TestCommand_ShowsProgressOnATerminal(t *testing.T) {
	t.Parallel()
	var shown bytes.Buffer
	p := &printer{Writer: io.Discard, progress: &shown}
	if (&printer{Writer: io.Discard}).progressOf(10) != nil {
		t.Error("progress is reported without a terminal")
	}
	p.show("F(10)")
	p.clear()
	p.clear()
	if shown.String() != "\rF(10)\x1b[K\r\x1b[K" {
		t.Errorf("%q", shown.String())
	}
}

func TestCommand_RefusesAnUnavailableEngine(t *testing.T) {
	t.Parallel()
	for _, name := range append(fibonacci.Engines(), "") {
		if err := checkEngine(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	if err := checkEngine("abacus"); err == nil || !strings.Contains(err.Error(), "purego") {
		t.Errorf("abacus: %v", err)
	}
}
