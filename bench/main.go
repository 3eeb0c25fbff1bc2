// Bench compares Pisano's engines with math/big and GMP: from an index to decimal
// digits.
//
//	go run .            all engines, Pisano's on one and on all processors
//	go run . small      the same for indices up to 500,000
//	go run . cold       the first calculation of a process, from 10^2 to 10^9
//	go run . steps      time per digit from 10^6 to 10^8, two indices an octave
//	go run . estimates  estimates of time and memory beside measurements
//	go run . progress   reported progress of F(10^8) against elapsed time
//	go run . cancel     how long a calculation of F(10^8) takes to stop
package main

import (
	"fmt"
	"os"
	"runtime"

	"github.com/pisano-dev/pisano/core/fibonacci"
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
	pisanoOn := func(procs int, path string) engine {
		return engine{fmt.Sprintf("Pisano %s, %d", path, procs), []string{self, "pisano"}, procs, path}
	}
	fastest, cpus := fibonacci.Engines()[0], runtime.NumCPU()
	all, one := pisanoOn(cpus, fastest), pisanoOn(1, fastest)
	engines := []engine{one, all}
	for _, path := range fibonacci.Engines()[1:] {
		engines = append(engines, pisanoOn(1, path), pisanoOn(cpus, path))
	}
	big := engine{"math/big", []string{self, "math/big"}, 1, ""}
	switch {
	case len(args) == 0:
		return compare(powers, append(engines, big)...)
	case args[0] == "small":
		return compare(small, append(engines, big)...)
	case args[0] == "cold":
		for i := range engines {
			engines[i].program[1] = "first"
		}
		return compareCold(engines...)
	case args[0] == "pisano" && len(args) == 4:
		return measured(pisano, args[1:], true)
	case args[0] == "first" && len(args) == 4:
		return measured(pisano, args[1:], false)
	case args[0] == "math/big" && len(args) == 4:
		return measured(mathBig, args[1:], true)
	case args[0] == "magnitude" && len(args) == 4:
		return measured(magnitude, args[1:], true)
	case args[0] == "first magnitude" && len(args) == 4:
		return measured(magnitude, args[1:], false)
	case args[0] == "steps":
		return steps(all, one)
	case args[0] == "estimates":
		return estimates(
			engine{"magnitude", []string{self, "magnitude"}, cpus, fastest},
			engine{"first magnitude", []string{self, "first magnitude"}, cpus, fastest})
	case args[0] == "progress":
		return progress()
	case args[0] == "cancel":
		return cancel()
	}
	return fmt.Errorf("unknown arguments: %v", args)
}
