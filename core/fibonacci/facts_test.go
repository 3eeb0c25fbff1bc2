package fibonacci

import (
	"math/big"
	"testing"

	"github.com/pisano-dev/pisano/core"
)

func TestDigitCount_IsExactAroundPowersOfTen(t *testing.T) {
	t.Parallel()
	a, b := big.NewInt(0), big.NewInt(1)
	power := big.NewInt(10)
	digits := int64(1)
	for n := core.Index(0); n < 5000; n++ {
		if a.Cmp(power) >= 0 {
			digits++
			power.Mul(power, big.NewInt(10))
		}
		if DigitCount(n) != digits || DigitCount(-n) != digits {
			t.Fatalf("DigitCount(±%d) = %d, %d, want %d", n, DigitCount(n), DigitCount(-n), digits)
		}
		a.Add(a, b)
		a, b = b, a
	}
}

// The values are ⌊n log₁₀ φ − log₁₀ √5⌋ + 1, calculated with 80 digits.
func TestDigitCount_IsExactAtTheLargestIndices(t *testing.T) {
	t.Parallel()
	for n, want := range map[core.Index]int64{
		core.MaxIndex:         1882393317509687,
		core.MaxIndex - 1:     1882393317509687,
		1_000_000_000_000_000: 208987640249979,
	} {
		if got := DigitCount(n); got != want {
			t.Errorf("DigitCount(%d) = %d, want %d", n, got, want)
		}
	}
}

func TestMod_AgreesWithTheNumber(t *testing.T) {
	t.Parallel()
	for _, m := range []uint64{1, 2, 10, 1_000_000_007, 1 << 63, 1<<64 - 1} {
		modulus := new(big.Int).SetUint64(m)
		for n := int64(-200); n <= 200; n++ {
			want := new(big.Int).Mod(bigFibonacci(n), modulus)
			if got := Mod(core.Index(n), m); got != want.Uint64() {
				t.Errorf("Mod(%d, %d) = %d, want %v", n, m, got, want)
			}
		}
	}
}

// The Pisano period of 10^k is 15·10^(k−1) for k > 2.
func TestMod_HasThePisanoPeriod(t *testing.T) {
	t.Parallel()
	const m, period = 10_000_000_000, 15_000_000_000
	for _, n := range []core.Index{0, 1, -1, 93, -94, core.MaxIndex - period} {
		if a, b := Mod(n, m), Mod(n+period, m); a != b {
			t.Errorf("F(%d) and F(%d) modulo 10^10 are %d and %d", n, n+period, a, b)
		}
	}
}
