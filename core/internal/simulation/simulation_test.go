package simulation_test

import (
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core/internal/simulation"
)

var (
	seeds = flag.Uint64("seeds", 5000, "number of seeds to simulate")
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
	t.Cleanup(func() { t.Log(total.String()) })
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
}

func (s *totals) add(r simulation.Report) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs++
	s.indices += r.Indices
	s.calls += r.Calls
	s.faults += r.Faults
	s.crashes += r.Crashes
	s.outages += r.Nemeses
	s.longest = max(s.longest, r.Lasted)
}

func (s *totals) String() string {
	return fmt.Sprintf("%d seeds: %d indices, %d port calls, %d of them faulty, %d crashes, %d nemeses; the longest lasted %v",
		s.runs, s.indices, s.calls, s.faults, s.crashes, s.outages, s.longest.Truncate(time.Second))
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
