package simulation_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core/internal/simulation"
)

var (
	seeds = flag.Uint64("seeds", defaultSeeds, "number of seeds to simulate")
	seed  = flag.Uint64("seed", 0, "simulate only this seed and print its trace")
)

func TestPromises_HoldUnderFaults(t *testing.T) {
	t.Parallel()
	if *seed > 0 {
		report := simulation.Run(t, *seed, simulation.Mutant{})
		t.Log("\n" + report.Trace())
		reportFailure(t, report)
		return
	}
	const group = 100
	var total totals
	t.Cleanup(func() {
		t.Log(total.String())
		if !t.Failed() && *seeds >= 5000 {
			for _, cell := range total.missing() {
				t.Errorf("no seed has the fault %q at %s", cell.Fault, cell.Method)
			}
		}
	})
	for first := uint64(1); first <= *seeds; first += group {
		last := min(first+group-1, *seeds)
		t.Run(fmt.Sprintf("seeds %d to %d", first, last), func(t *testing.T) {
			t.Parallel()
			for seed := first; seed <= last; seed++ {
				report := simulation.Run(t, seed, simulation.Mutant{})
				reportFailure(t, report)
				total.add(report)
			}
		})
	}
}

func reportFailure(t *testing.T, report simulation.Report) {
	t.Helper()
	if report.Failed() {
		t.Errorf("replay with: go test ./core/internal/simulation -run TestPromises -v -seed %d\n%v", report.Seed, report)
	}
}

// totals is the sum of reports.
type totals struct {
	mu                                             sync.Mutex
	runs, indices, calls, faults, crashes, outages int
	longest                                        time.Duration
	coverage                                       map[simulation.Cell]int // number of seeds
}

func (t *totals) add(r simulation.Report) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.runs++
	t.indices += r.Indices
	t.calls += r.Calls
	t.faults += r.Faults
	t.crashes += r.Crashes
	t.outages += r.Nemeses
	t.longest = max(t.longest, r.Lasted)
	if t.coverage == nil {
		t.coverage = make(map[simulation.Cell]int)
	}
	for cell := range r.Coverage {
		t.coverage[cell]++
	}
}

func (t *totals) String() string {
	return fmt.Sprintf("%d seeds: %d indices, %d port calls, %d of them faulty, %d crashes, %d nemeses; the longest lasted %v\n%s",
		t.runs, t.indices, t.calls, t.faults, t.crashes, t.outages, t.longest.Truncate(time.Second), coverageTable(t.coverage))
}

// missing returns the faults that can happen and did not.
func (t *totals) missing() []simulation.Cell {
	return slices.DeleteFunc(possible(), func(cell simulation.Cell) bool { return t.coverage[cell] > 0 })
}

func TestSeed_ReplaysExactly(t *testing.T) {
	t.Parallel()
	seen := make(map[string]uint64)
	for seed := uint64(1); seed <= 100; seed++ {
		first := simulation.Run(t, seed, simulation.Mutant{}).Trace()
		if again := simulation.Run(t, seed, simulation.Mutant{}).Trace(); again != first {
			t.Errorf("seed %d differs when replayed:\n%s", seed, firstDifference(first, again))
		}
		if other, present := seen[first]; present {
			t.Errorf("seeds %d and %d are the same run", other, seed)
		}
		seen[first] = seed
	}
}

// firstDifference returns the lines around the place where two traces part.
func firstDifference(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	i := 0
	for i < min(len(as), len(bs)) && as[i] == bs[i] {
		i++
	}
	around := func(lines []string) string {
		return strings.Join(lines[max(0, min(i, len(lines))-5):min(i+2, len(lines))], "\n")
	}
	return around(as) + "\nand then\n" + around(bs)
}
