package fibonacci

import (
	"math"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
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

// smallBytes and smallCost are the most that an index without transforms takes.
const (
	smallBytes = 64 << 10
	smallCost  = 40_000
)

// cost returns what F(n) and its check cost, in units of package ntt.
func cost(n uint64) int64 {
	words := digitCount(n) / decimal.WordDigits
	check := words * checkCost
	if d := newDoubling(n); d.steps > 0 {
		return d.cost() + check + smallCost
	}
	return max(smallCost/40, smallCost*int64(n)/transformIndex) + check
}

// peakBytes returns how much memory F(n) takes while it is calculated.
func peakBytes(n uint64) int64 {
	if d := newDoubling(n); d.steps > 0 {
		return d.bytes() + smallBytes
	}
	return smallBytes
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
