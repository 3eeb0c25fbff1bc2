package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// printer writes results, and shows progress on a terminal.
type printer struct {
	io.Writer
	progress io.Writer // nil without a terminal
	shown    bool      // whether a line is shown
}

// isTerminal reports whether f is a terminal.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// progressOf returns the progress function for the calculation of F(n), or nil
// without a terminal. It shows nothing within the first half second.
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

// show replaces the line shown on the terminal.
func (p *printer) show(line string) {
	if p.progress != nil {
		fmt.Fprintf(p.progress, "\r%s\x1b[K", line)
		p.shown = true
	}
}

// clear clears the line.
func (p *printer) clear() {
	if p.shown {
		fmt.Fprint(p.progress, "\r\x1b[K")
		p.shown = false
	}
}
