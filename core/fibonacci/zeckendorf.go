package fibonacci

import "math/big"

// Zeckendorf returns the indices of the Zeckendorf representation of x, in
// descending order: the Fibonacci numbers of these indices, which are at least 2 and
// of which no two are consecutive, add up to x. There is exactly one such
// representation: E. Zeckendorf, Bulletin de la Société Royale des Sciences de Liège
// 41 (1972). It begins with the largest Fibonacci number that is not greater than x,
// and goes on with the rest. That of 0 is empty.
//
// The error is of core.KindInvalid if x is negative, and of core.KindTooLarge if x >
// 10^1000.
func Zeckendorf(x *big.Int) ([]int, error) {
	if x.Sign() < 0 {
		return nil, invalid("value", "A Zeckendorf representation is one of a number that is not negative.")
	}
	if err := checkSize("value", "The number", x); err != nil {
		return nil, err
	}
	n, a, b := 2, big.NewInt(1), big.NewInt(2) // F(n) and F(n+1)
	for b.Cmp(x) <= 0 {
		a.Add(a, b)
		a, b = b, a
		n++
	}
	indices := []int{}
	rest := new(big.Int).Set(x)
	for rest.Sign() > 0 {
		if a.Cmp(rest) <= 0 {
			rest.Sub(rest, a)
			indices = append(indices, n)
		}
		b.Sub(b, a)
		a, b = b, a
		n--
	}
	return indices, nil
}
