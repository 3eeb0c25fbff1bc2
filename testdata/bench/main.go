// Bench compares Pisano's engine with others: an index in, decimal digits out.
//
//	go run .            one table: Pisano on one and on all processors, math/big, GMP
//	go run . small      the same for indices up to 500,000
//	go run . steps      time for a digit from 10^6 to 10^8 in steps of half an octave
//	go run . estimates  what the estimates say, and what is measured
//	go run . progress   what progress says of F(10^8) while time goes by
//	go run . cancel     how long a calculation of F(10^8) takes to stop
package main

import (
	"fmt"
	"os"
	"runtime"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	one := engine{"Pisano, 1 processor", []string{self, "pisano"}, 1}
	all := engine{fmt.Sprintf("Pisano, %d processors", runtime.NumCPU()), []string{self, "pisano"}, runtime.NumCPU()}
	big := engine{"math/big", []string{self, "math/big"}, 1}
	switch {
	case len(args) == 0:
		return compare(powers, all, one, big)
	case args[0] == "small":
		return compare(small, all, one, big)
	case args[0] == "pisano" && len(args) == 4:
		return measured(pisano, args[1:])
	case args[0] == "math/big" && len(args) == 4:
		return measured(mathBig, args[1:])
	case args[0] == "magnitude" && len(args) == 4:
		return measured(magnitude, args[1:])
	case args[0] == "steps":
		return steps(all, one)
	case args[0] == "estimates":
		return estimates(engine{"magnitude", []string{self, "magnitude"}, runtime.NumCPU()})
	case args[0] == "progress":
		return progress()
	case args[0] == "cancel":
		return cancel()
	}
	return fmt.Errorf("unknown: %v", args)
}
