package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"text/tabwriter"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// steps prints the time for a digit from 10^6 on: a jump shows a length of
// transforms that fits badly.
func steps(all, one engine) error {
	var indices []uint64
	for n := uint64(1_000_000); n < 100_000_000; n *= 2 {
		indices = append(indices, n, n*3/2)
	}
	indices = append(indices, 100_000_000)
	samples := make([][2]sample, len(indices))
	for range rounds {
		for i, n := range indices {
			for k, e := range []engine{all, one} {
				next, err := e.run(n, 3, int(max(1, 10_000_000/n)))
				if err != nil {
					return err
				}
				s := &samples[i][k]
				s.times, s.peak = append(s.times, next.times...), max(s.peak, next.peak)
			}
		}
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "index\t%s\ttrend\t%s\ttrend\tpeak\tfor a digit\t\n", all.name, one.name)
	var last [2]float64
	for i, n := range indices {
		fmt.Fprintf(table, "%d\t", n)
		digits := float64(fibonacci.DigitCount(core.Index(n)))
		for k, s := range samples[i] {
			perDigit := float64(median(s.times)) / digits
			trend := 1.0
			if i > 0 {
				trend = perDigit / last[k]
			}
			last[k] = perDigit
			fmt.Fprintf(table, "%.2f ns/digit\t%.2f\t", perDigit, trend)
		}
		peak := float64(samples[i][0].peak)
		fmt.Fprintf(table, "%.1f MB\t%.1f B\t\n", peak/1e6, peak/digits)
	}
	return table.Flush()
}

// estimates prints the estimates beside what is measured.
func estimates(all engine) error {
	calculator := fibonacci.New()
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "index\testimated\tmeasured\tratio\testimated\tpeak\tratio\t")
	for n := uint64(1000); n <= 100_000_000; n *= 10 {
		var times []time.Duration
		for range 2 * rounds {
			start := time.Now()
			if _, err := calculator.Calculate(context.Background(), core.Index(n), nil); err != nil {
				return err
			}
			times = append(times, time.Since(start))
		}
		empty, err := all.run(0, 1, 1)
		if err != nil {
			return err
		}
		full, err := all.run(n, 1, 1)
		if err != nil {
			return err
		}
		estimate, peak := calculator.Estimate(core.Index(n)), full.peak-empty.peak
		fmt.Fprintf(table, "%d\t%s\t%s\t%.2f\t%.1f MB\t%.1f MB\t%.2f\t\n", n,
			readable(estimate.Duration), readable(median(times)), float64(estimate.Duration)/float64(median(times)),
			float64(estimate.Bytes)/1e6, float64(peak)/1e6, float64(estimate.Bytes)/float64(peak))
	}
	fmt.Println("Time of a calculation on all processors; memory above that of a process that calculates nothing,")
	fmt.Println("which includes the text.")
	return table.Flush()
}

// cancel stops F(10^8) at ten moments.
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
			result = "it was done"
		}
		left := runtime.NumGoroutine() - goroutines
		runtime.GC()
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		fmt.Fprintf(table, "%s\t%s\t%d\t%.1f MB\t\n", after.Round(time.Millisecond), result, left, float64(memory.HeapAlloc)/1e6)
	}
	return table.Flush()
}
