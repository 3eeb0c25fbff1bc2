package fibonacci

import (
	"math"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal/words"
)

// Estimate implements core.Calculator. The estimates of memory and of time are
// right within a factor of 1.5 on a machine that has nothing else to do.
func (Calculator) Estimate(n core.Index) core.Estimate {
	size := uint64(max(-core.MaxIndex, min(core.MaxIndex, n)).Abs())
	nanoseconds := float64(cost(size)) * unitDuration()
	return core.Estimate{
		Digits:   digitCount(size),
		Bytes:    peakBytes(size),
		Duration: time.Duration(min(nanoseconds, math.MaxInt64/2)),
	}
}

const (
	// smallBytes and smallCost are what the largest index without transforms
	// takes.
	smallBytes = 64 << 10
	smallCost  = 200_000
	// leastCost is what every index takes.
	leastCost = 10_000
)

// cost returns what F(n) and its check cost, in units of package ntt.
func cost(n uint64) int64 {
	check := leastCost + digitCount(n)/words.Digits*checkCost
	if n < transformIndex {
		size := float64(n) / transformIndex
		return check + int64(smallCost*size*size)
	}
	return check + smallCost/2 + newDoubling(n).cost()
}

// peakBytes returns how much memory F(n) takes while it is calculated.
func peakBytes(n uint64) int64 {
	if n < transformIndex {
		return smallBytes
	}
	return smallBytes + newDoubling(n).bytes()
}

// calibrationIndex is large enough for all processors to take part, and small
// enough to take no more than a few milliseconds.
const calibrationIndex = 1_000_000

// unitDuration returns how many nanoseconds a unit of cost takes on this
// machine, on all processors together: the best of some tries.
var unitDuration = sync.OnceValue(func() float64 {
	best := time.Duration(math.MaxInt64)
	for range 3 {
		start := time.Now()
		number(calibrationIndex, nil)
		best = min(best, time.Since(start))
	}
	return float64(best) / float64(cost(calibrationIndex))
})
