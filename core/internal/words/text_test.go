package words

import (
	"encoding/binary"
	"math/rand/v2"
	"strconv"
	"testing"
)

func TestText_FormatsEveryGroupOfEightDigits(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(20, 0))
	for i := range uint64(200_000) {
		for _, x := range []uint64{i, 1e8 - 1 - i, i * 500 % 1e8, r.Uint64N(1e8)} {
			var text [8]byte
			binary.LittleEndian.PutUint64(text[:], eightDigits(x))
			if got, err := strconv.ParseUint(string(text[:]), 10, 64); err != nil || got != x {
				t.Fatalf("%d is formatted as %q", x, text)
			}
		}
	}
}
