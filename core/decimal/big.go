package decimal

import (
	"errors"
	"math/big"
)

// FromBig returns x as a Natural, or an error if x is negative. Most of its time
// is that of x.Text(10).
func FromBig(x *big.Int) (Natural, error) {
	if x.Sign() < 0 {
		return Natural{}, errors.New("decimal: negative number")
	}
	return Parse(x.Text(10))
}

// Big returns x as a big.Int. Most of its time is that of big.Int.SetString.
func (x Natural) Big() *big.Int {
	b, ok := new(big.Int).SetString(x.String(), 10)
	if !ok {
		panic("decimal: invalid digits")
	}
	return b
}
