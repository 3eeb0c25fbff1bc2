// Command example calculates a Fibonacci number on a Pisano server, prints the
// progress, and then the number of digits and the first of them.
//
//	go run github.com/pisano-dev/pisano/clients/go/example http://localhost:8080/api 10000000
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"

	pisano "github.com/pisano-dev/pisano/clients/go"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: example ADDRESS INDEX")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, os.Args[1], os.Args[2])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, address, argument string) error {
	index, err := strconv.ParseInt(argument, 10, 64)
	if err != nil {
		return errors.New("the index must be an integer")
	}
	api, err := pisano.New(address)
	if err != nil {
		return err
	}
	if _, err := api.Submit(ctx, index); err != nil {
		var problem *pisano.ProblemError
		if errors.As(err, &problem) && problem.Estimate != nil {
			return fmt.Errorf("%s It would take %.0f s", problem.Detail, problem.Estimate.Seconds)
		}
		return err
	}

	watching, stop := context.WithCancel(ctx)
	go watch(watching, out, api, index)
	value, err := api.Wait(ctx, index)
	stop()
	if err != nil {
		return err
	}
	if value.State == pisano.StateFailed {
		return errors.New(value.Reason)
	}
	digits, err := api.DigitRange(ctx, index, 0, 20)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "F(%d) has %d digits. It begins with %s.\n", index, value.DigitCount, digits)
	return nil
}

// watch prints the progress of an index until ctx ends.
func watch(ctx context.Context, out io.Writer, api *pisano.API, index int64) {
	for event, err := range api.Events(ctx) {
		if err == nil && event.Kind == pisano.EventProgress && event.Index == index {
			fmt.Fprintf(out, "%.0f %%\n", 100*event.Progress)
		}
	}
}
