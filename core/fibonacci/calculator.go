// Package fibonacci calculates Fibonacci numbers with all their digits, in decimal
// from the first step to the last. F(0) = 0, F(1) = 1, and negative indices
// continue the sequence to the left: F(−n) = (−1)^(n+1) F(n).
//
// Number returns a number; Text, AppendText, Write and Big return it in other forms,
// and Magnitude without its sign. Range returns the numbers of a range of indices,
// one after the other. A Calculator bounds the processors and the memory that a
// calculation takes, estimates memory and time, and reports progress: it implements
// core.Calculator, for services.
//
// What is known of a number without calculating it is in the methods of Term, for
// indices of up to 10^1000 in size: its leading and trailing digits, its remainders,
// divisors and primality. DigitCount and Mod are the same for an Index and a modulus
// of a word, without allocation. PisanoPeriod is about the sequence modulo m, Inverse
// finds the index of a number, and Zeckendorf writes a number as a sum of Fibonacci
// numbers. Each names its theorem and its bounds.
//
// Numbers are calculated by doubling, with products by number-theoretic transforms
// modulo several primes, and each result is verified modulo a random prime.
// docs/engine.md in the repository describes the method and its speed.
package fibonacci

import (
	"context"
	"fmt"
	"math/bits"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/internal/engine"
)

// MaxIndex is the largest absolute value of an index that can be calculated, if
// there is enough memory. It is 3·10^12, whose number has 626,962,920,750 digits, or
// 2.2·10^9 on systems of 32 bits, where the number has 459,772,809 digits.
const MaxIndex core.Index = (2-wide)*2_200_000_000 + (wide-1)*3_000_000_000_000

// wide is 2 on systems of 64 bits, and 1 on those of 32 bits.
const wide = bits.UintSize / 32

// Calculator calculates Fibonacci numbers; it implements core.Calculator. The zero
// Calculator is ready to use: it takes all processors, and the memory that it needs.
// WithParallelism and WithMemoryLimit return one with other settings.
type Calculator struct {
	engine     engine.Engine // nil for engine.Chosen()
	processors int           // 0 for all
	memory     int64         // in bytes; 0 for no limit
}

var _ core.Calculator = Calculator{}

// New returns a Calculator whose estimates take no time. The first call in a
// process measures the speed of the machine, in less than 0.1 seconds with vector
// instructions, and a quarter of a second without; with the zero Calculator the first
// estimate does.
func New() Calculator {
	speedOf(engine.Chosen())
	return Calculator{}
}

// WithParallelism returns a Calculator that uses at most the given number of
// processors at a time for a calculation. If it is less than 1, or more than
// runtime.GOMAXPROCS, it uses all. Text is formatted on all processors.
func (c Calculator) WithParallelism(processors int) Calculator {
	c.processors = max(0, processors)
	return c
}

// WithMemoryLimit returns a Calculator that refuses indices for which PeakBytes
// exceeds the limit: the error is then of core.KindTooLarge, with the estimate. If
// the limit is less than 1, there is none. It is for each calculation, not for those
// that run at the same time together.
func (c Calculator) WithMemoryLimit(bytes int64) Calculator {
	c.memory = max(0, bytes)
	return c
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
// core.KindTooLarge, with the estimate, for |n| above MaxIndex or a number that
// needs more memory than WithMemoryLimit allows. Calculate does not check whether
// the machine has the memory: see PeakBytes. If ctx ends, the error is its cause.
func (c Calculator) Calculate(ctx context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	if err := c.check(ctx, n); err != nil {
		return decimal.Natural{}, err
	}
	var result decimal.Natural
	err := c.calculate(ctx, uint64(n.Abs()), progress, true, func(f decimal.Natural) { result = f })
	if err == nil && progress != nil {
		progress(1)
	}
	return result, err
}

// check returns an error if n is out of range or ctx has ended.
func (c Calculator) check(ctx context.Context, n core.Index) error {
	if n > core.MaxIndex || n < -core.MaxIndex {
		return &core.Error{Kind: core.KindInvalid, Field: "index",
			Message: fmt.Sprintf("The index must be between −%d and %d.", core.MaxIndex, core.MaxIndex)}
	}
	size := uint64(n.Abs())
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case n.Abs() > MaxIndex || tooLong(c.multiplier(), size):
		return c.tooLarge(n, ", more than can be calculated")
	case c.memory > 0 && c.PeakBytes(n) > c.memory:
		return c.tooLarge(n, fmt.Sprintf(" and needs %s of memory, more than the %s that it may use", sizeText(c.PeakBytes(n)), sizeText(c.memory)))
	}
	return nil
}

// tooLarge returns an error of core.KindTooLarge with a reason that follows the
// number of digits.
func (c Calculator) tooLarge(n core.Index, reason string) error {
	estimate := c.Estimate(n)
	return &core.Error{Kind: core.KindTooLarge, Field: "index", Estimate: &estimate,
		Message: fmt.Sprintf("F(%d) has %d digits%s. Choose a smaller index.", n, estimate.Digits, reason)}
}

// sizeText returns a number of bytes for people.
func sizeText(bytes int64) string {
	if bytes < 1_000_000_000 {
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
}

// tooLong reports whether F(n) has more points than the engine can multiply.
func tooLong(e engine.Engine, n uint64) bool {
	if n <= tableIndex || n < transformIndex(e) {
		return false
	}
	d := newDoubling(e, n)
	return d.length(n) > int64(d.engine.MaxPoints())
}

// calculate calls use with F(n), verified. If kept is false, the number is valid until
// use returns.
func (c Calculator) calculate(ctx context.Context, n uint64, progress func(float64), kept bool, use func(decimal.Natural)) error {
	e := c.multiplier()
	switch {
	case n <= tableIndex:
		use(firstNumbers()[n].number)
		return nil
	case n < transformIndex(e): // too short to be canceled
		f := small(n)
		if !verify(n, f, nil) {
			return errVerification
		}
		use(f)
		return nil
	}
	d := newDoubling(e, n)
	d.processors = c.processors
	var step func(work int64) bool
	if ctx.Done() != nil || progress != nil {
		m := newMonitor(ctx, costOf(e, n).total(), progress)
		defer m.stop()
		step = m.step
	}
	w := d.begin(step)
	defer w.End()
	f, ok := d.run(w, kept)
	ok = ok && verify(n, f, w)
	w.Stop()
	switch {
	case ctx.Err() != nil: // of which m may not know yet
		return context.Cause(ctx)
	case !ok:
		return errVerification
	}
	use(f)
	return nil
}

var errVerification = core.NewError(core.KindInternal, "The result failed its verification.")
