package fibonacci

import (
	"math"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/internal/engine"
	"github.com/pisano-dev/pisano/core/internal/team"
	"github.com/pisano-dev/pisano/core/internal/words"
)

// Estimate implements core.Calculator. The number of digits is exact.
//
// Memory is that of the calculation alone. From an index of 10^6 on it is accurate
// within a factor of 1.5.
//
// Time is that of an otherwise idle machine, for a calculation that finds the tables
// and the memory of those before it. From an index of 10,000 on it is accurate within
// a factor of 1.5 if the speed of the machine is steady. The first calculation of a
// process takes longer: about eight times as long at 10^5, twice at 10^8.
func (c Calculator) Estimate(n core.Index) core.Estimate {
	size := sizeOf(n)
	s := speedOf(c.multiplier()).on(team.Processors(c.processors), team.Processors(0))
	return core.Estimate{
		Digits:   digitCount(size),
		Bytes:    peakBytes(c.multiplier(), size),
		Duration: costOf(c.multiplier(), size).duration(s),
	}
}

// PeakBytes returns the memory of the calculation of F(n), which is Estimate(n).Bytes.
// It does not measure the machine.
func (c Calculator) PeakBytes(n core.Index) int64 { return peakBytes(c.multiplier(), sizeOf(n)) }

// sizeOf returns |n|, at most core.MaxIndex.
func sizeOf(n core.Index) uint64 {
	return uint64(max(-core.MaxIndex, min(core.MaxIndex, n)).Abs())
}

// cost is the cost of a calculation in the units of package ntt: of the parts that
// run on one processor and on all processors.
type cost struct{ serial, shared int64 }

func (c cost) total() int64 { return c.serial + c.shared }

// costOf returns the cost of F(n) and its verification.
func costOf(e engine.Engine, n uint64) cost {
	if n < transformIndex(e) {
		return cost{serial: smallCost(n)}
	}
	d := newDoubling(e, n)
	c := d.cost()
	points, _ := d.estimated(n)
	d.add(&c, points, digitCount(n)/words.Digits*verifyUnits) // of the verification
	return c
}

// smallCost returns the cost of F(n) without transforms and of its verification, a
// fit to measurements.
func smallCost(n uint64) int64 { return 1500 + int64(7*n/2+n*n/4000) }

// smallBytes is the largest memory of a calculation without transforms.
const smallBytes = 64 << 10

// peakBytes returns the peak memory of the calculation of F(n).
func peakBytes(e engine.Engine, n uint64) int64 {
	if n < transformIndex(e) {
		return smallBytes
	}
	return smallBytes + newDoubling(e, n).bytes()
}

// speed is the time of a unit of cost in nanoseconds.
type speed struct{ serial, shared float64 }

// on returns the speed on some of all processors, for which s is: never faster than
// on all, nor slower than on one.
func (s speed) on(some, all int) speed {
	if some < all {
		s.shared = max(s.shared, min(s.serial, s.shared*float64(all)/float64(some)))
	}
	return s
}

// freshMemory is the ratio of the average time of calculations to the measured
// time: speed is measured with pooled memory, and a calculation in fresh memory
// takes up to half as long again.
const freshMemory = 1.2

func (c cost) duration(s speed) time.Duration {
	nanoseconds := freshMemory * (float64(c.serial)*s.serial + float64(c.shared)*s.shared)
	return time.Duration(min(nanoseconds, math.MaxInt64/2))
}

// The indices by which the speed is measured: products run on one processor for
// serialIndex, and mostly on all processors for sharedIndex.
const (
	serialIndex = 200_000
	sharedIndex = 8_000_000
)

// speeds holds the speed of each engine that was measured.
var speeds sync.Map // engine.Engine to func() speed

// speedOf returns the speed of the engine. The first call measures it, in less
// than 0.1 seconds with vector instructions, and a quarter of a second without.
func speedOf(e engine.Engine) speed {
	measure, ok := speeds.Load(e)
	if !ok {
		measure, _ = speeds.LoadOrStore(e, sync.OnceValue(func() speed { return measureSpeed(e) }))
	}
	return measure.(func() speed)()
}

func measureSpeed(e engine.Engine) speed {
	shared := shortest(e, sharedIndex) // first: it warms up memory and tables for the other
	serial := shortest(e, serialIndex)
	var s speed
	s.serial = serial / float64(costOf(e, serialIndex).serial)
	c := costOf(e, sharedIndex)
	s.shared = max(0, shared-float64(c.serial)*s.serial) / float64(c.shared)
	return s
}

// shortest returns the time of F(n) in nanoseconds, the least of five: on a busy
// machine most take many times as long.
func shortest(e engine.Engine, n uint64) float64 {
	best := time.Duration(math.MaxInt64)
	for range 5 {
		start := time.Now()
		newDoubling(e, n).number()
		best = min(best, time.Since(start))
	}
	return float64(best)
}
