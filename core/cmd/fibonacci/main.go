// Fibonacci prints Fibonacci numbers with all their digits.
//
//	go install github.com/pisano-dev/pisano/core/cmd/fibonacci@latest
//	fibonacci 1000000
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// Exit codes.
const (
	succeeded   = 0
	failed      = 1
	misused     = 2
	interrupted = 130 // by the convention of shells: 128 + SIGINT
	terminated  = 143 // 128 + SIGTERM
)

func main() {
	interrupt, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ctx, stopTerminate := signal.NotifyContext(interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr, isTerminal(os.Stderr))
	if code == interrupted && interrupt.Err() == nil {
		code = terminated
	}
	stopTerminate()
	stop()
	os.Exit(code)
}

// run runs the command and returns the exit code, interrupted if ctx ends. It shows
// progress on stderr if that is a terminal.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, terminal bool) int {
	o, err := parse(args)
	if err == nil {
		err = checkEngine(os.Getenv("PISANO_ENGINE"))
	}
	switch {
	case errors.Is(err, errHelp):
		if _, err := fmt.Fprint(stdout, usage); err != nil {
			fmt.Fprintf(stderr, "fibonacci: %v\n", err)
			return failed
		}
		return succeeded
	case err != nil:
		fmt.Fprintf(stderr, "fibonacci: %v\nTry fibonacci --help.\n", err)
		return misused
	}
	p := &printer{Writer: stdout}
	if terminal {
		p.progress = stderr
	}
	switch err := o.print(ctx, p); {
	case err == nil:
		return succeeded
	case ctx.Err() != nil:
		return interrupted
	default:
		fmt.Fprintf(stderr, "fibonacci: %s\n", sentence(err))
		return failed
	}
}

// checkEngine returns an error unless name is empty or names an engine that this
// machine can run.
func checkEngine(name string) error {
	if engines := fibonacci.Engines(); name != "" && !slices.Contains(engines, name) {
		return fmt.Errorf("PISANO_ENGINE is %q; on this machine it must be %s", name, strings.Join(engines, " or "))
	}
	return nil
}

// sentence returns the message of an error for the user.
func sentence(err error) string {
	var e *core.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

// print prints the output that the options select.
func (o options) print(ctx context.Context, p *printer) error {
	n := o.index
	switch o.output {
	case version:
		_, err := fmt.Fprintf(p, "fibonacci %s, engine %s\n", buildVersion(), fibonacci.Engine())
		return err
	case race:
		return raceFor(ctx, p, o.limit)
	case digitCount:
		_, err := fmt.Fprintln(p, fibonacci.DigitCount(n))
		return err
	case modulo:
		_, err := fmt.Fprintln(p, fibonacci.Mod(n, o.modulus))
		return err
	case leading, trailing:
		if o.count <= fibonacci.MaxDigits {
			return o.printEnd(p)
		}
	}
	f, err := fibonacci.Calculator{}.WithMemoryLimit(availableMemory()).Calculate(ctx, n, p.progressOf(n))
	p.clear()
	if err != nil {
		return err
	}
	// A write may wait for its reader for ever: from here on a signal ends the process.
	signal.Reset(os.Interrupt, syscall.SIGTERM)
	if ctx.Err() != nil { // by a signal before
		return context.Cause(ctx)
	}
	digits := f.DigitCount()
	switch count := min(o.count, digits); o.output {
	case leading:
		_, err = f.WriteDigits(p, 0, count)
	case trailing:
		_, err = f.WriteDigits(p, digits-count, count)
	default:
		_, err = decimal.Signed(f, n.Negative()).WriteTo(p)
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(p, "\n")
	return err
}

// printEnd prints up to fibonacci.MaxDigits leading or trailing digits, without
// calculating the number.
func (o options) printEnd(p *printer) error {
	term, err := fibonacci.At(big.NewInt(int64(o.index)))
	if err != nil {
		return err
	}
	digits := term.Trailing
	if o.output == leading {
		digits = term.Leading
	}
	text, err := digits(int(o.count))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p, text)
	return err
}
