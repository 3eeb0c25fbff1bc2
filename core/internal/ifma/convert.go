package ifma

import "github.com/pisano-dev/pisano/core/decimal/ntt"

// convertPiece is how many words are converted at a time, a multiple of 18.
const convertPiece = 18 << 8

// Convert is ntt.Convert, from the first digit on, on all processors. Like
// Multiply it reports false if step did.
func (m *Multiplier) Convert(dst []uint64, to int, src []uint64, from int) bool {
	tasks := (len(dst) + convertPiece - 1) / convertPiece
	return m.parallel(newLayout(len(src)), tasks, convertUnits, func(_ *Multiplier, task int, _ []uint64) {
		first := task * convertPiece
		ntt.Convert(dst[first:min(first+convertPiece, len(dst))], to, src, from, first)
	})
}

// Text sets dst to the digits of words, least significant first, 19 each: the
// text begins with the most significant.
func Text(dst []byte, words []uint64) {
	const digits, piece = 19, 2048
	for len(words) >= vectorWords {
		n := min(piece, len(words)) / vectorWords * vectorWords
		text(&dst[len(dst)-1], &words[0], n)
		words, dst = words[n:], dst[:len(dst)-n*digits]
	}
	if len(words) > 0 {
		var rest [vectorWords]uint64
		var room [vectorWords * digits]byte
		copy(rest[:], words)
		text(&room[len(room)-1], &rest[0], vectorWords)
		copy(dst, room[len(room)-len(words)*digits:])
	}
}
