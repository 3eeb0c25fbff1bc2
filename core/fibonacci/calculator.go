// Package fibonacci calculates Fibonacci numbers, every digit of them, in
// decimal from the first step to the last.
//
// Text, AppendText, Write, Big and Magnitude return a number; DigitCount and Mod
// return facts about it without calculating its digits. Calculator is for a
// service: it estimates what a number costs, and reports progress. The page
// docs/engine.md describes the method and its speed.
package fibonacci

import (
	"context"
	"fmt"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/internal/engine"
)

// MaxIndex is the largest size of index that can be calculated, given the
// memory: F(MaxIndex) has 626,962,920,750 digits. On 32 bits it is less.
const MaxIndex core.Index = 3_000_000_000_000

// Calculator implements core.Calculator.
type Calculator struct {
	engine engine.Engine // nil: the engine of this process
}

var _ core.Calculator = Calculator{}

// New returns a Calculator. The first call measures this machine, which takes
// less than 0.1 seconds.
func New() Calculator {
	machine(engine.Chosen())
	return Calculator{}
}

// Engine returns how this process multiplies: "ifma" by vector instructions of
// amd64, AVX-512 IFMA, or "purego". The environment variable PISANO_ENGINE
// chooses one of those that the machine runs; otherwise it is the fastest.
func Engine() string { return engine.Chosen().Name() }

// Engines returns the values of PISANO_ENGINE that this machine takes, the
// fastest first.
func Engines() []string {
	var names []string
	for _, e := range engine.Available() {
		names = append(names, e.Name())
	}
	return names
}

func (c Calculator) path() engine.Engine {
	if c.engine == nil {
		return engine.Chosen()
	}
	return c.engine
}

// Calculate implements core.Calculator.
//
// It doubles the pair F(k−1), F(k), from the top bits of n down, by the
// identities of D. E. Knuth, "The Art of Computer Programming" 1, section
// 1.2.8; from some thousand digits on by the transforms of package ntt. Indices
// beyond MaxIndex are refused with core.KindTooLarge; up to there memory is the
// bound, and the caller's to mind: see Estimate.
func (c Calculator) Calculate(ctx context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	if err := c.admit(ctx, n); err != nil {
		return decimal.Natural{}, err
	}
	f, err := calculate(ctx, c.path(), uint64(n.Abs()), progress)
	if err == nil && progress != nil {
		progress(1)
	}
	return f, err
}

// admit returns the error of an index that is not calculated, or of a context
// that has ended.
func (c Calculator) admit(ctx context.Context, n core.Index) error {
	if n > core.MaxIndex || n < -core.MaxIndex {
		return &core.Error{Kind: core.KindInvalid, Field: "index",
			Message: fmt.Sprintf("An index lies between −%d and %d.", core.MaxIndex, core.MaxIndex)}
	}
	size := uint64(n.Abs())
	if n.Abs() > MaxIndex || tooLong(c.path(), size) {
		estimate := c.Estimate(n)
		return &core.Error{Kind: core.KindTooLarge, Field: "index", Estimate: &estimate,
			Message: fmt.Sprintf("F(%d) has %d digits, more than can be calculated.", n, estimate.Digits)}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// tooLong reports whether F(n) has more points than can be multiplied.
func tooLong(e engine.Engine, n uint64) bool {
	if n < transformIndex(e) {
		return false
	}
	d := newDoubling(e, n)
	return d.points(n) > d.engine.MaxPoints()
}

// calculate returns F(n), checked.
func calculate(ctx context.Context, e engine.Engine, n uint64, progress func(float64)) (decimal.Natural, error) {
	switch {
	case n <= tableIndex:
		return firstNumbers()[n].number, nil
	case n < transformIndex(e): // over sooner than it could be stopped
		if f := small(n); verify(n, f, nil) {
			return f, nil
		}
		return decimal.Natural{}, errCheck
	}
	w := watch(ctx, e, n, progress)
	defer w.end()
	f, ok := newDoubling(e, n).run(w.step)
	ok = ok && verify(n, f, w.step)
	switch {
	case w.canceled.Load():
		return decimal.Natural{}, context.Cause(ctx)
	case !ok:
		return decimal.Natural{}, errCheck
	}
	return f, nil
}

var errCheck = core.NewError(core.KindInternal, "The result did not pass its check.")
