package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// printer writes results, and progress to a terminal.
type printer struct {
	io.Writer
	progress io.Writer // nil without a terminal
	shown    bool
}

// isTerminal reports whether f is a terminal.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// progressOf returns what shows the progress of F(n), if that takes a while.
func (p *printer) progressOf(n core.Index) func(float64) {
	if p.progress == nil {
		return nil
	}
	var last time.Time
	start := time.Now()
	digits := fibonacci.DigitCount(n)
	return func(fraction float64) {
		now := time.Now()
		if now.Sub(start) < time.Second/2 || now.Sub(last) < time.Second/10 {
			return
		}
		last = now
		p.show(fmt.Sprintf("F(%d), %d digits: %.0f %%", n, digits, 100*fraction))
	}
}

// show shows a line in place of the one before.
func (p *printer) show(line string) {
	if p.progress != nil {
		fmt.Fprintf(p.progress, "\r%s\x1b[K", line)
		p.shown = true
	}
}

// clear takes away what was shown.
func (p *printer) clear() {
	if p.shown {
		fmt.Fprint(p.progress, "\r\x1b[K")
		p.shown = false
	}
}

// availableMemory returns how much memory there is to calculate in: the limit of
// Go's runtime if one is set, or else what Linux says; other systems are
// believed to have enough.
func availableMemory() int64 {
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64 {
		return limit
	}
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return math.MaxInt64
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) > 1 && fields[0] == "MemAvailable:" {
			if kilobytes, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
				return kilobytes << 10
			}
		}
	}
	return math.MaxInt64
}

func buildVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown version)"
}
