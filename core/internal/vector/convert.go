package vector

import (
	"github.com/pisano-dev/pisano/core/internal/modular"
	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/words"
)

const (
	wordDigits = maxDigits
	// convertPiece is the number of words that a task converts: whole groups.
	convertPiece = groupWords << 8
)

// Convert is ntt.Convert from digit 0 on, on all processors. Like Multiply it
// reports false if step did.
func (m *Multiplier) Convert(dst []uint64, to int, src []uint64, from int) bool {
	tasks := (len(dst) + convertPiece - 1) / convertPiece
	l := m.newLayout(len(src))
	return m.run(&l, tasks, m.set.units.convert, func(task int, _ []uint64) {
		first := task * convertPiece
		piece := dst[first:min(first+convertPiece, len(dst))]
		if from == groupWords && to == wordDigits {
			toWords(piece, src[task*convertPiece/groupWords*groupPoints:])
			return
		}
		ntt.Convert(piece, to, src, from, first)
	})
}

// Points of 18 digits are converted to words of 19 in groups: 19 points are 18
// words. Word j of a group consists of point j without its lowest j digits and,
// above it, of the lowest j+1 digits of point j+1.
const (
	groupPoints = 19
	groupWords  = 18
)

// toWords sets dst to the words of points of 18 digits, which start with a group.
func toWords(dst, points []uint64) {
	for len(dst) >= groupWords && len(points) >= groupPoints {
		d, p := (*[groupWords]uint64)(dst), (*[groupPoints]uint64)(points)
		rest := p[0]
		for j := range groupWords - 1 {
			by := &divisors[j+1]
			quotient, low := by.Divide(p[j+1])
			d[j] = rest + low*by.complement
			rest = quotient
		}
		d[groupWords-1] = rest + p[groupWords]*10
		dst, points = dst[groupWords:], points[groupPoints:]
	}
	ntt.Convert(dst, wordDigits, points, groupWords, 0)
}

// divisor divides points by 10^i.
type divisor struct {
	modular.Divisor
	complement uint64 // 10^(19−i)
}

// divisors holds those for i from 1 to 18.
var divisors = func() (d [groupWords + 1]divisor) {
	for i := 1; i < len(d); i++ {
		d[i] = divisor{modular.NewDivisor(words.PowersOf10[i]), words.PowersOf10[wordDigits-i]}
	}
	return d
}()
