package ntt

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pisano-dev/pisano/core/internal/words"
)

func TestConvert_KeepsTheNumber(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for from := 1; from <= 19; from++ {
		for to := 1; to <= 19; to++ {
			for _, n := range []int{0, 1, 2, 31} {
				src := make([]uint64, n)
				for i := range src {
					src[i] = r.Uint64N(words.PowersOf10[from])
				}
				want := new(big.Int)
				if n > 0 {
					want = toBig(src, words.PowersOf10[from])
				}
				dst := make([]uint64, n*from/to+2)
				Convert(dst, to, src, from, 0)
				if toBig(dst, words.PowersOf10[to]).Cmp(want) != 0 {
					t.Fatalf("%v in base 10^%d became %v in base 10^%d", src, from, dst, to)
				}
				first := len(dst) / 2
				tail := make([]uint64, len(dst)-first)
				if Convert(tail, to, src, from, first); !slices.Equal(tail, dst[first:]) {
					t.Fatalf("from digit %d on %v became %v, want %v", first, src, tail, dst[first:])
				}
			}
		}
	}
}

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
