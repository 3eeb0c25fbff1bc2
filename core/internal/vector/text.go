package vector

import (
	"github.com/pisano-dev/pisano/core/internal/words"
)

// textPiece is the number of words that a call of the kernel formats.
const textPiece = 2048

// Text is words.Text.
func (s *Instructions) Text(dst []byte, w []uint64) {
	for len(w) >= vectorWords {
		n := min(textPiece, len(w)) / vectorWords * vectorWords
		s.text(&dst[len(dst)-1], &w[0], n)
		w, dst = w[n:], dst[:len(dst)-n*wordDigits]
	}
	words.Text(dst, w)
}

// textConstants is the constants of AVX2 that split words into digits: first into
// numbers below 10^8, in double precision, and these by reciprocals as package words
// does. The generator in tools/asm relies on the layout.
type textConstants struct {
	rounder, exponent, upper, e8, perE8 eachLane
	by1e4, e4, by100, hundred           [4]uint64
	by10, ten, zeros                    [4]uint64
}

var doubleText = func() *textConstants {
	c := &textConstants{
		rounder: inEachLane(3 << 51), exponent: inEachLane(1 << 52), upper: inEachLane(1 << 32),
		e8: inEachLane(1e8), perE8: inEachLane(1e-8),
	}
	const each32, each16 = 1<<32 + 1, (1<<32 + 1) * (1<<16 + 1)
	for i := range c.e4 {
		c.by1e4[i], c.e4[i] = 3518437209, 10_000            // 2^45/10^4
		c.by100[i], c.hundred[i] = 10486*each32, 100*each32 // 2^20/100
		c.by10[i], c.ten[i] = 6554*each16, 10*each16        // 2^16/10
		c.zeros[i] = 0x30303030_30303030
	}
	return c
}()
