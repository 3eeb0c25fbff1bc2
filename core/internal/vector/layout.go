package vector

import (
	"math/bits"
	"runtime"
)

// MaxPoints is the largest number of points of a product.
const MaxPoints = 1 << maxOrder

// layout is the arrangement of the points of a product in memory: a matrix, row
// by row, of which only the rows that the product needs are stored. Point i is in
// row i/length. The columns are transformed first, strip by strip, then the rows.
type layout struct {
	points   int  // of the product
	order    int  // the full transform has 2^order points
	rowOrder int  // length is 2^rowOrder
	rows     int  // of the full transform, a power of two
	wanted   int  // rows that the product needs
	length   int  // points in a row, a power of four
	stride   int  // words from row to row, such that columns do not share sets of a cache
	width    int  // columns in a strip, which are transformed together
	parallel bool // tasks run on all processors
}

const (
	vectorWords = 8
	leafOrder   = 6
	// minColumnOrder is such that at most 1/8 of the points of the wanted rows are
	// not needed.
	minColumnOrder = 4
	maxRowOrder    = 12
	stripWords     = 2048 // of a strip for one prime
	// largePoints is the number of points from which larger rows and strips, which
	// fit a second-level cache, are faster.
	largePoints      = 350_000
	maxRowOrderLarge = 14
	stripWordsLarge  = 8192

	minWidth = ways * vectorWords // of recombine19
	ways     = 2
	// The least number of strips of a product on all processors, and for each of
	// them, unless strips would be narrower than 2·minWidth.
	minStrips         = 16
	stripsOfProcessor = 4
)

// newLayout returns the layout of a product of the given number of points in a calculation
// whose largest product has the given number.
func (s *Instructions) newLayout(points, largest int) layout {
	maxRow, strip := maxRowOrder, stripWords
	if points >= largePoints {
		maxRow, strip = maxRowOrderLarge, stripWordsLarge
	}
	order := max(leafOrder, bits.Len(uint(points-1)))
	row := max(leafOrder, min(maxRow, order-minColumnOrder)&^1)
	l := layout{points: points, parallel: s.Parallel(points, largest), order: order, rowOrder: row, rows: 1 << (order - row), length: 1 << row}
	l.wanted = (points + l.length - 1) / l.length
	l.stride = l.length + vectorWords
	if l.contiguous() {
		l.stride = l.length
	}
	l.width = min(l.length, max(minWidth, strip/l.rows))
	if l.parallel { // GOMAXPROCS takes a lock
		if procs := runtime.GOMAXPROCS(0); procs > 1 {
			strips := max(minStrips, 1<<bits.Len(uint(stripsOfProcessor*procs-1)))
			l.width = min(l.width, max(2*minWidth, l.length/strips))
		}
	}
	return l
}

// Parallel reports whether products of the given number of points run on all
// processors in a calculation whose largest product has the given number.
func (s *Instructions) Parallel(points, largest int) bool {
	return points >= s.parallel && largest >= s.long
}

// contiguous reports whether rows are leaves, which follow one another without a gap.
// All columns are then one strip, which is transformed in place.
func (l *layout) contiguous() bool { return l.rowOrder == leafOrder }

// scaleOrder returns the binary logarithm of what the transforms multiply points by: see
// column.product.
func (l *layout) scaleOrder() int {
	if l.wanted < l.rows {
		return l.order - 1
	}
	return l.order
}

func (l *layout) strips() int { return l.length / l.width }

// rowTasks returns the number of tasks that transform rows: one for each row and
// prime, or one for each prime if a task's rows are contiguous.
func (l *layout) rowTasks() int {
	if l.contiguous() {
		return primeCount
	}
	return primeCount * l.wanted
}

// values returns the number of words of a transformed operand modulo one prime:
// split4To writes up to three rows more than are wanted.
func (l *layout) values() int {
	if l.contiguous() {
		return l.plane()
	}
	return (l.wanted + 3) * l.stride
}

// plane returns the number of words of a strip for one prime.
func (l *layout) plane() int { return l.rows * l.width }

// together returns how many of the given number of consecutive rows of a strip are
// consecutive points too, which kernels take at once: all if they are contiguous.
func (l *layout) together(rows int) int {
	if l.contiguous() {
		return rows
	}
	return 1
}

// pieces returns the number of pieces of consecutive points that strips consist of.
func (l *layout) pieces() int { return l.wanted * l.strips() / l.together(l.wanted) }

// pieceLength returns the number of points in such a piece.
func (l *layout) pieceLength() int { return l.together(l.wanted) * l.width }

// scratch returns the number of words of a strip for each prime, unless it is
// transformed in place, and of the points that a kernel of the first passes takes from
// a part of it.
func (l *layout) scratch() int {
	n := max(1, l.together(l.rows/4)) * l.width
	if l.contiguous() {
		return n
	}
	return primeCount*l.plane() + n
}
