// Package fibonacci calculates Fibonacci numbers, every digit of them, in
// decimal from the first step to the last.
package fibonacci

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// Calculator implements core.Calculator.
type Calculator struct{}

var _ core.Calculator = Calculator{}

// New returns a Calculator.
func New() Calculator { return Calculator{} }

// Calculate implements core.Calculator.
//
// It doubles the pair of F(k) and the Lucas number L(k), from the top bit of n
// down: F(2k) = F(k)L(k), L(2k) = L(k)² − 2(−1)^k, and where the bit is set
// F(k+1) = (F(k)+L(k))/2, L(k+1) = (5F(k)+L(k))/2. See D. E. Knuth, "The Art of
// Computer Programming" 1, section 1.2.8.
func (Calculator) Calculate(ctx context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	if n > core.MaxIndex || n < -core.MaxIndex {
		return decimal.Natural{}, &core.Error{Kind: core.KindInvalid, Field: "index",
			Message: fmt.Sprintf("An index lies between −%d and %d.", core.MaxIndex, core.MaxIndex)}
	}
	f, err := double(ctx, uint64(n.Abs()), progress)
	if err != nil {
		return decimal.Natural{}, err
	}
	if !verify(uint64(n.Abs()), f) {
		return decimal.Natural{}, core.NewError(core.KindInternal, "The result did not pass its check.")
	}
	if progress != nil {
		progress(1)
	}
	return f, nil
}

// double returns F(n).
func double(ctx context.Context, n uint64, progress func(float64)) (decimal.Natural, error) {
	f, l := decimal.Natural{}, decimal.FromUint64(2) // F(0), L(0)
	two := decimal.FromUint64(2)
	work := watch(ctx, n, progress)
	for i := bits.Len64(n) - 1; i >= 0; i-- {
		if ctx.Err() != nil {
			return decimal.Natural{}, context.Cause(ctx)
		}
		k := n >> (i + 1)
		f2 := work.Mul(f, l)
		if i == 0 && n%2 == 0 {
			f = f2
			break
		}
		l2 := work.Mul(l, l)
		if ctx.Err() != nil {
			return decimal.Natural{}, context.Cause(ctx)
		}
		if k%2 == 0 {
			l2 = l2.Sub(two)
		} else {
			l2 = l2.Add(two)
		}
		if n>>i&1 == 0 {
			f, l = f2, l2
			continue
		}
		f, l = f2.Add(l2).Half(), f2.MulUint64(5).Add(l2).Half()
	}
	if ctx.Err() != nil {
		return decimal.Natural{}, context.Cause(ctx)
	}
	return f, nil
}

// exponent of the cost of a multiplication by its length.
const karatsubaExponent = 1.585

// watch returns a Work that reports progress and stops when ctx ends.
func watch(ctx context.Context, n uint64, progress func(float64)) *decimal.Work {
	total := products(n)
	var done float64
	return &decimal.Work{Step: func(count int64) bool {
		done += float64(count)
		if progress != nil {
			progress(min(1, done/total))
		}
		return ctx.Err() == nil
	}}
}

// products returns about how many products of words the calculation takes.
func products(n uint64) float64 {
	words := float64(n) * math.Log10(math.Phi) / decimal.WordDigits
	var sum float64
	for words /= 2; words > 1; words /= 2 {
		sum += 2 * 48 * 48 * math.Pow(max(1, words/36), karatsubaExponent)
	}
	return sum + 1
}

// Estimate implements core.Calculator.
func (Calculator) Estimate(n core.Index) core.Estimate {
	n = max(-core.MaxIndex, min(core.MaxIndex, n))
	digits := DigitCount(n)
	return core.Estimate{
		Digits:   digits,
		Bytes:    1<<20 + digits*8*8/decimal.WordDigits,
		Duration: time.Duration(min(products(uint64(n.Abs()))*2, math.MaxInt64/2)),
	}
}
