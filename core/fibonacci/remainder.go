package fibonacci

import (
	"fmt"
	"iter"
	"math/big"
	"strings"
)

// Mod returns t modulo m, which is between 0 and m−1 also if t is negative. It takes
// three multiplications modulo m for each bit of the index. The error is of
// core.KindInvalid if m < 1 and of core.KindTooLarge if m > 10^1000.
func (t Term) Mod(m *big.Int) (*big.Int, error) {
	if err := checkModulus(m); err != nil {
		return nil, err
	}
	return t.mod(m), nil
}

func (t Term) mod(m *big.Int) *big.Int {
	last := Step{}
	for step := range doublings(new(big.Int).Abs(t.index()), m) {
		last = step
	}
	r := last.F
	if t.lucas { // L(n) = 2F(n+1) − F(n)
		r = new(big.Int).Lsh(last.Next, 1)
		r.Sub(r, last.F)
	}
	if t.Sign() < 0 {
		r.Neg(r)
	}
	return r.Mod(r, m)
}

// Trailing returns the last k digits of |t|, or all if there are fewer: |t| modulo
// 10^k. The index counts modulo 6·10^k only, a multiple of the periods π(2^k) =
// 3·2^(k−1) and π(5^k) = 4·5^k: D. D. Wall, "Fibonacci series modulo m" (1960). The
// error is of core.KindInvalid unless 1 ≤ k ≤ MaxDigits.
func (t Term) Trailing(k int) (string, error) {
	if err := checkDigits(k); err != nil {
		return "", err
	}
	if t.index().CmpAbs(big.NewInt(10*int64(k))) <= 0 { // else there are more than k digits
		text := t.exact().String()
		return text[max(0, len(text)-k):], nil
	}
	power := powerOf10(k)
	n := new(big.Int).Abs(t.index())
	n.Rem(n, new(big.Int).Mul(power, big.NewInt(6)))
	text := Term{n, t.lucas}.mod(power).String()
	return strings.Repeat("0", k-len(text)) + text, nil
}

// Step is a step of fast doubling: the pair F(Index), F(Index+1) modulo m.
type Step struct {
	Index, F, Next *big.Int
}

// Steps returns the steps that lead to F(|n|) modulo m, n being the index of t. The
// first step is the pair of index 0 or 1, and each of the others doubles the index
// of the step before or adds 1 to its double, by the bits of |n|:
//
//	F(2k) = F(k)(2F(k+1) − F(k))
//	F(2k+1) = F(k)² + F(k+1)²
//
// See D. E. Knuth, "The Art of Computer Programming" 1, section 1.2.8. The errors
// are those of Mod.
func (t Term) Steps(m *big.Int) (iter.Seq[Step], error) {
	if err := checkModulus(m); err != nil {
		return nil, err
	}
	return doublings(new(big.Int).Abs(t.index()), new(big.Int).Set(m)), nil
}

func checkModulus(m *big.Int) error {
	if m.Sign() <= 0 {
		return invalid("modulus", "The modulus must be at least 1.")
	}
	return checkSize("modulus", "The modulus", m)
}

// doublings yields the steps that lead to F(n) modulo m, for n ≥ 0. The numbers of a
// step are its own.
func doublings(n, m *big.Int) iter.Seq[Step] {
	return func(yield func(Step) bool) {
		bit := max(n.BitLen()-1, 0)
		a, b := big.NewInt(int64(n.Bit(bit))), big.NewInt(1)
		a.Mod(a, m)
		b.Mod(b, m)
		for yield(Step{new(big.Int).Rsh(n, uint(bit)), a, b}) && bit > 0 {
			bit--
			c := new(big.Int).Lsh(b, 1)
			c.Mul(c.Sub(c, a), a)
			c.Mod(c, m)
			d, square := new(big.Int).Mul(a, a), new(big.Int).Mul(b, b)
			d.Add(d, square)
			d.Mod(d, m)
			a, b = c, d
			if n.Bit(bit) == 1 {
				a, b = d, square.Add(c, d)
				if b.Cmp(m) >= 0 {
					b.Sub(b, m)
				}
			}
		}
	}
}

// pairModulo returns F(n) and F(n+1) modulo m, for n ≥ 0.
func pairModulo(n, m *big.Int) (a, b *big.Int) {
	for step := range doublings(n, m) {
		a, b = step.F, step.Next
	}
	return a, b
}

// String returns the step as "F(5) = 5, F(6) = 8".
func (s Step) String() string {
	return fmt.Sprintf("F(%d) = %d, F(%d) = %d", s.Index, s.F, new(big.Int).Add(s.Index, big.NewInt(1)), s.Next)
}
