package main

import (
	"fmt"
	"os"
	"text/tabwriter"
	"time"
)

const (
	rounds = 5
	// slow is the time of a run above which it is not repeated in every round.
	slow = 10 * time.Second
	// runTime is the time to which a run of a small index is extended by repetition.
	runTime = 20 * time.Millisecond
)

// The indices to compare at: powers of ten, and small ones where overhead
// matters.
var (
	powers = []uint64{100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000}
	small  = []uint64{0, 1, 10, 50, 92, 93, 120, 186, 250, 500, 2000, 5000, 20_000, 39_999, 40_000, 50_000, 200_000, 500_000}
)

// compare prints the table of all engines. They take turns, so that other load on
// the machine affects all of them.
func compare(indices []uint64, engines ...engine) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program, err := buildGMP(dir)
	if err != nil {
		return err
	}
	engines = append(engines, engine{"GMP", []string{program}, 1, ""})

	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "index\t")
	for i, e := range engines {
		fmt.Fprintf(table, "%s\tpeak\t", e.name)
		if i > 0 {
			fmt.Fprint(table, "ratio\t")
		}
	}
	fmt.Fprintln(table)
	for _, n := range indices {
		samples := make([]sample, len(engines))
		for round := range rounds {
			for i, e := range engines {
				s := &samples[i]
				if round > 0 && s.times[0] > slow {
					continue
				}
				runs, times := 1, 1
				if round > 0 {
					runs, times = 3, int(max(1, min(100_000, runTime/max(1, s.times[0]))))
				}
				next, err := e.run(n, runs, times)
				if err != nil {
					return err
				}
				if round == 1 {
					s.times = nil // the first round only determines the number of repetitions
				}
				s.times, s.peak = append(s.times, next.times...), max(s.peak, next.peak)
			}
		}
		fmt.Fprintf(table, "%d\t", n)
		for i, s := range samples {
			fmt.Fprintf(table, "%s\t%.1f MB\t", readable(median(s.times)), float64(s.peak)/1e6)
			if i > 0 {
				fmt.Fprintf(table, "%.2f\t", float64(median(s.times))/float64(median(samples[0].times)))
			}
		}
		fmt.Fprintln(table)
	}
	fmt.Println("Median time of F(n) as text; peak memory of the process; ratio to the first.")
	return table.Flush()
}

// compareCold prints the time of the first calculation of a process, which includes
// building tables and allocating memory.
func compareCold(engines ...engine) error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "index\t")
	for _, e := range engines {
		fmt.Fprintf(table, "%s\tpeak\t", e.name)
	}
	fmt.Fprintln(table)
	for n := uint64(100); n <= 1_000_000_000; n *= 10 {
		fmt.Fprintf(table, "%d\t", n)
		for _, e := range engines {
			times := rounds
			if n > powers[len(powers)-1] {
				times = 1
			}
			var all sample
			for range times {
				s, err := e.run(n, 1, 1)
				if err != nil {
					return err
				}
				all.times, all.peak = append(all.times, s.times...), max(all.peak, s.peak)
			}
			fmt.Fprintf(table, "%s\t%.1f MB\t", readable(median(all.times)), float64(all.peak)/1e6)
		}
		fmt.Fprintln(table)
	}
	fmt.Println("Median time of a process's first F(n) as text; peak memory of the process.")
	return table.Flush()
}

// readable formats a duration with three or four digits.
func readable(d time.Duration) string {
	unit := time.Nanosecond
	for d/unit >= 10_000 {
		unit *= 10
	}
	return d.Round(unit).String()
}
