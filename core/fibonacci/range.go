package fibonacci

import (
	"context"
	"iter"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// Range returns the numbers from F(first) to F(last), both included, each with its
// index. There are none if last is less than first. The sequence may be iterated
// more than once.
//
// Range calculates the first two numbers before it returns. The others are sums of
// the two before them, which takes far less time than to calculate each. The errors
// are those of Calculator.Calculate for first and last. ctx is for the first two
// numbers; to end the iteration, leave the loop.
func Range(ctx context.Context, first, last core.Index) (iter.Seq2[core.Index, decimal.Int], error) {
	return Calculator{}.Range(ctx, first, last)
}

// Range is the function Range with the settings of c. A limit of memory is for each
// number.
func (c Calculator) Range(ctx context.Context, first, last core.Index) (iter.Seq2[core.Index, decimal.Int], error) {
	for _, n := range []core.Index{first, last} {
		if err := c.check(ctx, n); err != nil {
			return nil, err
		}
	}
	var begin [2]decimal.Int // as far as the range has them
	for i := range begin {
		if n := first + core.Index(i); n <= last {
			var err error
			if begin[i], err = c.Number(ctx, n); err != nil {
				return nil, err
			}
		}
	}
	return func(yield func(core.Index, decimal.Int) bool) {
		a, b := begin[0], begin[1]
		for n := first; n <= last && yield(n, a); n++ {
			a, b = b, a.Add(b)
		}
	}, nil
}
