package fibonacci

import (
	"math"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/internal/engine"
	"github.com/pisano-dev/pisano/core/internal/words"
)

// Estimate implements core.Calculator. Memory and time are estimated for a
// machine that has nothing else to do, and are right within a factor of 1.5
// from an index of 10,000 on; memory is what the calculation itself takes.
func (c Calculator) Estimate(n core.Index) core.Estimate {
	size := uint64(max(-core.MaxIndex, min(core.MaxIndex, n)).Abs())
	return core.Estimate{
		Digits:   digitCount(size),
		Bytes:    peakBytes(c.path(), size),
		Duration: costOf(c.path(), size).duration(machine(c.path())),
	}
}

// cost is counted in the units of package ntt. One part is done by one
// goroutine, the other is shared out among all processors.
type cost struct{ serial, shared int64 }

func (c cost) total() int64 { return c.serial + c.shared }

// costOf returns what F(n) and its check cost.
func costOf(e engine.Engine, n uint64) cost {
	if n < transformIndex(e) {
		return cost{serial: smallCost(n)}
	}
	c := newDoubling(e, n).cost()
	check := digitCount(n) / words.Digits * checkUnits
	if check >= checkUnits*checkPiece {
		c.shared += check
	} else {
		c.serial += check
	}
	return c
}

// smallCost returns what a number without transforms costs, its check included:
// a fit to measurements.
func smallCost(n uint64) int64 { return 1500 + int64(7*n/2+n*n/4000) }

// smallBytes is what an index without transforms takes at most.
const smallBytes = 64 << 10

// peakBytes returns how much memory F(n) takes while it is calculated.
func peakBytes(e engine.Engine, n uint64) int64 {
	if n < transformIndex(e) {
		return smallBytes
	}
	return smallBytes + newDoubling(e, n).bytes()
}

// speed is how many nanoseconds a unit of cost takes.
type speed struct{ serial, shared float64 }

// fresh is how much longer a calculation takes on the average of fresh memory
// and memory that was kept, by which the machine is measured: the former takes
// up to half as long again.
const fresh = 1.2

func (c cost) duration(s speed) time.Duration {
	nanoseconds := fresh * (float64(c.serial)*s.serial + float64(c.shared)*s.shared)
	return time.Duration(min(nanoseconds, math.MaxInt64/2))
}

// The indices by which a machine is measured: no product of the one is shared
// out among processors, and most of the work on the other is.
const (
	serialIndex = 200_000
	sharedIndex = 8_000_000
)

// machines holds the speed of each engine that was measured.
var machines sync.Map // engine.Engine to func() speed

// machine measures the speed of this one, once, in less than 0.1 seconds.
func machine(e engine.Engine) speed {
	measure, ok := machines.Load(e)
	if !ok {
		measure, _ = machines.LoadOrStore(e, sync.OnceValue(func() speed { return measureSpeed(e) }))
	}
	return measure.(func() speed)()
}

func measureSpeed(e engine.Engine) speed {
	shared := shortest(e, sharedIndex) // first, for it warms up what the other needs too
	serial := shortest(e, serialIndex)
	var s speed
	s.serial = serial / float64(costOf(e, serialIndex).serial)
	c := costOf(e, sharedIndex)
	s.shared = max(0, shared-float64(c.serial)*s.serial) / float64(c.shared)
	return s
}

// shortest returns how many nanoseconds F(n) takes: the least of five times.
func shortest(e engine.Engine, n uint64) float64 {
	best := time.Duration(math.MaxInt64)
	for range 5 {
		start := time.Now()
		newDoubling(e, n).run(nil)
		best = min(best, time.Since(start))
	}
	return float64(best)
}
