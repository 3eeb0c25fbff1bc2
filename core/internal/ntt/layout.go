package ntt

import (
	"math"
	"math/bits"
)

// MaxPoints is the largest number of points of a product. The order of the roots
// of unity modulo both primes limits it, and the length of slices on 32 bits.
const MaxPoints = min(1<<maxOrder, math.MaxInt/64)

// layout is the arrangement of the points of a product in memory: a matrix, row
// by row, of which only the rows that the product needs are stored. Point i is in
// row i/length. The columns are transformed first, then the rows: D. H. Bailey,
// "FFTs in external or hierarchical memory" (1990).
type layout struct {
	points int // of the product
	rows   int // of the full transform, a power of two
	wanted int // rows that the product needs
	length int // points in a row, a power of four
	width  int // columns in a strip, which are transformed together
}

const (
	minRowBits = 4
	// maxRowBits is such that the rows of two operands and their roots fit 1 MiB
	// of second-level cache.
	maxRowBits = 14
	// minColumnBits is such that at most 1/16 of the points of the wanted rows are
	// not needed.
	minColumnBits = 5
	// stripWords is the size of a strip for one prime. The strips for both primes
	// fit a second-level cache.
	stripWords = 8192
	// minStrips is the least number of strips of a product on all processors.
	minStrips = 16
	// parallelPoints is the number of points from which all processors are used.
	parallelPoints = 4096
	minWidth       = 8 // words of a cache line
)

func newLayout(points int) layout {
	size := max(minRowBits+minColumnBits, bits.Len(uint(points-1)))
	row := min(maxRowBits, size-minColumnBits) &^ 1
	l := layout{points: points, rows: 1 << (size - row), length: 1 << row}
	l.wanted = (points + l.length - 1) / l.length
	l.width = min(l.length, max(minWidth, stripWords/l.rows))
	if Parallel(points) {
		l.width = min(l.width, l.length/minStrips)
	}
	return l
}

// Parallel reports whether products of the given number of points run on all
// processors.
func Parallel(points int) bool { return points >= parallelPoints }

func (l layout) strips() int { return l.length / l.width }

// values returns the number of values of a transformed operand.
func (l layout) values() int { return l.wanted * l.length }

// rootCount returns the number of roots that the transforms of the wanted rows
// read, rounded up to a power of two.
func (l layout) rootCount() int { return 1 << bits.Len(uint(l.values()/2-1)) }

// scratch returns the number of words of a strip for each prime.
func (l layout) scratch() int { return 2 * l.rows * l.width }
