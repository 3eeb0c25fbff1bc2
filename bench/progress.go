package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/pisano-dev/pisano/core/fibonacci"
)

// progress prints the reported progress of F(10^8) at each tenth of its time.
func progress() error {
	const n = 100_000_000
	type report struct {
		at       time.Duration
		fraction float64
	}
	calculator := fibonacci.New()
	reports := []report{{}}
	start := time.Now()
	if _, err := calculator.Calculate(context.Background(), n, func(fraction float64) {
		reports = append(reports, report{time.Since(start), fraction})
	}); err != nil {
		return err
	}
	whole := time.Since(start)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "time\tprogress\t")
	for tenth := 1; tenth <= 10; tenth++ {
		for len(reports) > 1 && reports[1].at <= whole*time.Duration(tenth)/10 {
			reports = reports[1:]
		}
		fmt.Fprintf(table, "%d %%\t%.0f %%\t\n", 10*tenth, 100*reports[0].fraction)
	}
	return table.Flush()
}
