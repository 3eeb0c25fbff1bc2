// Package fibonacci calculates Fibonacci numbers with all their digits, in decimal
// from the first step to the last. F(0) = 0, F(1) = 1, and negative indices
// continue the sequence to the left: F(−n) = (−1)^(n+1) F(n).
//
// Text, AppendText, Write, Big and Magnitude return a number. DigitCount and Mod
// return properties of a number without calculating it. Calculator is for
// services: it implements core.Calculator, with estimates of memory and time and
// with progress.
//
// Numbers are calculated by doubling, with products by number-theoretic transforms
// modulo several primes, and each result is verified modulo a random prime.
// docs/engine.md in the repository describes the method and its speed.
package fibonacci

import (
	"context"
	"fmt"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/internal/engine"
)

// MaxIndex is the largest absolute value of an index that can be calculated, if
// there is enough memory: F(MaxIndex) has 626,962,920,750 digits. On systems of 32
// bits, whose memory is less, fewer can be: Calculate then returns KindTooLarge.
const MaxIndex core.Index = 3_000_000_000_000

// Calculator implements core.Calculator. The zero Calculator is ready to use.
type Calculator struct {
	engine engine.Engine // nil for engine.Chosen()
}

var _ core.Calculator = Calculator{}

// New returns a Calculator whose estimates take no time. The first call in a
// process measures the speed of the machine, in less than 0.1 seconds; with the
// zero Calculator the first estimate does.
func New() Calculator {
	speedOf(engine.Chosen())
	return Calculator{}
}

// Engine returns the name of the engine that multiplies in this process: "ifma" for
// the AVX-512 IFMA instructions of amd64, "avx2" for AVX2 with FMA, or "purego" for
// plain Go. The environment variable PISANO_ENGINE selects one of Engines; if it is
// unset or names none of them, the fastest is used.
func Engine() string { return engine.Chosen().Name() }

// Engines returns the names of the engines that this machine can run, the fastest
// first.
func Engines() []string {
	var names []string
	for _, e := range engine.Available() {
		names = append(names, e.Name())
	}
	return names
}

// multiplier returns the engine that c multiplies with.
func (c Calculator) multiplier() engine.Engine {
	if c.engine == nil {
		return engine.Chosen()
	}
	return c.engine
}

// Calculate implements core.Calculator: it returns |F(n)|, whose sign is
// n.Negative().
//
// The pair F(k−1), F(k) is doubled along the bits of n, from the highest down, by
// the addition theorem: D. E. Knuth, "The Art of Computer Programming" 1, section
// 1.2.8. The result is verified before it is returned.
//
// The error's kind is core.KindInvalid for |n| above core.MaxIndex, and
// core.KindTooLarge, with the estimate, for |n| above MaxIndex. Calculate does not
// check whether the memory suffices: see Estimate. If ctx ends, the error is its
// cause.
func (c Calculator) Calculate(ctx context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	if err := c.check(ctx, n); err != nil {
		return decimal.Natural{}, err
	}
	f, err := calculate(ctx, c.multiplier(), uint64(n.Abs()), progress)
	if err == nil && progress != nil {
		progress(1)
	}
	return f, err
}

// check returns an error if n is out of range or ctx has ended.
func (c Calculator) check(ctx context.Context, n core.Index) error {
	if n > core.MaxIndex || n < -core.MaxIndex {
		return &core.Error{Kind: core.KindInvalid, Field: "index",
			Message: fmt.Sprintf("The index must be between −%d and %d.", core.MaxIndex, core.MaxIndex)}
	}
	size := uint64(n.Abs())
	if n.Abs() > MaxIndex || tooLong(c.multiplier(), size) {
		estimate := c.Estimate(n)
		return &core.Error{Kind: core.KindTooLarge, Field: "index", Estimate: &estimate,
			Message: fmt.Sprintf("F(%d) has %d digits, more than can be calculated. Choose a smaller index.", n, estimate.Digits)}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// tooLong reports whether F(n) has more points than the engine can multiply.
func tooLong(e engine.Engine, n uint64) bool {
	if n < transformIndex(e) {
		return false
	}
	d := newDoubling(e, n)
	return d.points(n) > d.engine.MaxPoints()
}

// calculate returns F(n), verified.
func calculate(ctx context.Context, e engine.Engine, n uint64, progress func(float64)) (decimal.Natural, error) {
	switch {
	case n <= tableIndex:
		return firstNumbers()[n].number, nil
	case n < transformIndex(e): // too short to be canceled
		if f := small(n); verify(n, f, nil) {
			return f, nil
		}
		return decimal.Natural{}, errVerification
	}
	m := newMonitor(ctx, costOf(e, n).total(), progress)
	defer m.stop()
	f, ok := newDoubling(e, n).run(m.step)
	ok = ok && verify(n, f, m.step)
	switch {
	case m.canceled.Load():
		return decimal.Natural{}, context.Cause(ctx)
	case !ok:
		return decimal.Natural{}, errVerification
	}
	return f, nil
}

var errVerification = core.NewError(core.KindInternal, "The result failed its verification.")
