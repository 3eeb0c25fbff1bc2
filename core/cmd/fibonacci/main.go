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
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// Exit codes.
const (
	succeeded   = 0
	failed      = 1
	misused     = 2
	interrupted = 130 // by the convention of shells: 128 + SIGINT
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr, isTerminal(os.Stderr))
	stop()
	os.Exit(code)
}

// run runs the command and returns the exit code. It shows progress on stderr if
// that is a terminal.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, terminal bool) int {
	o, err := parse(args)
	if err == nil {
		err = checkEngine(os.Getenv("PISANO_ENGINE"))
	}
	switch {
	case errors.Is(err, errHelp):
		fmt.Fprint(stdout, usage)
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
	}
	if err := fits(n, availableMemory()); err != nil {
		return err
	}
	f, err := fibonacci.Calculator{}.Calculate(ctx, n, p.progressOf(n))
	p.clear()
	if err != nil {
		return err
	}
	if o.output == number && n.Negative() {
		if _, err := io.WriteString(p, "-"); err != nil {
			return err
		}
	}
	digits := f.DigitCount()
	first, count := int64(0), digits
	switch o.output {
	case leading:
		count = min(o.count, digits)
	case trailing:
		count = min(o.count, digits)
		first = digits - count
	}
	if _, err := f.WriteDigits(p, first, count); err != nil {
		return err
	}
	_, err = io.WriteString(p, "\n")
	return err
}

// fits returns an error if the calculation of F(n) takes more than the available
// memory, in bytes.
func fits(n core.Index, available int64) error {
	estimate := fibonacci.Calculator{}.Estimate(n)
	if estimate.Bytes > available {
		return &core.Error{Kind: core.KindTooLarge, Field: "index", Estimate: &estimate,
			Message: fmt.Sprintf("F(%d) has %d digits and needs %s of memory, but only %s are available.",
				n, estimate.Digits, gigabytes(estimate.Bytes), gigabytes(available))}
	}
	return nil
}

func gigabytes(bytes int64) string { return fmt.Sprintf("%.1f GB", float64(bytes)/1e9) }
