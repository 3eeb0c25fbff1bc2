package decimal

import (
	"errors"
	"math/big"
)

// FromBig returns x, which must not be negative, as a Natural. It takes as
// long as x.Text(10).
func FromBig(x *big.Int) (Natural, error) {
	if x.Sign() < 0 {
		return Natural{}, errors.New("decimal: the number is negative")
	}
	return Parse(x.Text(10))
}

// Big returns x as a big.Int. It takes as long as SetString.
func (x Natural) Big() *big.Int {
	b, ok := new(big.Int).SetString(x.String(), 10)
	if !ok {
		panic("decimal: digits that are not a number")
	}
	return b
}
