package fibonacci

import (
	"context"
	"math/big"
	"math/bits"

	"github.com/pisano-dev/pisano/core"
)

// Big returns F(n) as a big.Int. The errors are those of Calculator.Calculate.
//
// The number is calculated in binary with the multiplications of math/big, which
// is faster than to convert the digits. math/big multiplies by Karatsuba's method,
// so that Text is much faster from some ten thousand digits on.
func Big(ctx context.Context, n core.Index) (*big.Int, error) {
	if err := (Calculator{}).check(ctx, n); err != nil {
		return nil, err
	}
	size := uint64(n.Abs())
	b := binary{ctx}
	f := b.number(size)
	if b.canceled() {
		return nil, context.Cause(ctx)
	}
	prime := sharedPrime(int64(f.BitLen()))
	if new(big.Int).Mod(f, new(big.Int).SetUint64(prime.p)).Uint64() != prime.fibonacci(size) {
		return nil, errVerification
	}
	if n.Negative() {
		f.Neg(f)
	}
	return f, nil
}

// binary is arithmetic on big.Int that stops when ctx ends: results are not defined
// from then on.
type binary struct{ ctx context.Context }

func (b binary) canceled() bool { return b.ctx.Err() != nil }

// number returns F(n). A doubling takes two squares, as in pair, and the last one
// takes one product: F(2k) = F(k)(2F(k−1) + F(k)) and F(2k+1) = (2F(k) +
// F(k−1))(2F(k) − F(k−1)) + 2(−1)^k.
func (b binary) number(n uint64) *big.Int {
	step, k := firstStep(n)
	if step == 0 {
		return new(big.Int).SetUint64(firstWords[k])
	}
	x, y := new(big.Int).SetUint64(firstWords[k-1]), new(big.Int).SetUint64(firstWords[k])
	down, up := new(big.Int), new(big.Int)
	for step--; step > 0 && !b.canceled(); step-- {
		b.multiply(down, x, x)
		b.multiply(up, y, y)
		x.Add(down, up)  // F(2k−1)
		up.Lsh(up, 2)    // 4F(k)²
		up.Sub(up, down) // F(2k+1) − 2(−1)^k
		b.addSign(up, n>>(step+1))
		y.Sub(up, x) // F(2k)
		if n>>step&1 == 1 {
			x, y, up = y, up, x
		}
	}
	if n&1 == 0 {
		up.Lsh(x, 1)
		up.Add(up, y)
		return b.multiply(down, y, up)
	}
	y.Lsh(y, 1)
	up.Add(y, x)
	x.Sub(y, x)
	return b.addSign(b.multiply(down, up, x), n>>1)
}

// addSign adds 2(−1)^k to x.
func (b binary) addSign(x *big.Int, k uint64) *big.Int {
	return x.Add(x, big.NewInt(2-4*int64(k&1)))
}

// maxProduct is the largest length in words of factors that are left to math/big,
// which cannot be canceled: some milliseconds.
const maxProduct = 1 << 13

// multiply sets z to x·y and returns z. It splits long factors by Karatsuba's
// method, as math/big does, so that it can be canceled in between.
func (b binary) multiply(z, x, y *big.Int) *big.Int {
	words := max(len(x.Bits()), len(y.Bits()))
	if words <= maxProduct || b.canceled() {
		if b.canceled() {
			return z
		}
		return z.Mul(x, y)
	}
	half := words / 2
	low, high := new(big.Int), new(big.Int)
	x0, x1 := halves(x, half)
	y0, y1 := x0, x1
	if x != y {
		y0, y1 = halves(y, half)
	}
	b.multiply(low, x0, y0)
	b.multiply(high, x1, y1)
	sum := new(big.Int).Add(x0, x1)
	sum2 := sum
	if x != y {
		sum2 = new(big.Int).Add(y0, y1)
	}
	middle := b.multiply(new(big.Int), sum, sum2)
	middle.Sub(middle, low)
	middle.Sub(middle, high)

	shift := uint(half) * bits.UintSize
	z.Lsh(high, shift)
	z.Add(z, middle)
	z.Lsh(z, shift)
	return z.Add(z, low)
}

// halves returns the given number of lower words of x, and the others. They share
// its memory.
func halves(x *big.Int, words int) (low, high *big.Int) {
	all := x.Bits()
	words = min(words, len(all))
	return new(big.Int).SetBits(all[:words:words]), new(big.Int).SetBits(all[words:])
}
