package ntt_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/ntttest"
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
				want := ntttest.Big(src, words.PowersOf10[from])
				dst := make([]uint64, n*from/to+2)
				ntt.Convert(dst, to, src, from, 0)
				if ntttest.Big(dst, words.PowersOf10[to]).Cmp(want) != 0 {
					t.Fatalf("%v in base 10^%d became %v in base 10^%d", src, from, dst, to)
				}
				first := len(dst) / 2
				tail := make([]uint64, len(dst)-first)
				if ntt.Convert(tail, to, src, from, first); !slices.Equal(tail, dst[first:]) {
					t.Fatalf("from digit %d on %v became %v, want %v", first, src, tail, dst[first:])
				}
			}
		}
	}
}
