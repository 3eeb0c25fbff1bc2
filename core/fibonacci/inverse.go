package fibonacci

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// MaxInverseDigits is the largest number of digits of an argument of Inverse.
const MaxInverseDigits = 1_000_000

// Preimage is where a number x stands among the Fibonacci numbers.
type Preimage struct {
	// Indices are all n with F(n) = x, in ascending order, and empty if x is not a
	// Fibonacci number. There are three for 1: −1, 1 and 2.
	Indices []core.Index
	// Below and Above are the indices of the largest Fibonacci number below x and of
	// the smallest one above x, of negative index only if they are negative. Of the
	// indices 1 and 2 it is 2 for Below and 1 for Above.
	Below, Above core.Index
}

// Inverse returns the Preimage of x. It takes little more time than F(n) for the one
// index n that the size of x allows: the index is estimated as log_φ(x√5), in
// floating point, and if that is close to an integer F(n) is calculated and compared.
//
// The error is of core.KindTooLarge if x has more than MaxInverseDigits digits.
// Otherwise it is one of Magnitude.
func Inverse(ctx context.Context, x decimal.Int) (Preimage, error) {
	return Calculator{}.Inverse(ctx, x)
}

// Inverse is the function Inverse with the settings of c.
func (c Calculator) Inverse(ctx context.Context, x decimal.Int) (Preimage, error) {
	if x.Abs().DigitCount() > MaxInverseDigits {
		return Preimage{}, tooLarge("value", fmt.Sprintf("The number must have at most %d digits.", MaxInverseDigits))
	}
	if x.IsZero() {
		return Preimage{Indices: []core.Index{0}, Below: -2, Above: 1}, nil
	}
	n, equal, err := c.floorIndex(ctx, x.Abs())
	if err != nil {
		return Preimage{}, err
	}
	if x.Sign() < 0 {
		return negativePreimage(n, equal), nil
	}
	p := Preimage{Below: n, Above: n + 1}
	if !equal {
		return p, nil
	}
	p.Below--
	switch {
	case n == 2:
		return Preimage{Indices: []core.Index{-1, 1, 2}, Below: 0, Above: 3}, nil
	case n%2 == 1:
		p.Indices = []core.Index{-n, n}
	default:
		p.Indices = []core.Index{n}
	}
	return p, nil
}

// negativePreimage returns the Preimage of −x, where F(n) ≤ x < F(n+1), with n ≥ 2
// and equality if equal. Negative Fibonacci numbers have negative even indices.
func negativePreimage(n core.Index, equal bool) Preimage {
	even := n - n%2
	p := Preimage{Below: -even - 2, Above: -even}
	if equal && n == even {
		p.Indices = []core.Index{-n}
		p.Above += 2
	}
	return p
}

// floorIndex returns the largest n ≥ 2 with F(n) ≤ x, and whether they are equal,
// for x ≥ 1.
func (c Calculator) floorIndex(ctx context.Context, x decimal.Natural) (n core.Index, equal bool, err error) {
	digits := x.DigitCount()
	const leading = 18
	if digits <= leading {
		word, err := strconv.ParseUint(x.String(), 10, 64)
		if err != nil {
			return 0, false, err
		}
		i, found := slices.BinarySearch(firstWords[2:], word)
		if found {
			return core.Index(i + 2), true, nil
		}
		return core.Index(i + 1), false, nil
	}
	first, err := strconv.ParseFloat(string(x.AppendDigits(nil, 0, leading)), 64)
	if err != nil {
		return 0, false, err
	}
	// The error of the estimate is below 10^−8 for a million digits.
	log := math.Log10(first) + float64(digits-leading)
	estimate := (log + math.Log10(5)/2) / math.Log10(math.Phi)
	n = core.Index(math.Round(estimate))
	if math.Abs(estimate-float64(n)) > 1e-6 {
		return core.Index(math.Floor(estimate)), false, nil
	}
	f, err := c.Calculate(ctx, n, nil)
	if err != nil {
		return 0, false, err
	}
	order := f.Cmp(x)
	if order > 0 {
		n--
	}
	return n, order == 0, nil
}
