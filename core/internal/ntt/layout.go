package ntt

import (
	"math"
	"math/bits"
)

// MaxPoints is how many points a product may have: there are no longer
// transforms modulo both primes, and no longer slices in 32 bits.
const MaxPoints = min(1<<maxOrder, math.MaxInt/64)

// layout is how the points of a product lie in memory: in rows of a power of
// two, one after the other, as many of them as are wanted. Point i is in row
// i/length; the same place of all rows is a column. Columns are transformed
// first, then rows, which D. H. Bailey showed to be kind to memory ("FFTs in
// external or hierarchical memory", 1990).
type layout struct {
	points int // of the product
	rows   int // of the whole transform, a power of two
	wanted int // rows that are enough for the product
	length int // points in a row, a power of four
	width  int // points of a strip: the columns that are transformed together
}

const (
	minRowBits = 4
	// maxRowBits lets the rows of two operands and their roots share 1 MiB of
	// second-level cache.
	maxRowBits = 14
	// minColumnBits makes the rows fine enough that no more than 1/16 of them
	// is in vain.
	minColumnBits = 5
	// stripWords is how many words of a strip are worked on, twice: once for
	// each prime. Both are well within a second-level cache.
	stripWords = 8192
	// minStrips is how many strips there are at least for goroutines to share.
	minStrips = 16
	// parallelPoints is the count of points from which goroutines pay.
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

// Parallel reports whether products of so many points are shared out among
// goroutines.
func Parallel(points int) bool { return points >= parallelPoints }

func (l layout) strips() int { return l.length / l.width }

// values returns the count of values that are made of an operand.
func (l layout) values() int { return l.wanted * l.length }

// rootCount returns how many roots the transforms of all wanted rows read, as a
// power of two.
func (l layout) rootCount() int { return 1 << bits.Len(uint(l.values()/2-1)) }

// scratch returns how many words a goroutine needs: a strip for each prime.
func (l layout) scratch() int { return 2 * l.rows * l.width }
