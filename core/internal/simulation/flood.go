package simulation

import (
	"time"

	"github.com/pisano-dev/pisano/core"
)

const (
	// floodCount is the number of short indices that one submitter submits, in batches
	// of floodBatch. They are half a minute of work.
	floodCount = 1500
	floodBatch = 100
	// floodShare is how much of it may wait before the short indices of another.
	floodShare = 2 * time.Second
)

// flood turns some scenarios into contention of another kind: one submitter has many
// short indices waiting, and others submit short ones now and then, which have to wait
// for its share only. A reconciler runs.
func (sc *scenario) flood(seed uint64) {
	rng := newPRNG(seed, hash("flood"))
	if sc.contention != nil || !rng.chance(0.02) {
		return
	}
	*sc = scenario{
		apis: sc.apis, workers: 1, concurrency: 1, lease: sc.lease,
		faultPhase: 30 * time.Second,
		clocks:     clocks{drift: 1},
		pressure:   pressure{maxBacklog: core.DefaultMaxBacklog, submitters: 1, estimates: make(map[core.Index]time.Duration)},
		contention: &contention{flooded: true, waits: make(map[core.Index]wait), begun: make(map[core.Index]bool)},
	}
	for n := range core.Index(floodCount) {
		sc.indices = append(sc.indices, n)
		sc.estimates[n] = rng.between(15*time.Millisecond, 19*time.Millisecond)
	}
	for first := 0; first < floodCount; first += floodBatch {
		sc.operations = append(sc.operations, operation{
			at: time.Second + rng.between(0, 2*time.Second), kind: submit, api: rng.below(sc.apis), indices: sc.indices[first : first+floodBatch],
		})
	}
	for k := range core.Index(20) {
		n := -1 - k
		sc.indices = append(sc.indices, n)
		sc.estimates[n] = rng.between(time.Millisecond, 15*time.Millisecond)
		sc.operations = append(sc.operations, operation{at: rng.between(3*time.Second, 15*time.Second), kind: submit, api: rng.below(sc.apis), indices: []core.Index{n}})
	}
}

// isFlood reports whether the operation with the given number is a part of the flood.
func (sc *scenario) isFlood(number uint64) bool {
	return sc.contention != nil && sc.flooded && number <= uint64(len(sc.operations)) && len(sc.operations[number-1].indices) > 1
}
