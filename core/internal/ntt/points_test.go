package ntt

import (
	"math/big"
	"testing"

	"github.com/pisano-dev/pisano/core/internal/words"
)

func TestPointDigits_LeaveRoomForEveryCoefficient(t *testing.T) {
	t.Parallel()
	room := new(big.Int).Mul(new(big.Int).SetUint64(primes[0].P), new(big.Int).SetUint64(primes[1].P))
	for digits := int64(1); digits < 1e13; digits *= 3 {
		d := PointDigits(digits)
		most := new(big.Int).SetUint64(words.PowersOf10[d] - 1)
		most.Mul(most, most)
		most.Mul(most, big.NewInt(MaxWeight*(digits/int64(d)+1)))
		if d < 11 || d > maxPointDigits || most.Cmp(room) >= 0 {
			t.Errorf("%d digits in points of %d: a coefficient may be %v", digits, d, most)
		}
	}
}
