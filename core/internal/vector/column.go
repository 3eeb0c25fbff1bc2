package vector

import (
	"math/bits"

	"github.com/pisano-dev/pisano/core/internal/modular"
)

// column transforms the columns of a strip, in contiguous memory as rows of width
// words. It splits blocks of rows down to single rows by the truncated transform,
// which calculates only the wanted values and inverts with no others: J. van der
// Hoeven, "The truncated Fourier transform and applications" (2004).
//
// The last pass forward writes to values, and the first pass back reads from it:
// the rows of the product, stride words apart, from the strip's first column on. They
// may be the memory of the strip itself, if stride is its width.
type column struct {
	field
	width  int
	values []uint64
	stride int
}

// forward transforms the coefficients in a, block j of its level, to the rows of
// values from number row on, of which the first wanted ones are defined. Words in
// and out are bounded as those of split4.
func (c *column) forward(a []uint64, j, row, wanted int) {
	rows := len(a) / c.width
	switch {
	case wanted <= 0:
	case rows == 1:
		copyTo(c.values[row*c.stride:], a)
	case rows == 4: // includes rows that are not wanted, for which values has room
		c.kernels.split4To(&c.values[row*c.stride], c.stride, &a[0], c.width, c.width, &c.records[j])
	case bits.Len(uint(rows))%2 == 0: // 2, 8, 32 …
		half := len(a) / 2
		pieces(half, func(at, n int) { c.kernels.split2(&a[at], &a[half+at], n, &c.roots[j]) })
		c.forward(a[:half], 2*j, row, min(wanted, rows/2))
		c.forward(a[half:], 2*j+1, row+rows/2, wanted-rows/2)
	default:
		quarter := len(a) / 4
		pieces(quarter, func(at, n int) { c.kernels.split4To(&a[at], quarter, &a[at], quarter, n, &c.records[j]) })
		for i := range 4 {
			first := i * rows / 4
			c.forward(a[i*quarter:(i+1)*quarter], 4*j+i, row+first, min(wanted-first, rows/4))
		}
	}
}

// back is the inverse for block j: the first known rows, from number row on, are
// in values, and the others are in a, as coefficients times the number of rows. It
// sets all rows of a to such coefficients. Words in and out are bounded as those
// of join4.
func (c *column) back(a []uint64, j, row, known int) {
	rows := len(a) / c.width
	switch {
	case rows == 1:
		if known > 0 {
			copyTo(a, c.values[row*c.stride:][:len(a)])
		}
		return
	case known == rows && rows == 4:
		c.kernels.join4From(&a[0], c.width, &c.values[row*c.stride], c.stride, c.width, c.inverse(j))
		return
	case known == rows && bits.Len(uint(rows))%2 == 1:
		quarter := len(a) / 4
		for i := range 4 {
			c.back(a[i*quarter:(i+1)*quarter], 4*j+i, row+i*rows/4, rows/4)
		}
		pieces(quarter, func(at, n int) { c.kernels.join4From(&a[at], quarter, &a[at], quarter, n, c.inverse(j)) })
		return
	}
	half := len(a) / 2
	low, high := a[:half], a[half:]
	z := c.value(c.roots[j])
	if known <= rows/2 {
		c.halfSum(low[known*c.width:], high[known*c.width:], z)
		c.back(low, 2*j, row, known)
		c.linear(low, low, high, 2, c.Negative(z)) // low = 2·low − z·high
		return
	}
	c.back(low, 2*j, row, rows/2)
	if rest := (known - rows/2) * c.width; rest < half {
		c.linear(high[rest:], low[rest:], high[rest:], 1, c.Negative(z)) // high = low − z·high
	}
	c.back(high, 2*j+1, row+rows/2, known-rows/2)
	root := &c.zero.z[0]
	if j > 0 {
		root = &c.roots[modular.FlipBlock(j)]
	}
	pieces(half, func(at, n int) { c.kernels.join2(&low[at], &high[at], n, root) })
}

// product inverts block 0 of which the coefficients after the first known rows, more than
// half, are 0. It sets the first known rows of a to coefficients times the number of
// rows if all are known, and else times half of it; the others are not defined.
func (c *column) product(a []uint64, known int) {
	rows, half := len(a)/c.width, len(a)/2
	if known == rows {
		c.back(a, 0, 0, known)
		return
	}
	low, high, n := a[:half], a[half:], (known-rows/2)*c.width
	c.back(low, 0, 0, rows/2)
	// From there on the coefficients of the upper half are 0, so that both remainders are
	// those of the lower half.
	copy(high[n:], low[n:])
	c.leading(high, 1, rows/2, known-rows/2)
	c.linear(high[:n], low[:n], high[:n], c.P/2+1, c.P/2) // (low − high)/2
	c.linear(low[:n], low[:n], high[:n], 1, c.Negative(1))
}

// leading is back for the first known rows of a alone; the others are not defined.
func (c *column) leading(a []uint64, j, row, known int) {
	rows, half := len(a)/c.width, len(a)/2
	if known > rows/2 {
		c.back(a, j, row, known)
		return
	}
	low, high, n := a[:half], a[half:], known*c.width
	z := c.value(c.roots[j])
	c.halfSum(low[n:], high[n:], z)
	c.leading(low, 2*j, row, known)
	c.linear(low[:n], low[:n], high[:n], 2, c.Negative(z))
}

// halfSum sets low to (low + z·high)/2.
func (c *column) halfSum(low, high []uint64, z uint64) {
	c.linear(low, low, high, c.P/2+1, (z+c.P*(z&1))/2)
}

// copyTo copies src to dst, which may be the same memory.
func copyTo(dst, src []uint64) {
	if &dst[0] != &src[0] {
		copy(dst, src)
	}
}

// inverse returns the record that inverts block j.
func (c *column) inverse(j int) *record {
	if j == 0 {
		return &c.zero.record
	}
	return &c.records[modular.FlipBlock(j)]
}

// linear sets dst to f·x + g·y.
func (c *column) linear(dst, x, y []uint64, f, g uint64) {
	factors := [2]factor{c.encoded(f), c.encoded(g)}
	pieces(len(dst), func(at, n int) { c.kernels.linear2(&dst[at], &x[at], &y[at], n, &factors) })
}

// maxPass is the largest number of words of each block that one call of a kernel
// transforms, in some microseconds.
const maxPass = 1 << 13

// pieces calls do for pieces of n words in order.
func pieces(n int, do func(at, n int)) {
	for at := 0; at < n; at += maxPass {
		do(at, min(maxPass, n-at))
	}
}
