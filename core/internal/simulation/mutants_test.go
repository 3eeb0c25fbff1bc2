package simulation_test

import (
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/internal/simulation"
)

// mutants are defects that are easily made, each of them put into the domain by
// an interceptor of its port calls. Those of each subject have a file of their
// own.
var mutants = []map[string]simulation.Mutant{
	serviceMutants, admissionMutants, workerMutants, failureMutants, reconcilerMutants, lockMutants,
	laneMutants, diskMutants, clockMutants, recoveryMutants,
}

// TestMutant_IsFound checks that a seed finds each mutant. Under the race detector it
// runs the mutants, and does not look for all.
func TestMutant_IsFound(t *testing.T) {
	t.Parallel()
	for _, subject := range mutants {
		for name, mutant := range subject {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				for seed := uint64(1); seed <= mutantSeeds; seed++ {
					if report := simulation.Run(t, seed, mutant); report.Failed() {
						t.Logf("found by seed %d: %s", seed, report.Reason())
						return
					}
				}
				if !raceDetector {
					t.Errorf("not found by %d seeds", mutantSeeds)
				}
			})
		}
	}
}

// A mutation changes what the port calls of a part of the domain do.
type mutation = func(core.Ports) core.Ports

// on returns a mutation of the calls of one method.
func on(method string, i intercept.Interceptor) mutation {
	return func(ports core.Ports) core.Ports { return intercept.Ports(ports, intercept.On(method, i)) }
}
