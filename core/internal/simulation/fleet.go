package simulation

// fleetAPIs and fleetWorkers are the processes of a fleet.
const (
	fleetAPIs    = 8
	fleetWorkers = 16
)

// multiply turns some scenarios into those of a fleet, which has more processes than
// others, and as many more submissions and nemeses. Where admission, lanes or a loss are
// checked, what is allowed depends on the number of workers, and they stay.
func (sc *scenario) multiply(seed uint64) {
	rng := newPRNG(seed, hash("fleet"))
	if sc.maxBacklog > 0 || sc.slow || sc.contention != nil || sc.loss != nil || !rng.chance(0.03) {
		return
	}
	sc.apis, sc.workers = fleetAPIs, fleetWorkers
	for i := range sc.operations {
		sc.operations[i].api = rng.below(sc.apis)
	}
	for range 3 * len(sc.operations) {
		sc.operations = append(sc.operations, sc.drawOperation(&rng, sc.indices))
	}
	for i := range sc.nemeses {
		sc.nemeses[i].which = rng.below(sc.apis + sc.workers)
	}
	for range 3 * len(sc.nemeses) {
		sc.nemeses = append(sc.nemeses, sc.drawNemesis(&rng))
	}
}
