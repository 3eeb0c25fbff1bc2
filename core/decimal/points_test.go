package decimal

import (
	"math/big"
	"testing"

	"github.com/pisano-dev/pisano/core/decimal/ntt"
)

func TestPointsAreTheDigitsInTheirBase(t *testing.T) {
	t.Parallel()
	r := seeded(12)
	for digits := 1; digits <= WordDigits; digits++ {
		base := new(big.Int).SetUint64(powersOf10[digits])
		for _, words := range []int{0, 1, 2, 20, 57} {
			x := random(r, words)
			exact := int(x.DigitCount()+int64(digits)-1) / digits
			for _, count := range []int{exact, exact + 1, exact + 7} {
				points := x.Points(digits, count)
				rest := x.Big()
				for i, point := range points {
					digit := new(big.Int)
					rest.DivMod(rest, base, digit)
					if digit.Uint64() != point {
						t.Fatalf("point %d of %v in base 10^%d is %d, want %v", i, x, digits, point, digit)
					}
				}
				packed := make([]uint64, words+8)
				ntt.Convert(packed, WordDigits, points, digits, 0)
				if got := FromWords(packed); rest.Sign() != 0 || !got.Equal(x) {
					t.Fatalf("%v in %d points of base 10^%d became %v", x, count, digits, got)
				}
			}
		}
	}
}
