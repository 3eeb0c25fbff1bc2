package ifma

import (
	"math/bits"
	"runtime"
)

// MaxPoints is how many points a product may have.
const MaxPoints = 1 << maxOrder

// layout is how the points of a product lie in memory: in rows of a power of
// four, as many of them as are wanted. Point i is in row i/length; the same
// place of all rows is a column. Columns are transformed first, strip by strip,
// then rows.
type layout struct {
	points   int // of the product
	order    int // of the whole transform: it has 2^order points
	rowOrder int // length is 2^rowOrder
	rows     int // of the whole transform, a power of two
	wanted   int // rows that are enough for the product
	length   int // points in a row
	stride   int // words from row to row: columns do not share sets of a cache
	width    int // points of a strip: the columns that are transformed together
}

const (
	vectorWords = 8
	leafOrder   = 6
	// minColumnOrder makes the rows fine enough that no more than 1/8 of them
	// is in vain.
	minColumnOrder = 4
	maxRowOrder    = 12
	stripWords     = 2048 // of a prime
	// largePoints is the count of points from which rows and strips are larger,
	// for the sake of the second-level cache and of memory.
	largePoints      = 350_000
	maxRowOrderLarge = 14
	stripWordsLarge  = 8192

	minWidth = ways * vectorWords // of recombine19
	ways     = 2
	// There are enough strips for goroutines to share.
	minStrips         = 16
	stripsOfProcessor = 4
	// parallelPoints is the count of points from which goroutines pay.
	parallelPoints = 8192
)

func newLayout(points int) layout {
	maxRow, strip := maxRowOrder, stripWords
	if points >= largePoints {
		maxRow, strip = maxRowOrderLarge, stripWordsLarge
	}
	order := max(leafOrder, bits.Len(uint(points-1)))
	row := max(leafOrder, min(maxRow, order-minColumnOrder)&^1)
	l := layout{points: points, order: order, rowOrder: row, rows: 1 << (order - row), length: 1 << row}
	l.wanted = (points + l.length - 1) / l.length
	l.stride = l.length + vectorWords
	l.width = min(l.length, max(minWidth, strip/l.rows))
	if procs := runtime.GOMAXPROCS(0); procs > 1 && Parallel(points) {
		strips := max(minStrips, 1<<bits.Len(uint(stripsOfProcessor*procs-1)))
		l.width = min(l.width, max(2*minWidth, l.length/strips))
	}
	return l
}

// Parallel reports whether products of so many points are shared out among
// goroutines.
func Parallel(points int) bool { return points >= parallelPoints }

func (l layout) strips() int { return l.length / l.width }

// values returns how many words the values of an operand take for a prime:
// split4To writes up to three rows more than are wanted.
func (l layout) values() int { return (l.wanted + 3) * l.stride }

// plane returns the count of words of a strip.
func (l layout) plane() int { return l.rows * l.width }

// scratch returns how many words a goroutine needs: a strip for each prime and
// a row of it.
func (l layout) scratch() int { return primeCount*l.plane() + l.width }
