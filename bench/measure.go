package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// engine is a program that calculates F(n) and prints its times.
type engine struct {
	name    string
	program []string // the command, to which the index, the runs and the repetitions in a run are added
	procs   int      // GOMAXPROCS
	path    string   // PISANO_ENGINE
}

// sample is the measurements of one or more processes.
type sample struct {
	times []time.Duration
	peak  int64 // peak resident memory, in bytes
}

// run measures an engine in a process of its own.
func (e engine) run(n uint64, runs, times int) (sample, error) {
	args := append(slices.Clone(e.program[1:]), strconv.FormatUint(n, 10), strconv.Itoa(runs), strconv.Itoa(times))
	cmd := exec.Command(e.program[0], args...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(e.procs), "PISANO_ENGINE="+e.path)
	var stdout bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return sample{}, fmt.Errorf("%s, F(%d): %w", e.name, n, err)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return sample{}, fmt.Errorf("%s: this system does not report peak memory", e.name)
	}
	s := sample{peak: usage.Maxrss << 10}
	for _, line := range strings.Fields(stdout.String()) {
		nanoseconds, err := strconv.ParseInt(line, 10, 64)
		if err != nil {
			return sample{}, fmt.Errorf("%s: %w", e.name, err)
		}
		s.times = append(s.times, time.Duration(nanoseconds))
	}
	return s, nil
}

const (
	// warmTime is how long a child calculates before it measures: virtual machines and
	// schedulers take some hundred milliseconds to give a new thread a processor of its
	// own.
	warmTime = 500 * time.Millisecond
	// warmIndex bounds the index that it calculates.
	warmIndex = 10_000_000
)

// measured runs in the child process. It prints the nanoseconds of each run. Runs of indices up to
// warmIndex follow one another without a pause, after which schedulers would start over.
func measured(text func(uint64) (string, error), args []string, warm bool) error {
	var numbers [3]uint64
	for i := range numbers {
		var err error
		if numbers[i], err = strconv.ParseUint(args[i], 10, 64); err != nil {
			return err
		}
	}
	n, runs, times := numbers[0], numbers[1], numbers[2]
	for start := time.Now(); warm && time.Since(start) < warmTime; {
		if _, err := text(min(n, warmIndex)); err != nil {
			return err
		}
	}
	for range runs {
		if n > warmIndex { // by the index, so that all engines are measured alike
			runtime.GC() // of the text of the run before
		}
		start := time.Now()
		for range times {
			if _, err := text(n); err != nil {
				return err
			}
		}
		fmt.Println(time.Since(start).Nanoseconds() / int64(times))
	}
	return nil
}

func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}
