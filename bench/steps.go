package main

import (
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// steps prints the time per digit from 10^6 to 10^8. A jump shows that a transform
// length fits the size badly.
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
	fmt.Fprintf(table, "index\t%s\ttrend\t%s\ttrend\tpeak\tper digit\t\n", all.name, one.name)
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
