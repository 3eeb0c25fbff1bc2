package main

import (
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// estimates prints estimates beside measurements: of time in warm processes, and of
// memory in cold ones, which have no garbage.
func estimates(warm, cold engine) error {
	const first, last = 1000, 100_000_000
	empty, err := cold.run(0, 1, 1)
	if err != nil {
		return err
	}
	var samples []sample
	for n := uint64(first); n <= last; n *= 10 {
		s, err := warm.run(n, 2*rounds, int(max(1, 1_000_000/n)))
		if err != nil {
			return err
		}
		once, err := cold.run(n, 1, 1)
		if err != nil {
			return err
		}
		s.peak = once.peak - empty.peak
		samples = append(samples, s)
	}
	calculator := fibonacci.New()
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "index\testimated\tmeasured\tratio\testimated\tmeasured\tratio\t")
	for n := uint64(first); n <= last; n *= 10 {
		estimate := calculator.Estimate(core.Index(n))
		measured, peak := median(samples[0].times), samples[0].peak
		samples = samples[1:]
		fmt.Fprintf(table, "%d\t%s\t%s\t%.2f\t%.1f MB\t%.1f MB\t%.2f\t\n", n,
			readable(estimate.Duration), readable(measured), float64(estimate.Duration)/float64(measured),
			float64(estimate.Bytes)/1e6, float64(peak)/1e6, float64(estimate.Bytes)/float64(peak))
	}
	fmt.Println("Median time of a calculation on all processors; memory of a first one above that of a process that calculates F(0).")
	return table.Flush()
}
