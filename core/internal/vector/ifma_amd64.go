//go:build amd64 && !purego

package vector

import "github.com/pisano-dev/pisano/core/internal/ntt"

// The kernels of IFMA. They work on words of which only the lower 52 bits count:
// bounds are those of the words modulo 2^52. docs/engine.md has the formulas and the
// bounds, and ifma_model_test.go has the kernels in Go.

// ifmaSplit4 splits count blocks of 4·quarter words, one after the other, into four
// blocks each, by records in ascending order. Words in are below 8p, words out
// below 7.67p.
//
//go:noescape
func ifmaSplit4(c *constants, a *uint64, quarter, count int, records *record)

// ifmaSplit4To splits n words of each quarter of one block at src into four rows at
// dst, stride words apart. It prefetches the n words that follow in each of them.
//
//go:noescape
func ifmaSplit4To(c *constants, dst *uint64, stride int, src *uint64, quarter, n int, record *record)

// ifmaSplit4Lanes is the first pass of a row: ifmaSplit4 of one block, with the lanes'
// powers of the row's twist.
//
//go:noescape
func ifmaSplit4Lanes(c *constants, a *uint64, quarter int, record *rowRecord)

// ifmaSplitLeaves splits count leaves of 64 words into single words, transposed. z,
// y and x are the roots of the first block of the first leaf on each of its first
// three levels; the roots of the next leaves follow. Words in and out are below
// 7.67p.
//
//go:noescape
func ifmaSplitLeaves(c *constants, lanes *laneRoots, a *uint64, count int, z, y, x *factor, leaf *leafRecord)

// ifmaJoinLeaves is the inverse of ifmaSplitLeaves times 64. z, y and x are negative
// inverse roots; those of the next leaves precede them. Words in are below 3p,
// words out below 2p.
//
//go:noescape
func ifmaJoinLeaves(c *constants, lanes *laneRoots, a *uint64, count int, z, y, x *factor, leaf *leafRecord)

// ifmaJoin4 is the inverse of ifmaSplit4 times 4, by records in descending order.
// Words in and out are below 3p.
//
//go:noescape
func ifmaJoin4(c *constants, a *uint64, quarter, count int, records *record)

// ifmaJoin4From joins n words of each of four rows at src, stride words apart, to one
// block at dst. It prefetches the n words that follow in each of the rows.
//
//go:noescape
func ifmaJoin4From(c *constants, dst *uint64, quarter int, src *uint64, stride, n int, record *record)

// ifmaJoin4Lanes is the last pass of a row back: ifmaJoin4 of one block, with the
// lanes' powers of the row's twist.
//
//go:noescape
func ifmaJoin4Lanes(c *constants, a *uint64, quarter int, record *rowRecord)

// ifmaResidues reduces n points below 10^19 to residues below 3.6p, for each of the
// primes, plane words apart.
//
//go:noescape
func ifmaResidues(cs *[primeCount]constants, dst *uint64, plane int, src *uint64, n int)

// ifmaFirst4 calculates the first two levels of columns whose upper half is 0, from n
// points of each of two rows: four rows, quarter words apart, for each of the
// primes, plane words apart. Words out are below 7.67p.
//
//go:noescape
func ifmaFirst4(cs *[primeCount]constants, dst *uint64, plane, quarter int, src0, src1 *uint64, n int)

// ifmaFirst8 is ifmaFirst4 for three levels: eight rows from four. The records are those of
// block 1.
//
//go:noescape
func ifmaFirst8(cs *[primeCount]constants, records *[primeCount]record, dst *uint64, plane, eighth int, src0, src1, src2, src3 *uint64, n int)

// ifmaSplit2 sets low, high to low + f·high and low − f·high. Words in are below 8p,
// words out below 4p.
//
//go:noescape
func ifmaSplit2(c *constants, low, high *uint64, n int, f *factor)

// ifmaJoin2 sets low, high to low + high and (high − low)·f. Words in and out are
// below 3p.
//
//go:noescape
func ifmaJoin2(c *constants, low, high *uint64, n int, f *factor)

// ifmaLinear2 sets dst to f[0]·x + f[1]·y, below 3p where x and y are below 6p.
//
//go:noescape
func ifmaLinear2(c *constants, dst, x, y *uint64, n int, f *[2]factor)

// The forms of package ntt, divided by 2^52. Words in may have any
// value, words out are below 3p.

//go:noescape
func ifmaProduct(c *constants, a, b *uint64, n int)

//go:noescape
func ifmaSquare(c *constants, a, b *uint64, n int)

//go:noescape
func ifmaDoubleDown(c *constants, a, b *uint64, n int)

//go:noescape
func ifmaDoubleUp(c *constants, a, b *uint64, n int)

//go:noescape
func ifmaDoubleEven(c *constants, a, b *uint64, n int)

//go:noescape
func ifmaDoubleOdd(c *constants, a, b *uint64, n int)

// ifmaRecombine19 calculates the digits in base 10^19 of n coefficients, a multiple of
// 16, from their residues, below 3p, for each prime plane words apart. It carries
// out the digits of the next two points.
//
//go:noescape
func ifmaRecombine19(r *recombination, dst *uint64, n int, residues *uint64, plane int, carried *[2]uint64)

// ifmaRecombine18 is ifmaRecombine19 in base 10^18 or 10^17. Its result is too large by
// 9·(base^n − 1): the caller adds 9 to the lowest point and ignores the carry out
// of the highest.
//
//go:noescape
func ifmaRecombine18(r *recombination, dst *uint64, n int, residues *uint64, plane int, carried *[2]uint64)

// ifmaText writes count words, a multiple of 8, in ascending order of significance, as
// 19 digits each, of which the last is written to *last.
//
//go:noescape
func ifmaText(last *byte, words *uint64, count int)

var ifmaForms = [...]func(c *constants, a, b *uint64, n int){
	ntt.Product: ifmaProduct, ntt.Square: ifmaSquare, ntt.DoubleDown: ifmaDoubleDown,
	ntt.DoubleUp: ifmaDoubleUp, ntt.DoubleEven: ifmaDoubleEven, ntt.DoubleOdd: ifmaDoubleOdd,
}
