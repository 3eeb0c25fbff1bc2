package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"text/tabwriter"
	"time"

	"github.com/pisano-dev/pisano/core/fibonacci"
)

// cancel cancels F(10^8) at ten moments and prints how long each takes to stop.
func cancel() error {
	const n = 100_000_000
	calculator := fibonacci.New()
	start := time.Now()
	if _, err := calculator.Calculate(context.Background(), n, nil); err != nil {
		return err
	}
	whole := time.Since(start)
	goroutines := runtime.NumGoroutine()
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "cancelled after\treturned within\tgoroutines left\theap left\t")
	for i := range 10 {
		ctx, stop := context.WithCancel(context.Background())
		var at time.Time
		after := whole * time.Duration(2*i+1) / 20
		time.AfterFunc(after, func() {
			at = time.Now()
			stop()
		})
		_, err := calculator.Calculate(ctx, n, nil)
		late := time.Since(at)
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		result := late.Round(10 * time.Microsecond).String()
		if err == nil {
			result = "completed"
		}
		left := runtime.NumGoroutine() - goroutines
		runtime.GC()
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		fmt.Fprintf(table, "%s\t%s\t%d\t%.1f MB\t\n", after.Round(time.Millisecond), result, left, float64(memory.HeapAlloc)/1e6)
	}
	return table.Flush()
}
