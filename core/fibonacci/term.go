package fibonacci

import (
	"context"
	"fmt"
	"math/big"
	"sync"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

const (
	// MaxExponent bounds the arguments of Terms, of their remainders and of
	// Zeckendorf: they are at most 10^MaxExponent in size.
	MaxExponent = 1000
	// MaxDigits is the largest number of leading or trailing digits that a Term
	// returns.
	MaxDigits = 1000
)

// Term is a term of the Fibonacci or the Lucas sequence, of which the index is
// known. Its methods return properties of the number without calculating it, except
// for Number. A Term is immutable. The zero Term is F(0).
type Term struct {
	n     *big.Int // nil for 0
	lucas bool
}

// At returns F(n) as a Term. The error is of core.KindTooLarge if |n| > 10^1000.
func At(n *big.Int) (Term, error) { return newTerm(n, false) }

// LucasAt returns the Lucas number L(n) as a Term: L(0) = 2, L(1) = 1, L(n) =
// L(n−1) + L(n−2), so that L(n) = F(n−1) + F(n+1) and L(−n) = (−1)^n L(n). The error
// is of core.KindTooLarge if |n| > 10^1000.
func LucasAt(n *big.Int) (Term, error) { return newTerm(n, true) }

func newTerm(n *big.Int, lucas bool) (Term, error) {
	if err := checkSize("index", "The index", n); err != nil {
		return Term{}, err
	}
	return Term{new(big.Int).Set(n), lucas}, nil
}

// Index returns the index of t.
func (t Term) Index() *big.Int { return new(big.Int).Set(t.index()) }

// index returns the index of t, not to be changed.
func (t Term) index() *big.Int {
	if t.n == nil {
		return new(big.Int)
	}
	return t.n
}

// String returns the name of t, such as "F(10)" or "L(10)".
func (t Term) String() string {
	if t.lucas {
		return "L(" + t.index().String() + ")"
	}
	return "F(" + t.index().String() + ")"
}

// Sign returns −1, 0 or 1, as t is negative, zero or positive. F(n) is negative for
// negative even n, L(n) for negative odd n.
func (t Term) Sign() int {
	n := t.index()
	switch {
	case t.lucas && n.Sign() < 0 && n.Bit(0) == 1:
		return -1
	case t.lucas:
		return 1
	case n.Sign() < 0 && n.Bit(0) == 0:
		return -1
	}
	return n.CmpAbs(new(big.Int)) // 0 for n = 0, else 1
}

// Even reports whether t is even. F(n) and L(n) are even if and only if n is a
// multiple of 3.
func (t Term) Even() bool {
	return new(big.Int).Rem(t.index(), big.NewInt(3)).Sign() == 0
}

// Number returns t with all its digits. The errors are those of the function Number.
// A Lucas number is the sum of two Fibonacci numbers, and takes the time of both.
func (t Term) Number(ctx context.Context) (decimal.Int, error) {
	n := core.MaxIndex + 1 // is refused
	if index := t.index(); index.IsInt64() && index.CmpAbs(big.NewInt(int64(core.MaxIndex))) <= 0 {
		n = core.Index(index.Int64())
	}
	if !t.lucas {
		return Number(ctx, n)
	}
	if err := (Calculator{}).check(ctx, n); err != nil {
		return decimal.Int{}, err
	}
	below, err := Number(ctx, n-1)
	if err != nil {
		return decimal.Int{}, err
	}
	above, err := Number(ctx, n+1)
	if err != nil {
		return decimal.Int{}, err
	}
	return below.Add(above), nil
}

// exact returns |t| for a small index.
func (t Term) exact() *big.Int {
	n := new(big.Int).Abs(t.index()).Uint64()
	f := func(n uint64) *big.Int { return binary{context.Background()}.number(n) }
	if !t.lucas {
		return f(n)
	}
	l := f(n + 1)
	return l.Sub(l.Lsh(l, 1), f(n))
}

// largest returns 10^MaxExponent.
var largest = sync.OnceValue(func() *big.Int { return powerOf10(MaxExponent) })

func powerOf10(k int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(k)), nil)
}

// checkSize returns an error if |x| > 10^MaxExponent.
func checkSize(field, name string, x *big.Int) error {
	if x.CmpAbs(largest()) > 0 {
		return tooLarge(field, fmt.Sprintf("%s must be at most 10^%d in size.", name, MaxExponent))
	}
	return nil
}

func invalid(field, message string) error {
	return &core.Error{Kind: core.KindInvalid, Field: field, Message: message}
}

func tooLarge(field, message string) error {
	return &core.Error{Kind: core.KindTooLarge, Field: field, Message: message}
}
